using Cpd.People.Persons;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.StaffImports;

/// <summary>What the check has shown is done, all of it or nothing: new people are added, and they and those known already join their settings.</summary>
internal static class CommitStaffImport {
    internal sealed record Command(Guid ImportId) : IRequest<Outcome<Done>>, ILongWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.ImportId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const int ToldAtOnce = 500;
        const string Select = $"SELECT i.Id FROM people_StaffImport i WHERE i.Id = @ImportId AND {SeeStaffImport.Mine}";
        const string Commit = "UPDATE people_StaffImport SET State = 'Committed', CommittedAt = @Now WHERE Id = @ImportId AND State = 'Checked'";
        // As when somebody is added by hand: what depends on all that a person holds waits for this.
        const string HoldKnown = "UPDATE people_Person SET Version = Version WHERE Id IN (SELECT PersonId FROM people_StaffImportRow WHERE ImportId = @ImportId AND Verdict = 'Joins')";
        const string AddPeople = """
            INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version)
            SELECT PersonId, Name, NameKey, Email, EmailKey, @Now, 1 FROM people_StaffImportRow
            WHERE ImportId = @ImportId AND Verdict = 'New' AND PersonId = NewPersonId
            """;
        const string AddMemberships = $"""
            INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn)
            SELECT r.MembershipId, r.PersonId, r.SettingId, r.JobRole, r.AgeRanges, r.JoinedOn FROM people_StaffImportRow r
            JOIN people_Setting s ON s.Id = r.SettingId
            WHERE r.ImportId = @ImportId AND r.Verdict IN ('New', 'Joins') AND s.ClosedOn IS NULL AND {Within.Settings}
            """;
        const string CountExpected = "SELECT COUNT(*) FROM people_StaffImportRow WHERE ImportId = @ImportId AND Verdict IN ('New', 'Joins')";
        const string SelectTold = """
            SELECT r.Number, r.MembershipId, p.Id AS PersonId, p.Name, p.Email, s.Name AS Setting, s.AuthorityId, r.JoinedOn
            FROM people_StaffImportRow r
            JOIN people_Person p ON p.Id = r.PersonId
            JOIN people_Setting s ON s.Id = r.SettingId
            WHERE r.ImportId = @ImportId AND r.Verdict = 'Joins' AND r.Number > @After
            ORDER BY r.Number
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, SeeStaffImport.MineOf(me, request.ImportId), cancellationToken) is null) return Outcome.NotFound;
            var args = new { request.ImportId, Now = clock.GetUtcNow().UtcDateTime };
            if (await db.Execute(Commit, args, cancellationToken) == 0) return Outcome.Conflict("This import has been made or discarded already.");
            await db.Execute(HoldKnown, args, cancellationToken);
            try {
                await db.Execute(AddPeople, args, cancellationToken);
                // By reach once more: what the uploader looked after when they uploaded may no longer be theirs.
                if (await db.Execute(AddMemberships, db.In(me.Reach(PeoplePermissions.ChangePeople), args), cancellationToken) != await db.One<int>(CountExpected, args, cancellationToken))
                    return Outcome.Conflict(Stale);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict(Stale);
            }
            for (IReadOnlyList<Told>? told = null; told is not []; ) {
                told = await db.List<Told>(db.Page(SelectTold), new { request.ImportId, After = told?[^1].Number ?? -1, Skip = 0, Take = ToldAtOnce }, cancellationToken);
                await mailbox.Add(told.Select(t => AddPerson.Notice(t.MembershipId, t.PersonId, t.Name, t.Email, t.Setting, t.AuthorityId, t.JoinedOn)), cancellationToken);
            }
            return Outcome.Done;
        }

        const string Stale = "The staff or settings have changed since this file was checked. Upload the file again.";

        sealed record Told {
            public int Number { get; init; }
            public Guid MembershipId { get; init; }
            public Guid PersonId { get; init; }
            public Guid AuthorityId { get; init; }
            public string Name { get; init; } = "";
            public string Email { get; init; } = "";
            public string Setting { get; init; } = "";
            public DateOnly JoinedOn { get; init; }
        }
    }
}
