using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Keys;

/// <summary>A person ends one of their own keys; programs that use it are refused from then on.</summary>
internal static class EndKey {
    internal sealed record Command(Guid KeyId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.KeyId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string End = "UPDATE people_ApiKey SET EndedAt = @Now WHERE Id = @KeyId AND PersonId = @PersonId AND EndedAt IS NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) =>
            await db.Execute(End, new { request.KeyId, me.PersonId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
    }
}
