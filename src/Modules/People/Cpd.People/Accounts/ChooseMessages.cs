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
    internal sealed record View(IReadOnlyList<LetterKind> ToChoose, IReadOnlyList<LetterKind> Always, IReadOnlyList<string> Refused);

    /// <param name="Wanted">The others that they could have chosen are refused.</param>
    internal sealed record Command(IReadOnlyList<string> Wanted) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(LetterKinds kinds) => RuleFor(c => c.Wanted).Must(names => names.All(name => name is not null && kinds.Find(name) is { MayRefuse: true })).WithMessage("Choose from the messages on this page");
    }

    internal sealed class Reading(LetterKinds kinds, Refusals refusals, CurrentUser me) : IRequestHandler<Query, View> {
        public async Task<View> Handle(Query request, CancellationToken cancellationToken) => new(ToChoose(kinds, me), [.. kinds.All.Where(k => !k.MayRefuse)], [.. (await refusals.Of([me.PersonId], cancellationToken))[me.PersonId]]);
    }

    internal sealed class Handler(LetterKinds kinds, Refusals refusals, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            foreach (var kind in ToChoose(kinds, me)) await refusals.Set(me.PersonId, kind, !request.Wanted.Contains(kind.Name), cancellationToken);
            return Outcome.Done;
        }
    }

    static IReadOnlyList<LetterKind> ToChoose(LetterKinds kinds, CurrentUser me) => [.. kinds.All.Where(k => k.MayRefuse && (k.Permission is null || me.May(k.Permission)))];
}
