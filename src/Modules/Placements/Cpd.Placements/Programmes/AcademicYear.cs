namespace Cpd.Placements.Programmes;

/// <summary>An academic year, known by the year in which it begins in September.</summary>
internal static class AcademicYear {
    /// <summary>"2026 to 2027".</summary>
    internal static string Words(int startsIn) => $"{startsIn} to {startsIn + 1}";
}
