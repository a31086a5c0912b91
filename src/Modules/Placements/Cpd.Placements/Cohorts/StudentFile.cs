using System.Globalization;
using System.Text.RegularExpressions;
using Cpd.Platform.Web;

namespace Cpd.Placements.Cohorts;

/// <summary>A student as an institution's list has them. Days that are empty are the cohort's.</summary>
internal sealed record StudentLine(int Row, string Name, string Email, string? Reference, DateOnly? StartsOn, DateOnly? EndsOn);

/// <summary>Reads an institution's list of students, a row at a time: each is somebody, or has the reasons why not.</summary>
internal static partial class StudentFile {
    const int NameColumn = 0, EmailColumn = 1, ReferenceColumn = 2, StartsColumn = 3, EndsColumn = 4;
    static readonly HeadedFile File = new([
        new("Full name", "Name", "Student name", "Student"), new("Email address", "Email", "E-mail", "University email", "College email"),
        new("Student number", "Student ID", "Reference", "Number"), new("First day", "Start date", "From"), new("Last day", "End date", "To"),
    ], [NameColumn, EmailColumn], [NameColumn, EmailColumn], "save your list of students as CSV with the headings shown on this page");

    internal static IReadOnlyList<string> Headings => File.Headings;

    internal static async Task<(List<StudentLine> Students, List<string> Problems)> Read(Stream stream, CancellationToken ct) {
        var (students, problems) = (new List<StudentLine>(), new List<string>());
        var rows = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        await foreach (var row in File.Read(stream, ct)) {
            var reasons = new List<string>();
            if (row.Reason is not null) reasons.Add(row.Reason);
            else if (ReadRow(row, reasons) is { } student) {
                if (rows.TryAdd(student.Email, row.Number)) students.Add(student);
                else reasons.Add($"Row {rows[student.Email]} has the same email address");
            }
            problems.AddRange(reasons.Select(r => $"Row {row.Number}: {r}"));
            if (row.StopsFile) break;
        }
        if (students.Count == 0 && problems.Count == 0) problems.Add("The file has headings and no rows");
        return (students, problems);
    }

    static StudentLine? ReadRow(HeadedFile.Row row, List<string> reasons) {
        var cells = row.Cells;
        var name = HeadedFile.Text(cells[NameColumn], "The full name", 200, reasons);
        if (name.Length == 0) reasons.Add("The full name is missing");
        var email = HeadedFile.Text(cells[EmailColumn], "The email address", 320, reasons);
        if (email.Length == 0) reasons.Add("The email address is missing");
        else if (!Email().IsMatch(email)) reasons.Add($"The email address “{email}” is not in the correct format, like name@example.com");
        var reference = HeadedFile.Text(cells[ReferenceColumn], "The student number", 50, reasons);
        var starts = Day(cells[StartsColumn], "The first day", reasons);
        var ends = Day(cells[EndsColumn], "The last day", reasons);
        if (starts > ends) reasons.Add("The last day is before the first");
        return reasons.Count > 0 ? null : new(row.Number, name, email, reference.Length == 0 ? null : reference, starts, ends);
    }

    static DateOnly? Day(string cell, string what, List<string> reasons) {
        var text = HeadedFile.Clean(cell);
        if (text.Length == 0) return null;
        if (DateOnly.TryParseExact(text, ["d'/'M'/'yyyy", "yyyy'-'MM'-'dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        reasons.Add($"{what} “{text}” is not a real date; use DD/MM/YYYY");
        return null;
    }

    [GeneratedRegex(@"^[^@\s\p{C}<>,;]+@[^@\s\p{C}<>,;]+\.[^@\s\p{C}<>,;.]+\z")]
    internal static partial Regex Email();
}
