using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Messages;

/// <summary>Whoever reads a message that they may refuse says, from its link, that they want no more of its kind; or takes that back.</summary>
static class RefuseLetters {
    internal sealed record Query(string Token) : IRequest<Outcome<View>>;

    internal sealed record View(LetterKind Kind, bool IsRefused);

    internal sealed record Command(string Token, bool Refuse) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class QueryHandler(RefusalToken tokens, LetterKinds kinds, Refusals refusals) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            tokens.Read(request.Token) is { } about && kinds.Find(about.Kind) is { MayRefuse: true } kind
                ? new View(kind, (await refusals.Of([about.PersonId], cancellationToken))[about.PersonId].Contains(kind.Name)) : Outcome.NotFound;
    }

    internal sealed class CommandHandler(RefusalToken tokens, LetterKinds kinds, Refusals refusals) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (tokens.Read(request.Token) is not { } about || kinds.Find(about.Kind) is not { MayRefuse: true } kind) return Outcome.NotFound;
            await refusals.Set(about.PersonId, kind, request.Refuse, cancellationToken);
            return Outcome.Done;
        }
    }
}
