using Cpd.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.People.SettingImports;

/// <summary>
/// Compares uploaded rows with what is known, a batch at a time. The state is in the database and each batch is one transaction under a
/// lease: a host that dies leaves the rest to the next one, and an upload that stopped halfway is said to have failed.
/// </summary>
internal sealed class ImportChecker(IServiceScopeFactory scopes, ImportSignal signal, TimeProvider clock, ILogger<ImportChecker> log) : BackgroundService {
    const int Batch = 500;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    const string FailInterrupted = """
        UPDATE people_SettingImport SET State = 'Failed', Problem = @Problem, ClaimedUntil = NULL WHERE State = 'Uploading' AND ClaimedUntil <= @Now
        """;
    const string SelectInterrupted = "SELECT COUNT(*) FROM people_SettingImport WHERE State = 'Uploading' AND ClaimedUntil <= @Now";
    const string SelectDue = """
        SELECT Id, AuthorityId, AsAt FROM people_SettingImport
        WHERE State = 'Waiting' AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        ORDER BY StartedAt, Id
        """;
    const string Claim = """
        UPDATE people_SettingImport SET ClaimedUntil = @Until, ClaimedBy = @Me
        WHERE Id = @Id AND State = 'Waiting' AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        """;
    const string Hold = "UPDATE people_SettingImport SET ClaimedUntil = @Until WHERE Id = @Id AND ClaimedBy = @Me AND State = 'Waiting'";
    const string SelectRows = """
        SELECT r.Number, r.Urn, r.Name, r.ProviderType, r.Subtype, r.Status, r.Places, r.Address, r.Town, r.Postcode, r.RegisteredOn, r.AuthorityId,
               (SELECT MIN(d.Number) FROM people_SettingImportRow d WHERE d.ImportId = r.ImportId AND d.Urn = r.Urn AND d.Verdict <> 'Refused') AS FirstNumber
        FROM people_SettingImportRow r
        WHERE r.ImportId = @Id AND r.Verdict = 'Staged'
        ORDER BY r.Number
        """;
    const string SelectKnown = """
        SELECT Id, Version, Urn, Name, ProviderType, Subtype, Status, Places, Address, Town, Postcode, RegisteredOn, AuthorityId, ClosedOn
        FROM people_Setting
        WHERE Urn IN @Urns
        """;
    const string Judge = """
        UPDATE people_SettingImportRow
        SET Verdict = @Verdict, SettingId = @SettingId, SettingVersion = @SettingVersion, Subtype = @Subtype, Status = @Status, Places = @Places, Address = @Address, Town = @Town,
            Postcode = @Postcode, RegisteredOn = @RegisteredOn, ClosedOn = @ClosedOn, Changes = @Changes, Reasons = @Reasons
        WHERE ImportId = @Id AND Number = @Number AND Verdict = 'Staged'
        """;
    const string ForgetMissing = "DELETE FROM people_SettingImportMissing WHERE ImportId = @Id";
    // Missing is what the file would hold if it were still there: of its authorities, of the types of provider it lists for each, and old enough.
    const string FindMissing = """
        INSERT INTO people_SettingImportMissing (ImportId, SettingId, SettingVersion)
        SELECT @Id, s.Id, s.Version
        FROM people_Setting s
        JOIN (SELECT DISTINCT AuthorityId, ProviderType FROM people_SettingImportRow WHERE ImportId = @Id AND Verdict IN ('New', 'Changed', 'Unchanged', 'Closed')) t
            ON t.AuthorityId = s.AuthorityId AND t.ProviderType = s.ProviderType
        WHERE s.ClosedOn IS NULL AND (s.RegisteredOn IS NULL OR s.RegisteredOn <= @AsAt)
          AND NOT EXISTS (SELECT 1 FROM people_SettingImportRow r WHERE r.ImportId = @Id AND r.Urn = s.Urn)
        """;
    const string Finish = "UPDATE people_SettingImport SET State = 'Checked', ClaimedUntil = NULL, ClaimedBy = NULL WHERE Id = @Id AND ClaimedBy = @Me AND State = 'Waiting'";

    readonly Guid me = Ids.New(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        while (!stoppingToken.IsCancellationRequested) {
            try {
                while (await CheckNext(stoppingToken)) { }
                await signal.Wait(Poll, stoppingToken);
            } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) {
                return;
            } catch (Exception e) {
                log.LogError(e, "An import of settings could not be checked; trying again");
                await Task.Delay(Poll, stoppingToken);
            }
        }
    }

    /// <summary>Checks until nothing waits; for tests.</summary>
    internal async Task Drain(CancellationToken ct) {
        while (await CheckNext(ct)) { }
    }

    /// <summary>Checks one import to its end, or for so many batches; false when none was waiting.</summary>
    internal async Task<bool> CheckNext(CancellationToken ct, int batches = int.MaxValue) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        if (await db.One<int>(SelectInterrupted, new { Now }, ct) > 0)
            await db.Write(() => db.Execute(FailInterrupted, new { Now, Problem = "The upload was interrupted. Upload the file again." }, ct), ct);

        var due = await db.One<Import>(db.Page(SelectDue), new { Now, Skip = 0, Take = 1 }, ct);
        if (due is null) return false;
        if (await db.Write(() => db.Execute(Claim, new { due.Id, Now, Until = Now + Lease, Me = me }, ct), _ => true, ct) == 0) return true;
        for (var i = 0; i < batches; i++) {
            if (!await CheckBatch(db, due, ct)) return true;
        }
        return true;
    }

    /// <summary>False when there is no more to do here: all is checked, or somebody else has it now.</summary>
    async Task<bool> CheckBatch(Db db, Import import, CancellationToken ct) => await db.Write(async () => {
        if (await db.Execute(Hold, new { import.Id, Until = Now + Lease, Me = me }, ct) == 0) return false;
        var rows = await db.List<Row>(db.Page(SelectRows), new { import.Id, Skip = 0, Take = Batch }, ct);
        if (rows.Count == 0) {
            await db.Execute(ForgetMissing, import, ct);
            await db.Execute(FindMissing, import, ct);
            await db.Execute(Finish, new { import.Id, Me = me }, ct);
            return false;
        }
        var known = (await db.List<Known>(SelectKnown, new { Urns = rows.Select(r => r.Urn).Distinct().ToList() }, ct)).ToDictionary(k => k.Urn);
        await db.Execute(Judge, rows.Select(row => Judged(import, row, known.GetValueOrDefault(row.Urn))).ToList(), ct);
        return true;
    }, _ => true, ct);

    object Judged(Import import, Row row, Known? known) {
        var facts = row.Facts();
        var reason = row.FirstNumber < row.Number ? $"The URN {row.Urn} stands in row {row.FirstNumber} already"
            : import.AuthorityId is not null && known is not null && known.AuthorityId != import.AuthorityId ? "This setting is listed under another local authority: ask a system administrator to move it"
            : null;
        var (verdict, becomes, changes) = reason is null ? SettingImport.Judge(facts, known?.Facts(), import.AsAt) : (Verdict.Refused, facts, []);
        return new {
            import.Id, row.Number, Verdict = verdict.ToString(), SettingId = reason is not null ? null : known?.Id ?? Ids.New(clock), SettingVersion = known?.Version,
            becomes.Subtype, becomes.Status, becomes.Places, becomes.Address, becomes.Town, becomes.Postcode, becomes.RegisteredOn, becomes.ClosedOn,
            Changes = changes.Count == 0 ? null : string.Join(", ", changes), Reasons = reason,
        };
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    sealed record Import {
        public Guid Id { get; init; }
        public Guid? AuthorityId { get; init; }
        public DateOnly AsAt { get; init; }
    }

    sealed record Row {
        public int Number { get; init; }
        public int FirstNumber { get; init; }
        public string Urn { get; init; } = "";
        public string? Name { get; init; }
        public string? ProviderType { get; init; }
        public string? Subtype { get; init; }
        public string? Status { get; init; }
        public int? Places { get; init; }
        public string? Address { get; init; }
        public string? Town { get; init; }
        public string? Postcode { get; init; }
        public DateOnly? RegisteredOn { get; init; }
        public Guid? AuthorityId { get; init; }

        internal SettingFacts Facts() => new() {
            Name = Name, ProviderType = ProviderType, Subtype = Subtype, Status = Status, Places = Places, Address = Address, Town = Town, Postcode = Postcode,
            RegisteredOn = RegisteredOn, AuthorityId = AuthorityId,
        };
    }

    sealed record Known {
        public Guid Id { get; init; }
        public int Version { get; init; }
        public string Urn { get; init; } = "";
        public string? Name { get; init; }
        public string? ProviderType { get; init; }
        public string? Subtype { get; init; }
        public string? Status { get; init; }
        public int? Places { get; init; }
        public string? Address { get; init; }
        public string? Town { get; init; }
        public string? Postcode { get; init; }
        public DateOnly? RegisteredOn { get; init; }
        public Guid? AuthorityId { get; init; }
        public DateOnly? ClosedOn { get; init; }

        internal SettingFacts Facts() => new() {
            Name = Name, ProviderType = ProviderType, Subtype = Subtype, Status = Status, Places = Places, Address = Address, Town = Town, Postcode = Postcode,
            RegisteredOn = RegisteredOn, AuthorityId = AuthorityId, ClosedOn = ClosedOn,
        };
    }
}
