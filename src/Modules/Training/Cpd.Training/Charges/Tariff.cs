using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Training.Changes;

namespace Cpd.Training.Charges;

internal enum ChargeKind { LateCancellation, NoShow }

/// <summary>Due; waived by an officer; or lapsed, because the register was corrected: they came.</summary>
internal enum ChargeState { Due, Waived, Lapsed }

/// <summary>From so many hours before the session starts, cancelling costs so much.</summary>
internal sealed record ChargeStep(int HoursBefore, int Pence);

/// <summary>What cancelling and not coming cost someone, by the table that was in force on the day they were booked.</summary>
internal sealed record ChargeTerms(IReadOnlyList<ChargeStep> Steps, int NoShowPence) {
    internal static readonly ChargeTerms None = new([], 0);

    internal bool IsFree => Steps.Count == 0 && NoShowPence == 0;

    /// <summary>What cancelling costs at a moment: by the last step that has begun.</summary>
    internal int For(DateTime startsAt, DateTime at) => Steps.Where(s => at >= startsAt.AddHours(-s.HoursBefore)).MinBy(s => s.HoursBefore)?.Pence ?? 0;

    /// <summary>The terms for one session, in the order of time; empty when nothing is ever charged.</summary>
    internal IReadOnlyList<string> Words(DateTime startsAt) {
        if (IsFree) return [];
        var words = new List<string>();
        var steps = Steps.OrderByDescending(s => s.HoursBefore).ToList();
        words.Add(steps.Count == 0 ? "Cancelling is free until the session starts" : $"Cancelling is free before {Show.DateAndTime(startsAt.AddHours(-steps[0].HoursBefore))}");
        words.AddRange(steps.Select(s => $"From {Show.DateAndTime(startsAt.AddHours(-s.HoursBefore))} cancelling costs {Show.Money(s.Pence)}"));
        words.Add(NoShowPence == 0 ? "Not coming without cancelling costs nothing" : $"Not coming without cancelling costs {Show.Money(NoShowPence)}");
        words.Add("A colleague can take the place instead, and nothing is charged");
        return words;
    }
}

/// <summary>What an authority has said of changes and charges, as it applies to a booking.</summary>
internal sealed class Tariff(Db db) {
    const string SelectRules = "SELECT LateHours, SubstituteHours, SelfSubstitutes, ReleasePercent FROM training_ChangeRule WHERE AuthorityId = @AuthorityId";
    const string SelectTable = """
        SELECT Id, NoShowPence
        FROM training_ChargeTable
        WHERE AuthorityId = @AuthorityId AND ValidFrom <= @On
        ORDER BY ValidFrom DESC, Id
        """;
    const string SelectSteps = "SELECT HoursBefore, Pence FROM training_ChargeStep WHERE TableId = @Id ORDER BY HoursBefore DESC";

    internal async Task<ChangeRules> Rules(Guid authorityId, CancellationToken ct) =>
        await db.One<RuleRow>(SelectRules, new { AuthorityId = authorityId }, ct) is { } row ? new(row.LateHours, row.SubstituteHours, row.SelfSubstitutes, row.ReleasePercent) : ChangeRules.Default;

    /// <summary>By the table of the day on which someone was booked: what is said afterwards does not change what they were told.</summary>
    /// <param name="authorityId">The session's.</param>
    internal async Task<ChargeTerms> Terms(Guid authorityId, DateTime bookedAt, CancellationToken ct) {
        if (await db.One<TableRow>(SelectTable, new { AuthorityId = authorityId, On = London.Day(bookedAt) }, ct) is not { } table) return ChargeTerms.None;
        return new([.. (await db.List<StepRow>(SelectSteps, new { table.Id }, ct)).Select(s => new ChargeStep(s.HoursBefore, s.Pence))], table.NoShowPence);
    }

    sealed record RuleRow {
        public int LateHours { get; init; }
        public int SubstituteHours { get; init; }
        public bool SelfSubstitutes { get; init; }
        public int ReleasePercent { get; init; }
    }

    sealed record TableRow {
        public Guid Id { get; init; }
        public int NoShowPence { get; init; }
    }

    internal sealed record StepRow {
        public int HoursBefore { get; init; }
        public int Pence { get; init; }
    }
}
