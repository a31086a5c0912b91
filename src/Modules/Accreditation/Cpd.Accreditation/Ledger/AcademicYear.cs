using System.Globalization;
using Cpd.Platform.Web;

namespace Cpd.Accreditation.Ledger;

/// <summary>The year in which settings and schools count: 1 September to 31 August, named by the calendar year in which it begins.</summary>
internal readonly record struct AcademicYear(int Begins) {
    internal DateOnly First => new(Begins, 9, 1);
    internal DateOnly Last => new(Begins + 1, 8, 31);
    /// <summary>"2026 to 2027".</summary>
    internal string Words => string.Create(CultureInfo.InvariantCulture, $"{Begins} to {Begins + 1}");

    internal static AcademicYear Of(DateOnly day) => new(day.Month >= 9 ? day.Year : day.Year - 1);
    internal static AcademicYear Current(TimeProvider clock) => Of(London.Today(clock));
}

/// <summary>Time spent, as it is added up everywhere.</summary>
internal sealed record Totals(int Entries, int Minutes, int ParticipatoryMinutes) {
    public int OtherMinutes => Minutes - ParticipatoryMinutes;
}
