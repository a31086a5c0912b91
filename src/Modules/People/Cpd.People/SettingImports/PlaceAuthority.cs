using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>A person says which local authority a name in the file means, when the program does not know; its rows are then checked like the others.</summary>
internal static class PlaceAuthority {
    internal sealed record Command(Guid ImportId, string? Label, Guid? AuthorityId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Label).NotNull().WithMessage("Select the name in the file");
            RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority that is meant");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, ImportSignal signal) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT i.Id FROM people_SettingImport i
            WHERE i.Id = @ImportId AND {SeeImport.InReach} AND (i.AuthorityId IS NULL OR i.AuthorityId = @AuthorityId)
              AND EXISTS (SELECT 1 FROM people_Authority a WHERE a.Id = @AuthorityId)
            """;
        const string Reopen = "UPDATE people_SettingImport SET State = 'Waiting', ClaimedUntil = NULL WHERE Id = @ImportId AND State = 'Checked'";
        const string Place = """
            UPDATE people_SettingImportRow SET AuthorityId = @AuthorityId, Verdict = 'Staged' WHERE ImportId = @ImportId AND Verdict = 'Unknown' AND AuthorityLabel = @Label
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PeoplePermissions.ChangeSettings), request), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Reopen, request, cancellationToken) == 0) return Outcome.Conflict("This import is being checked, or is over.");
            if (await db.Execute(Place, request, cancellationToken) == 0) return Outcome.NotFound;
            db.AfterCommit(signal.Wake);
            return Outcome.Done;
        }
    }
}
