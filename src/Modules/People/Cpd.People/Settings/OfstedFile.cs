using System.Globalization;
using System.Runtime.CompilerServices;
using Cpd.Platform.Web;
using static Cpd.Platform.Web.HeadedFile;

namespace Cpd.People.Settings;

/// <summary>A setting as Ofsted publishes it. Text is trimmed, inner runs of space are one space; null = blank in the file.</summary>
/// <param name="Status">As in the file; null where the file does not say.</param>
/// <param name="AddressLines">Up to three, blank ones left out.</param>
/// <param name="Postcode">Upper case.</param>
/// <param name="AuthorityName">As written; what it means is for <see cref="AuthorityNames"/>.</param>
internal sealed record SettingLine(
    string Urn, UrnKind UrnKind, string Name, string ProviderType, string? Subtype, string? Status, IReadOnlyList<string> AddressLines,
    string? Town, string? Postcode, string? AuthorityName, string? Region, int? Places, DateOnly? RegisteredOn);

/// <summary>Reads Ofsted's published list of childcare providers, in any encoding and with any of the headings it has had, a row at a time.</summary>
internal static class OfstedFile {
    /// <summary>One row of the file that is a setting, or the reasons why it is not.</summary>
    /// <param name="Row">As a spreadsheet counts, from 1; title lines and empty lines count.</param>
    /// <param name="Setting">Null exactly when there are reasons.</param>
    /// <param name="Reasons">Sentences for the user.</param>
    /// <param name="Cells">The row as written, in the order of <see cref="Headings"/>, so that refused rows can be handed back to be put right.</param>
    /// <param name="StopsFile">The reason concerns the whole file or all that follows: what was read must not pass for the complete list.</param>
    internal sealed record Line(
        int Row, SettingLine? Setting, IReadOnlyList<string> Reasons, IReadOnlyList<string> Cells, bool StopsFile = false);

    const int TextLimit = 200;

    // The first of the names is ours for a file that we write; all were seen in Ofsted's releases or in lists that councils keep.
    // Where a file has two of them, the earlier one counts.
    static readonly HeadedFile File = new([
        new("Provider URN", "URN", "Ofsted URN", "Setting URN", "Ofsted number", "URN number"),
        new("Registration date", "Date registered", "Date of registration", "Provider registration date"),
        new("Provider type", "Type of provider", "Type"),
        new("Provider subtype", "Subtype"),
        new("Provider status", "Registration status", "Status"),
        new("Provider name", "Setting name", "Name", "Name of provider", "Name of setting"),
        new("Provider address line 1", "Address line 1", "Address 1", "Setting address line 1"),
        new("Provider address line 2", "Address line 2", "Address 2", "Setting address line 2"),
        new("Provider address line 3", "Address line 3", "Address 3", "Setting address line 3"),
        new("Provider town", "Town", "Town or city", "Setting town"),
        new("Postcode", "Provider postcode", "Setting postcode"),
        new("Local authority", "Local authority name", "LA", "LA name", "Provider local authority"),
        new("Region", "Ofsted region", "Provider region", "Region name"),
        new("Places", "Places including estimates", "Number of places", "Registered places", "Total places"),
    ], Essential, [Urn, Name], "choose the CSV file that Ofsted publishes");
    const int Urn = 0, RegisteredOn = 1, ProviderType = 2, Subtype = 3, Status = 4, Name = 5, Address = 6, Town = 9, Postcode = 10,
        Authority = 11, Region = 12, Places = 13;
    static int[] Essential => [Urn, Name, ProviderType, Authority];

    /// <summary>Ofsted's headings, in the order of <see cref="Line.Cells"/>.</summary>
    internal static IReadOnlyList<string> Headings { get; } = File.Headings;

    /// <summary>The rows after the headings, in order. Empty rows are left out. Never throws for what the file contains; the stream stays open.</summary>
    internal static async IAsyncEnumerable<Line> Read(Stream stream, [EnumeratorCancellation] CancellationToken ct = default) {
        await foreach (var row in File.Read(stream, ct)) {
            yield return row.Reason is { } reason ? new Line(row.Number, null, [reason], row.Cells, row.StopsFile) : ReadRow(row);
        }
    }

    static Line ReadRow(Row row) {
        var cells = row.Cells;
        List<string> reasons = [];

        string? Text(int column, string what) {
            var text = HeadedFile.Text(cells[column], what, TextLimit, reasons);
            // Ofsted withholds what would name a person who works from home.
            return text.Length == 0 || text.Equals("REDACTED", StringComparison.OrdinalIgnoreCase) ? null : text;
        }

        var urn = ReadUrn(cells[Urn], reasons);
        var name = Text(Name, "The name");
        if (name is null) {
            reasons.Add(Clean(cells[Name]).Length == 0 ? "The name is missing" : "The name is withheld by Ofsted");
        }
        var type = Text(ProviderType, "The provider type");
        if (type is null) {
            reasons.Add("The provider type is missing");
        }
        var subtype = Text(Subtype, "The provider subtype");
        var status = Text(Status, "The provider status");
        string?[] address = [Text(Address, "Address line 1"), Text(Address + 1, "Address line 2"), Text(Address + 2, "Address line 3")];
        var town = Text(Town, "The town");
        var postcode = Text(Postcode, "The postcode")?.ToUpperInvariant();
        if (postcode is { Length: > 10 }) {
            reasons.Add($"The postcode {Quote(postcode)} is longer than 10 characters");
        }
        var authority = Text(Authority, "The local authority");
        var region = Text(Region, "The region");
        var count = ReadPlaces(cells[Places], reasons);
        var registeredOn = ReadDate(cells[RegisteredOn], reasons);
        return reasons.Count > 0
            ? new Line(row.Number, null, reasons, cells)
            : new Line(row.Number, new SettingLine(urn!.Value.Text, urn.Value.Kind, name!, type!, subtype, status, [.. address.OfType<string>()],
                town, postcode, authority, region, count, registeredOn), [], cells);
    }

    static Urn? ReadUrn(string cell, List<string> reasons) {
        var text = Clean(cell);
        if (text.Length == 0) {
            reasons.Add("The URN is missing");
            return null;
        }
        var urn = Settings.Urn.Read(text);
        if (urn is null) {
            reasons.Add($"The URN {Quote(text)} is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits");
        }
        return urn;
    }

    static int? ReadPlaces(string cell, List<string> reasons) {
        var text = Clean(cell);
        if (text.Length == 0) {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) {
            return count;
        }
        reasons.Add($"The number of places {Quote(text)} is not a whole number");
        return null;
    }

    static DateOnly? ReadDate(string cell, List<string> reasons) {
        var text = Clean(cell);
        if (text.Length == 0) {
            return null;
        }
        if (DateOnly.TryParseExact(text, "dd'/'MM'/'yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year >= 1900) {
            return date;
        }
        reasons.Add($"The registration date {Quote(text)} is not a real date; use DD/MM/YYYY");
        return null;
    }
}
