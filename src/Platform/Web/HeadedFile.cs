using System.Runtime.CompilerServices;
using System.Text;

namespace Cpd.Platform.Web;

/// <summary>
/// A list that somebody keeps in a spreadsheet: its columns are known by their headings, in any order, in any encoding, below any
/// lines of title. Read a row at a time.
/// </summary>
/// <param name="columns">Ours, in the order of <see cref="Row.Cells"/>.</param>
/// <param name="essential">Those without which the file is of no use.</param>
/// <param name="marks">Those that tell the row of headings from lines of title.</param>
/// <param name="advice">What to choose when the headings are nowhere, after a colon.</param>
public sealed class HeadedFile(IReadOnlyList<HeadedFile.Column> columns, IReadOnlyList<int> essential, IReadOnlyList<int> marks, string advice) {
    const int HeadingRows = 30;

    /// <summary>One row below the headings.</summary>
    /// <param name="Number">As a spreadsheet counts, from 1; title lines and empty lines count.</param>
    /// <param name="Cells">As written, in the order of our columns, so that refused rows can be handed back to be put right.</param>
    /// <param name="Reason">Why it cannot be read, as a sentence for the user; null when it can.</param>
    /// <param name="StopsFile">The reason concerns the whole file or all that follows: what was read must not pass for the complete list.</param>
    public sealed record Row(int Number, IReadOnlyList<string> Cells, string? Reason = null, bool StopsFile = false);

    /// <param name="Heading">Ours, for a file that we write.</param>
    /// <param name="Others">By which it is known too. Where a file has two of them, the earlier one counts.</param>
    public sealed record Column(string Heading, params string[] Others) {
        internal string[] Keys { get; } = [Key(Heading), .. Others.Select(Key)];

        public static string Key(string heading) => string.Concat(heading.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
    }

    public IReadOnlyList<string> Headings { get; } = [.. columns.Select(column => column.Heading)];

    /// <summary>The rows after the headings, in order. Empty rows are left out. Never throws for what the file contains; the stream stays open.</summary>
    public async IAsyncEnumerable<Row> Read(Stream stream, [EnumeratorCancellation] CancellationToken ct = default) {
        using var text = await TextDecoder.OpenAsync(stream, ct);
        var csv = await CsvReader.OpenAsync(text, cells => Locate(cells).Count(place => place >= 0), HeadingRows, ct);
        int[]? places = null;
        var width = 0;
        var last = 0;
        (CsvRow Row, int[] Places, int Found)? nearest = null;
        CsvRow? unreadable = null;
        await foreach (var row in csv.ReadAsync(ct)) {
            last = row.Number;
            if (places is not null) {
                if (row.Problem is not null || !row.Cells.All(string.IsNullOrWhiteSpace)) {
                    yield return ReadRow(row, places, width);
                }
                continue;
            }
            if (row.Number > HeadingRows) {
                break;
            }
            if (row.Problem is not null) {
                unreadable ??= row;
                continue;
            }
            var here = Locate(row.Cells);
            var found = here.Count(place => place >= 0);
            if (found > (nearest?.Found ?? 0)) {
                nearest = (row, here, found);
            }
            if (marks.All(mark => here[mark] >= 0)) {
                if (Missing(here) is { } missing) {
                    yield return Stop(row.Number, missing);
                    yield break;
                }
                places = here;
                width = row.Cells.Count;
            }
        }
        if (places is not null) {
            yield break;
        }
        yield return last == 0 ? Stop(1, "The file is empty")
            : nearest is { Found: > 1 } near ? Stop(near.Row.Number, Missing(near.Places)!)
            : unreadable is not null ? Stop(unreadable.Number, unreadable.Problem!)
            : Stop(1, $"None of the first {HeadingRows} rows has the headings {string.Join(" and ", marks.Select(mark => $"‘{columns[mark].Heading}’"))}: {advice}");
    }

    static Row Stop(int row, string reason) => new(row, [], reason, StopsFile: true);

    string? Missing(int[] places) {
        var names = essential.Where(column => places[column] < 0).Select(column => $"‘{columns[column].Heading}’").ToList();
        return names switch {
            [] => null,
            [var one] => $"The heading {one} is missing",
            [.. var most, var end] => $"The headings {string.Join(", ", most)} and {end} are missing",
        };
    }

    // For each column of ours, which cell of the row names it; -1 = none.
    int[] Locate(IReadOnlyList<string> cells) {
        var keys = cells.Select(Column.Key).ToList();
        return [.. columns.Select(column => column.Keys.Select(key => keys.IndexOf(key)).FirstOrDefault(place => place >= 0, -1))];
    }

    static Row ReadRow(CsvRow row, int[] places, int width) {
        var cells = places.Select(place => place >= 0 && place < row.Cells.Count ? row.Cells[place] : "").ToArray();
        return row.Problem is not null ? new(row.Number, cells, row.Problem, row.IsLast)
            : row.Cells.Count <= places.Max() ? new(row.Number, cells, $"The row has {Cells(row.Cells.Count)} and the headings have {width}")
            : row.Cells.Skip(width).Any(cell => !string.IsNullOrWhiteSpace(cell)) ? new(row.Number, cells, $"The row has {Cells(row.Cells.Count)} and the headings have {width}: put a cell that contains the separator in quotation marks")
            : new(row.Number, cells);
    }

    static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";

    public static string Quote(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..(char.IsHighSurrogate(text[39]) ? 39 : 40)]}…'";

    /// <summary>The cell cleaned; adds the reasons why it cannot be kept.</summary>
    public static string Text(string cell, string what, int limit, List<string> reasons) {
        var text = Clean(cell);
        if (text.Contains('\uFFFD', StringComparison.Ordinal) || text.Any(char.IsControl)) {
            reasons.Add($"{what} has a character that was lost before this file was saved: type it again");
        } else if (text.Length > limit) {
            reasons.Add($"{what} is longer than {limit} characters");
        }
        return text;
    }

    // No-break and other odd spaces count as spaces; marks without width are dropped.
    public static string Clean(string cell) {
        var text = new StringBuilder(cell.Length);
        var gap = false;
        foreach (var c in cell) {
            if (char.IsWhiteSpace(c)) {
                gap = true;
            } else if (c is not ('\u200B' or '\u2060' or '\uFEFF')) {
                if (gap && text.Length > 0) {
                    text.Append(' ');
                }
                gap = false;
                text.Append(c);
            }
        }
        return text.ToString();
    }
}
