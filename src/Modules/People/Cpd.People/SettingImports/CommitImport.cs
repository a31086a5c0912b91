using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>What the check has shown is done, all of it or nothing: new settings are added, changed ones changed, missing ones closed.</summary>
internal static class CommitImport {
    internal sealed record Command(Guid ImportId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.ImportId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT i.AsAt FROM people_SettingImport i WHERE i.Id = @ImportId AND {SeeImport.InReach}";
        const string Commit = "UPDATE people_SettingImport SET State = 'Committed', CommittedAt = @Now, CommittedBy = @By WHERE Id = @ImportId AND State = 'Checked'";
        const string CountStale = """
            SELECT COUNT(*) FROM people_SettingImportRow r JOIN people_Setting s ON s.Id = r.SettingId
            WHERE r.ImportId = @ImportId AND r.Verdict = 'Unchanged' AND s.Version <> r.SettingVersion
            """;
        // What each statement below must find as it was checked; another import that was made meanwhile has raised versions or taken URNs.
        const string CountExpected = """
            SELECT (SELECT COUNT(*) FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.Verdict IN ('Changed', 'Closed')) AS Changes,
                   (SELECT COUNT(*) FROM people_SettingImportMissing m WHERE m.ImportId = @ImportId) AS Closings
            """;
        const string Add = """
            INSERT INTO people_Setting (Id, AuthorityId, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode, RegisteredOn, ClosedOn, Version)
            SELECT SettingId, AuthorityId, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode, RegisteredOn, ClosedOn, 1
            FROM people_SettingImportRow
            WHERE ImportId = @ImportId AND Verdict = 'New'
            """;
        // One look-up a column, by an index: the form of an UPDATE from another table that both engines have.
        const string Change = """
            UPDATE people_Setting
            SET AuthorityId = (SELECT r.AuthorityId FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Name = (SELECT r.Name FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                NameKey = (SELECT r.NameKey FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                ProviderType = (SELECT r.ProviderType FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Subtype = (SELECT r.Subtype FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Status = (SELECT r.Status FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Places = (SELECT r.Places FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Address = (SELECT r.Address FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Town = (SELECT r.Town FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Postcode = (SELECT r.Postcode FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                RegisteredOn = (SELECT r.RegisteredOn FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                ClosedOn = (SELECT r.ClosedOn FROM people_SettingImportRow r WHERE r.ImportId = @ImportId AND r.SettingId = people_Setting.Id),
                Version = Version + 1
            WHERE EXISTS (SELECT 1 FROM people_SettingImportRow c
                WHERE c.ImportId = @ImportId AND c.SettingId = people_Setting.Id AND c.Verdict IN ('Changed', 'Closed') AND c.SettingVersion = people_Setting.Version)
            """;
        const string Close = """
            UPDATE people_Setting SET Status = 'Closed', ClosedOn = @AsAt, Version = Version + 1
            WHERE EXISTS (SELECT 1 FROM people_SettingImportMissing m
                WHERE m.ImportId = @ImportId AND m.SettingId = people_Setting.Id AND m.SettingVersion = people_Setting.Version)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var asAt = await db.One<DateOnly?>(Select, db.In(me.Reach(PeoplePermissions.ChangeSettings), request), cancellationToken);
            if (asAt is null) return Outcome.NotFound;
            var args = new { request.ImportId, AsAt = asAt, By = me.PersonId, Now = clock.GetUtcNow().UtcDateTime };
            if (await db.Execute(Commit, args, cancellationToken) == 0) return Outcome.Conflict("This import is not ready to be made, or has been made already.");
            if (await db.One<int>(CountStale, args, cancellationToken) > 0) return Outcome.Conflict(Stale);
            var expected = (await db.One<Expected>(CountExpected, args, cancellationToken))!;
            try {
                await db.Execute(Add, args, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict(Stale);
            }
            return await db.Execute(Change, args, cancellationToken) == expected.Changes && await db.Execute(Close, args, cancellationToken) == expected.Closings
                ? Outcome.Done : Outcome.Conflict(Stale);
        }

        const string Stale = "The list of settings has changed since this file was checked. Upload the file again.";

        sealed record Expected {
            public int Changes { get; init; }
            public int Closings { get; init; }
        }
    }
}
