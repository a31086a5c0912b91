using System.Text.Json;
using Cpd.People.Settings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>
/// An officer (for their authority) or administrator (for all) uploads Ofsted's list. Rows are staged in batches while the file is still
/// arriving, so a national list needs no more memory than a small one; nothing is changed before they have seen what would be.
/// </summary>
internal static class UploadSettings {
    const int Batch = 500;
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    // Not an IWrite: a transaction must not wait for somebody's network. Each batch is one.
    /// <param name="AuthorityId">An officer of one authority may leave it out; an administrator who does imports for all.</param>
    /// <param name="AsAt">The day on which the list was true, as its title says.</param>
    internal sealed record Command(Guid? AuthorityId, DateOnly? AsAt, string? FileName, Stream? SettingsFile) : IRequest<Outcome<Guid>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(TimeProvider clock) {
            RuleFor(c => c.AsAt).NotNull().WithMessage("Enter the date of the list").GreaterThanOrEqualTo(new DateOnly(2008, 9, 1)).WithMessage("The date of the list must be after September 2008")
                .Must(day => day is null || day <= London.Today(clock)).WithMessage("The date of the list must be today or in the past");
            RuleFor(c => c.SettingsFile).NotNull().WithMessage("Select a CSV file");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, ImportSignal signal, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string SelectAuthorities = "SELECT OnsCode, Id FROM people_Authority";
        const string Insert = """
            INSERT INTO people_SettingImport (Id, AuthorityId, StartedBy, FileName, AsAt, State, RowsStaged, StartedAt, ClaimedUntil)
            VALUES (@Id, @AuthorityId, @By, @FileName, @AsAt, 'Uploading', 0, @Now, @Until)
            """;
        const string InsertRow = """
            INSERT INTO people_SettingImportRow (ImportId, Number, Verdict, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode,
                RegisteredOn, AuthorityLabel, AuthorityId, Reasons, Cells)
            VALUES (@ImportId, @Number, @Verdict, @Urn, @UrnKind, @Name, @NameKey, @ProviderType, @Subtype, @Status, @Places, @Address, @Town, @Postcode,
                @RegisteredOn, @AuthorityLabel, @AuthorityId, @Reasons, @Cells)
            """;
        const string CountRows = "UPDATE people_SettingImport SET RowsStaged = RowsStaged + @Rows, ClaimedUntil = @Until WHERE Id = @Id AND State = 'Uploading'";
        const string Finish = "UPDATE people_SettingImport SET State = @State, Problem = @Problem, ClaimedUntil = NULL WHERE Id = @Id AND State = 'Uploading'";
        const string DeleteRows = "DELETE FROM people_SettingImportRow WHERE ImportId = @Id";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangeSettings);
            var authority = request.AuthorityId ?? (reach is { All: false, Authorities: [var only] } ? only : null);
            if (!reach.All && authority is null) return Outcome.Invalid(nameof(Command.AuthorityId), "Select the local authority");
            if (!reach.All && !reach.Authorities.Contains(authority!.Value)) return Outcome.NotFound;

            var byCode = (await db.List<AuthorityRow>(SelectAuthorities, null, cancellationToken)).ToDictionary(a => a.OnsCode, a => a.Id);
            var id = Ids.New(clock);
            var name = Path.GetFileName(request.FileName ?? "");
            await db.Write(() => db.Execute(Insert, new {
                Id = id, AuthorityId = authority, By = me.PersonId, FileName = name[..Math.Min(name.Length, 200)], request.AsAt, Now, Until = Now + Lease,
            }, cancellationToken), cancellationToken);

            var batch = new List<Row>(Batch);
            var any = false;
            await foreach (var line in OfstedFile.Read(request.SettingsFile!, cancellationToken)) {
                if (line.StopsFile) return await Fail(id, $"Row {line.Row}: {line.Reasons[0]}", cancellationToken);
                any = true;
                batch.Add(Stage(id, authority, line, byCode));
                if (batch.Count == Batch) await Flush(id, batch, cancellationToken);
            }
            if (!any) return await Fail(id, "The file has headings and no rows", cancellationToken);
            await Flush(id, batch, cancellationToken);
            await db.Write(() => {
                db.AfterCommit(signal.Wake);
                return db.Execute(Finish, new { Id = id, State = nameof(ImportState.Waiting), Problem = (string?)null }, cancellationToken);
            }, cancellationToken);
            return id;
        }

        async Task Flush(Guid id, List<Row> batch, CancellationToken ct) {
            if (batch.Count == 0) return;
            await db.Write(async () => {
                await db.Execute(InsertRow, batch, ct);
                await db.Execute(CountRows, new { Id = id, Rows = batch.Count, Until = Now + Lease }, ct);
            }, ct);
            batch.Clear();
        }

        /// <summary>What was read of a file that cannot be read to its end must not pass for the whole list.</summary>
        async Task<Outcome<Guid>> Fail(Guid id, string problem, CancellationToken ct) {
            await db.Write(async () => {
                await db.Execute(DeleteRows, new { Id = id }, ct);
                await db.Execute(Finish, new { Id = id, State = nameof(ImportState.Failed), Problem = problem[..Math.Min(problem.Length, 500)] }, ct);
            }, ct);
            return Outcome.Invalid(nameof(Command.SettingsFile), problem);
        }

        static Row Stage(Guid importId, Guid? mine, OfstedFile.Line line, Dictionary<string, Guid> byCode) {
            if (line.Setting is not { } setting) {
                // A row that is refused still says that its setting is in the file: it must not be taken for closed.
                var urn = line.Cells.Count > 0 ? Urn.Read(line.Cells[0]) : null;
                return new Row { ImportId = importId, Number = line.Row, Verdict = nameof(Verdict.Refused), Urn = urn?.Text, Reasons = Reasons(line.Reasons), Cells = JsonSerializer.Serialize(line.Cells) };
            }
            var authority = AuthorityNames.Match(setting.AuthorityName) is { } known ? byCode[known.OnsCode] : (Guid?)null;
            var verdict = authority is null ? Verdict.Unknown : mine is not null && authority != mine ? Verdict.Elsewhere : Verdict.Staged;
            return new Row {
                ImportId = importId, Number = line.Row, Verdict = verdict.ToString(), Urn = setting.Urn, UrnKind = setting.UrnKind.ToString(), Name = setting.Name, NameKey = NameKey.Of(setting.Name),
                ProviderType = setting.ProviderType, Subtype = setting.Subtype, Status = setting.Status, Places = setting.Places,
                Address = setting.AddressLines.Count == 0 ? null : string.Join(", ", setting.AddressLines), Town = setting.Town, Postcode = setting.Postcode,
                RegisteredOn = setting.RegisteredOn, AuthorityLabel = setting.AuthorityName ?? "", AuthorityId = authority,
            };
        }

        static string Reasons(IReadOnlyList<string> reasons) => string.Join(". ", reasons) is var text ? text[..Math.Min(text.Length, 2000)] : "";

        DateTime Now => clock.GetUtcNow().UtcDateTime;

        sealed record AuthorityRow {
            public string OnsCode { get; init; } = "";
            public Guid Id { get; init; }
        }

        sealed record Row {
            public Guid ImportId { get; init; }
            public int Number { get; init; }
            public string Verdict { get; init; } = "";
            public string? Urn { get; init; }
            public string? UrnKind { get; init; }
            public string? Name { get; init; }
            public string? NameKey { get; init; }
            public string? ProviderType { get; init; }
            public string? Subtype { get; init; }
            public string? Status { get; init; }
            public int? Places { get; init; }
            public string? Address { get; init; }
            public string? Town { get; init; }
            public string? Postcode { get; init; }
            public DateOnly? RegisteredOn { get; init; }
            public string? AuthorityLabel { get; init; }
            public Guid? AuthorityId { get; init; }
            public string? Reasons { get; init; }
            public string? Cells { get; init; }
        }
    }
}
