namespace Cpd.Placements.Programmes;

/// <summary>An academic year, known by the year in which it begins in September.</summary>
internal static class AcademicYear {
    /// <summary>"2026 to 2027".</summary>
    internal static string Words(int startsIn) => $"{startsIn} to {startsIn + 1}";

    /// <summary>The one in which a day lies.</summary>
    internal static int Of(DateOnly day) => day.Month >= 9 ? day.Year : day.Year - 1;

    internal static DateOnly FirstDay(int startsIn) => new(startsIn, 9, 1);

    internal static DateOnly LastDay(int startsIn) => new(startsIn + 1, 8, 31);
}
