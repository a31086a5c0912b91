using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Cpd.People.Contracts;
using Cpd.People.Settings;
using Cpd.Platform.Web;
using static Cpd.Platform.Web.HeadedFile;

namespace Cpd.People.StaffImports;

/// <summary>Somebody at a setting, as a manager's or authority's list of staff has them. Null = blank in the file.</summary>
internal sealed record StaffLine(string Urn, string Name, string? Email, JobRole Job, AgeRanges Ages, DateOnly JoinedOn);

/// <summary>Reads a list of staff, a row at a time.</summary>
internal static partial class StaffFile {
    /// <summary>One row of the file that is somebody, or the reasons why it is not.</summary>
    /// <param name="Person">Null exactly when there are reasons.</param>
    internal sealed record Line(int Row, StaffLine? Person, IReadOnlyList<string> Reasons, IReadOnlyList<string> Cells, bool StopsFile = false);

    static readonly HeadedFile File = new([
        new("Setting URN", "URN", "Ofsted URN", "Provider URN", "Ofsted number"),
        new("Full name", "Name", "Staff name", "Staff member"),
        new("Email address", "Email", "E-mail", "E-mail address", "Work email"),
        new("Job", "Job role", "Role", "Position", "Job title"),
        new("Ages", "Age range", "Age ranges", "Works with"),
        new("Date joined", "Joined", "Joined on", "Start date", "Date started"),
    ], [UrnColumn, NameColumn, JobColumn, JoinedColumn], [UrnColumn, NameColumn], "save your list of staff as CSV with the headings shown on this page");
    const int UrnColumn = 0, NameColumn = 1, EmailColumn = 2, JobColumn = 3, AgesColumn = 4, JoinedColumn = 5;

    static readonly Dictionary<string, JobRole> Jobs = Enum.GetValues<JobRole>().SelectMany(j => (string[])[Wording.Of(j), j.ToString()])
        .Select(Column.Key).Distinct().ToDictionary(k => k, k => Enum.GetValues<JobRole>().First(j => Column.Key(Wording.Of(j)) == k || Column.Key(j.ToString()) == k));

    /// <summary>In the order of <see cref="Line.Cells"/>.</summary>
    internal static IReadOnlyList<string> Headings { get; } = File.Headings;

    /// <param name="today">In London: nobody is entered more than a year ahead.</param>
    internal static async IAsyncEnumerable<Line> Read(Stream stream, DateOnly today, [EnumeratorCancellation] CancellationToken ct) {
        await foreach (var row in File.Read(stream, ct)) {
            yield return row.Reason is { } reason ? new Line(row.Number, null, [reason], row.Cells, row.StopsFile) : ReadRow(row, today);
        }
    }

    static Line ReadRow(Row row, DateOnly today) {
        List<string> reasons = [];
        var cells = row.Cells;
        var urn = Urn.Read(cells[UrnColumn]);
        if (urn is null) reasons.Add(Clean(cells[UrnColumn]) is { Length: > 0 } written ? $"The setting's URN {Quote(written)} is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits" : "The setting's URN is missing");
        var name = Text(cells[NameColumn], "The full name", 200, reasons);
        if (name.Length == 0) reasons.Add("The full name is missing");
        var email = Text(cells[EmailColumn], "The email address", 320, reasons);
        if (email.Length > 0 && !Email().IsMatch(email)) reasons.Add($"The email address {Quote(email)} is not in the correct format, like name@example.com");
        var job = Clean(cells[JobColumn]);
        if (job.Length == 0) reasons.Add("The job is missing");
        else if (!Jobs.ContainsKey(Column.Key(job))) reasons.Add($"The job {Quote(job)} is not one of {string.Join(", ", Enum.GetValues<JobRole>().Select(Wording.Of))}");
        var ages = ReadAges(cells[AgesColumn], reasons);
        var joined = ReadDate(cells[JoinedColumn], today, reasons);
        return reasons.Count > 0 ? new Line(row.Number, null, reasons, cells)
            : new Line(row.Number, new StaffLine(urn!.Value.Text, name, email.Length == 0 ? null : email, Jobs[Column.Key(job)], ages, joined!.Value), [], cells);
    }

    static AgeRanges ReadAges(string cell, List<string> reasons) {
        var ages = AgeRanges.None;
        foreach (var part in Clean(cell).Split([',', ';', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) {
            var key = Column.Key(part);
            var range = Wording.Each.FirstOrDefault(a => Column.Key(a.Words) == key || Column.Key(a.Range.ToString()) == key).Range;
            if (range == AgeRanges.None && key != "allages") reasons.Add($"The age {Quote(part)} is not one of {string.Join(", ", Wording.Each.Select(a => a.Words))} or All ages");
            ages |= range;
        }
        return ages;
    }

    static DateOnly? ReadDate(string cell, DateOnly today, List<string> reasons) {
        var text = Clean(cell);
        if (text.Length == 0) reasons.Add("The date joined is missing");
        else if (!DateOnly.TryParseExact(text, ["d'/'M'/'yyyy", "yyyy'-'MM'-'dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) reasons.Add($"The date joined {Quote(text)} is not a real date; use DD/MM/YYYY");
        else if (date.Year < 1950 || date > today.AddYears(1)) reasons.Add("The date joined must be after 1950 and within the next year");
        else return date;
        return null;
    }

    [GeneratedRegex(EmailShape.Pattern)]
    private static partial Regex Email();
}
