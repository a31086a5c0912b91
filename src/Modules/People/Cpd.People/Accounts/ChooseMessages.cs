using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>A person says which messages they want. What their own bookings, duties, certificates and account need always comes.</summary>
internal static class ChooseMessages {
    internal sealed record Query : IRequest<View>;

    /// <param name="ToChoose">Those of the kinds that may be refused that a person with their roles is sent.</param>
    internal sealed record View(IReadOnlyList<LetterKind> ToChoose, IReadOnlyList<LetterKind> Always, IReadOnlyList<string> Unwanted);

    /// <param name="Wanted">The others that they could have chosen are refused.</param>
    internal sealed record Command(IReadOnlyList<string> Wanted) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(LetterKinds kinds) => RuleFor(c => c.Wanted).Must(names => names.All(name => name is not null && kinds.Find(name) is { MayRefuse: true })).WithMessage("Choose from the messages on this page");
    }

    internal sealed class Reading(LetterKinds kinds, UnwantedMessages unwanted, CurrentUser me) : IRequestHandler<Query, View> {
        public async Task<View> Handle(Query request, CancellationToken cancellationToken) => new(ToChoose(kinds, me), [.. kinds.All.Where(k => !k.MayRefuse)], await unwanted.Of(me.PersonId, cancellationToken));
    }

    internal sealed class Handler(LetterKinds kinds, UnwantedMessages unwanted, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await unwanted.Remove(me.PersonId, request.Wanted.Distinct(), cancellationToken);
            await unwanted.Add(me.PersonId, ToChoose(kinds, me).Select(k => k.Name).Except(request.Wanted), cancellationToken);
            return Outcome.Done;
        }
    }

    static IReadOnlyList<LetterKind> ToChoose(LetterKinds kinds, CurrentUser me) => [.. kinds.All.Where(k => k.MayRefuse && (k.Permission is null || me.May(k.Permission)))];
}
