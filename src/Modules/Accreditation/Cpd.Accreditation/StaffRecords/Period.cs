using Cpd.Accreditation.Ledger;

namespace Cpd.Accreditation.StaffRecords;

/// <summary>Days from one to another, both included.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To) {
    /// <summary>What was typed, where it makes a period; else the current academic year.</summary>
    internal static Period Of(DateOnly? from, DateOnly? to, TimeProvider clock) {
        var year = AcademicYear.Current(clock);
        var period = new Period(from ?? year.First, to ?? year.Last);
        return period.From <= period.To ? period : new(year.First, year.Last);
    }
}
