using System.Text.Json;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.StaffImports;

/// <summary>Uploading → Checked → Committed or Discarded; Failed when the file could not be read to its end.</summary>
internal enum StaffImportState { Uploading, Checked, Committed, Discarded, Failed }

/// <summary>What is to become of a row. Joins: somebody who is known already is new at the setting. Unchanged: they work there already.</summary>
internal enum StaffVerdict { Staged, New, Joins, Unchanged, Refused }

/// <summary>
/// A manager uploads the staff of their setting, an officer those of all their settings. Rows are staged while the file arrives, and then
/// compared with who is known, in the database; nothing is changed before they have seen what would be.
/// </summary>
internal static class UploadStaff {
    const int Batch = 1_000;

    // Not an IWrite: a transaction must not wait for somebody's network. Each batch and each comparison is one.
    internal sealed record Command(string? FileName, Stream? StaffFile) : IRequest<Outcome<Guid>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.StaffFile).NotNull().WithMessage("Select a CSV file");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = "INSERT INTO people_StaffImport (Id, StartedBy, FileName, State, StartedAt) VALUES (@Id, @By, @FileName, 'Uploading', @Now)";
        const string InsertRow = """
            INSERT INTO people_StaffImportRow (ImportId, Number, Verdict, Urn, Name, NameKey, Email, EmailKey, PersonKey, JobRole, AgeRanges, JoinedOn, NewPersonId, MembershipId, Reasons, Cells)
            VALUES (@ImportId, @Number, @Verdict, @Urn, @Name, @NameKey, @Email, @EmailKey, @PersonKey, @JobRole, @AgeRanges, @JoinedOn, @NewPersonId, @MembershipId, @Reasons, @Cells)
            """;
        const string Finish = "UPDATE people_StaffImport SET State = @State WHERE Id = @Id AND State = 'Uploading'";
        const string DeleteRows = "DELETE FROM people_StaffImportRow WHERE ImportId = @Id";

        const string FindSettings = $"""
            UPDATE people_StaffImportRow
            SET SettingId = (SELECT s.Id FROM people_Setting s WHERE s.Urn = people_StaffImportRow.Urn AND s.ClosedOn IS NULL AND {Within.Settings})
            WHERE ImportId = @Id AND Verdict = 'Staged'
            """;
        const string RefuseUnknown = """
            UPDATE people_StaffImportRow SET Verdict = 'Refused', Reasons = 'None of the open settings that you look after has this URN'
            WHERE ImportId = @Id AND Verdict = 'Staged' AND SettingId IS NULL
            """;
        const string RefuseDoubles = """
            UPDATE people_StaffImportRow SET Verdict = 'Refused', Reasons = 'An earlier row has the same person at this setting'
            WHERE ImportId = @Id AND Verdict = 'Staged' AND EXISTS (SELECT 1 FROM people_StaffImportRow e
                WHERE e.ImportId = @Id AND e.PersonKey = people_StaffImportRow.PersonKey AND e.SettingId = people_StaffImportRow.SettingId AND e.Number < people_StaffImportRow.Number)
            """;
        const string FindKnown = """
            UPDATE people_StaffImportRow SET Verdict = 'Joins', PersonId = (SELECT p.Id FROM people_Person p WHERE p.EmailKey = people_StaffImportRow.EmailKey)
            WHERE ImportId = @Id AND Verdict = 'Staged' AND EmailKey IS NOT NULL AND EXISTS (SELECT 1 FROM people_Person p WHERE p.EmailKey = people_StaffImportRow.EmailKey)
            """;
        const string LeaveThose = """
            UPDATE people_StaffImportRow SET Verdict = 'Unchanged'
            WHERE ImportId = @Id AND Verdict = 'Joins' AND EXISTS (SELECT 1 FROM people_Membership m
                WHERE m.SettingId = people_StaffImportRow.SettingId AND m.PersonId = people_StaffImportRow.PersonId AND m.LeftOn IS NULL)
            """;
        // Who has no address is known by their name at their setting, so that the same list twice makes nobody twice.
        const string LeaveNamesakes = """
            UPDATE people_StaffImportRow SET Verdict = 'Unchanged'
            WHERE ImportId = @Id AND Verdict = 'Staged' AND EmailKey IS NULL AND EXISTS (SELECT 1 FROM people_Membership m JOIN people_Person p ON p.Id = m.PersonId
                WHERE m.SettingId = people_StaffImportRow.SettingId AND m.LeftOn IS NULL AND p.NameKey = people_StaffImportRow.NameKey)
            """;
        const string MakeNew = "UPDATE people_StaffImportRow SET Verdict = 'New', PersonId = NewPersonId WHERE ImportId = @Id AND Verdict = 'Staged'";
        // Somebody new at two settings is one person: whom their first row makes. Of the rows that mean somebody new, the others are refused.
        const string MakeOnce = """
            UPDATE people_StaffImportRow SET PersonId = (SELECT e.NewPersonId FROM people_StaffImportRow e
                WHERE e.ImportId = @Id AND e.PersonKey = people_StaffImportRow.PersonKey AND e.Verdict <> 'Refused' AND NOT EXISTS (SELECT 1 FROM people_StaffImportRow f
                    WHERE f.ImportId = @Id AND f.PersonKey = e.PersonKey AND f.Verdict <> 'Refused' AND f.Number < e.Number))
            WHERE ImportId = @Id AND Verdict = 'New' AND EXISTS (SELECT 1 FROM people_StaffImportRow f
                WHERE f.ImportId = @Id AND f.PersonKey = people_StaffImportRow.PersonKey AND f.Verdict <> 'Refused' AND f.Number < people_StaffImportRow.Number)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var id = Ids.New(clock);
            var name = Path.GetFileName(request.FileName ?? "");
            await Write(Insert, new { Id = id, By = me.PersonId, FileName = name[..Math.Min(name.Length, 200)], Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);

            var batch = new List<Row>(Batch);
            var any = false;
            await foreach (var line in StaffFile.Read(request.StaffFile!, London.Today(clock), cancellationToken)) {
                if (line.StopsFile) return await Fail(id, $"Row {line.Row}: {line.Reasons[0]}", cancellationToken);
                any = true;
                batch.Add(Stage(id, line));
                if (batch.Count < Batch) continue;
                await Write(InsertRow, batch, cancellationToken);
                batch.Clear();
            }
            if (!any) return await Fail(id, "The file has headings and no rows", cancellationToken);
            await Write(InsertRow, batch, cancellationToken);

            var reach = db.In(me.Reach(PeoplePermissions.ChangePeople), new { Id = id });
            await Write(FindSettings, reach, cancellationToken);
            foreach (var comparison in (string[])[RefuseUnknown, RefuseDoubles, FindKnown, LeaveThose, LeaveNamesakes, MakeNew, MakeOnce]) await Write(comparison, new { Id = id }, cancellationToken);
            await Write(Finish, new { Id = id, State = nameof(StaffImportState.Checked) }, cancellationToken);
            return id;
        }

        Task Write(string sql, object args, CancellationToken ct) => db.Write(() => db.Execute(sql, args, ct), ct);

        /// <summary>What was read of a file that cannot be read to its end must not pass for the whole list.</summary>
        async Task<Outcome<Guid>> Fail(Guid id, string problem, CancellationToken ct) {
            await Write(DeleteRows, new { Id = id }, ct);
            await Write(Finish, new { Id = id, State = nameof(StaffImportState.Failed) }, ct);
            return Outcome.Invalid(nameof(Command.StaffFile), problem);
        }

        Row Stage(Guid importId, StaffFile.Line line) {
            if (line.Person is not { } person) {
                var reasons = string.Join(". ", line.Reasons);
                return new Row { ImportId = importId, Number = line.Row, Verdict = nameof(StaffVerdict.Refused), Reasons = reasons[..Math.Min(reasons.Length, 2000)], Cells = JsonSerializer.Serialize(line.Cells) };
            }
            var (nameKey, emailKey) = (NameKey.Of(person.Name), person.Email is null ? null : NameKey.OfEmail(person.Email));
            return new Row {
                ImportId = importId, Number = line.Row, Verdict = nameof(StaffVerdict.Staged), Urn = person.Urn, Name = person.Name, NameKey = nameKey, Email = person.Email, EmailKey = emailKey,
                PersonKey = emailKey ?? $"{person.Urn} {nameKey}", JobRole = person.Job.ToString(), AgeRanges = (int)person.Ages, JoinedOn = person.JoinedOn,
                NewPersonId = Ids.New(clock), MembershipId = Ids.New(clock),
            };
        }

        sealed record Row {
            public Guid ImportId { get; init; }
            public int Number { get; init; }
            public string Verdict { get; init; } = "";
            public string? Urn { get; init; }
            public string? Name { get; init; }
            public string? NameKey { get; init; }
            public string? Email { get; init; }
            public string? EmailKey { get; init; }
            public string? PersonKey { get; init; }
            public string? JobRole { get; init; }
            public int? AgeRanges { get; init; }
            public DateOnly? JoinedOn { get; init; }
            public Guid? NewPersonId { get; init; }
            public Guid? MembershipId { get; init; }
            public string? Reasons { get; init; }
            public string? Cells { get; init; }
        }
    }
}
