using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>A person writes what an entry of their record meant to them, for their own eyes, and where the evidence is.</summary>
internal static class Reflect {
    internal const int Longest = 10_000;
    internal const string ChangedMeanwhile = "This entry was changed in another window after you opened it. Copy what you have written, open the entry again and save it there";

    internal sealed record Command(Guid Id, int Version, string? Reflection, string? Evidence) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Reflection).MaximumLength(Longest).WithMessage("Your reflection must be 10,000 characters or fewer");
            RuleFor(c => c.Evidence).MaximumLength(500).WithMessage("Evidence must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, IMediator mediator) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE accreditation_Entry SET Reflection = @Reflection, Evidence = @Evidence, Version = Version + 1
            WHERE Id = @Id AND PersonId = @Me AND WithdrawnAt IS NULL AND Version = @Version
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var changed = await db.Execute(Update, new { request.Id, Me = me.PersonId, request.Version, Reflection = request.Reflection.Cut(), Evidence = request.Evidence.Cut() }, cancellationToken);
            if (changed == 1) return Outcome.Done;
            return (await mediator.Send(new OpenEntry.Query(request.Id), cancellationToken)).Refusal ?? Outcome.Conflict(ChangedMeanwhile);
        }
    }
}
