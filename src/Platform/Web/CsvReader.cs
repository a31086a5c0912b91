using System.Runtime.CompilerServices;
using System.Text;

namespace Cpd.Platform.Web;

/// <summary>One row of a CSV file.</summary>
/// <param name="Number">As a spreadsheet counts: 1 is the first row; a quoted line break does not start a row, an empty line is one.</param>
/// <param name="Cells">As written, without the quotation marks around them. What was read before the problem, if there is one.</param>
/// <param name="Problem">Why the row cannot be trusted, as a sentence for the user; null when it can.</param>
/// <param name="IsLast">The problem is one after which nothing can be read: rows that follow in the file are not returned.</param>
public sealed record CsvRow(int Number, IReadOnlyList<string> Cells, string? Problem = null, bool IsLast = false);

/// <summary>Reads RFC 4180 text row by row, holding one row. Never throws for what the text contains.</summary>
/// <remarks>
/// Line ends are CR, LF or CRLF. Empty lines are counted and left out. A quotation mark inside an unquoted cell is an
/// ordinary character; text after a closing quotation mark is a problem, because it cannot be told what was meant.
/// </remarks>
public sealed class CsvReader(TextReader reader, char separator = ',') {
    /// <summary>The longest cell, in characters. A longer quoted one is taken for a quotation mark left open.</summary>
    public const int CellLimit = 64 * 1024;
    /// <summary>The most cells in a row.</summary>
    public const int ColumnLimit = 1000;
    /// <summary>The longest row, in characters.</summary>
    public const int RowLimit = 4 * CellLimit;

    const int BufferSize = 16 * 1024;

    enum Place { CellStart, Plain, Quoted, Closing, Closed }

    readonly StringBuilder cell = new();
    char[] buffer = new char[BufferSize];
    int at, end;
    Place place;
    List<string> cells = [];
    int number, columns, cellLength, rowLength;
    string? problem;
    bool afterReturn, isLast;

    /// <summary>The character between two cells.</summary>
    public char Separator => separator;

    /// <summary>Opens text whose separator is a comma, a semicolon or a tab: the one with which a row near the top scores highest.</summary>
    /// <param name="score">How much a row looks like the headings; 0 = not at all.</param>
    public static async Task<CsvReader> OpenAsync(TextReader reader, Func<IReadOnlyList<string>, int> score, int rows = 30, CancellationToken ct = default) {
        var start = new char[2 * BufferSize];
        var length = await reader.ReadBlockAsync(start, ct);
        var best = ',';
        var highest = 0;
        foreach (var candidate in ",;\t") {
            var sample = new CsvReader(new StringReader(new string(start, 0, length)), candidate);
            foreach (var row in sample.Read().TakeWhile(row => row.Number <= rows)) {
                var here = score(row.Cells);
                if (here > highest) {
                    (best, highest) = (candidate, here);
                }
            }
        }
        return new CsvReader(reader, best) { buffer = start, end = length };
    }

    /// <summary>The rows in order; for text at hand.</summary>
    public IEnumerable<CsvRow> Read() {
        while (!isLast) {
            if (Advance()) {
                if (Finish() is { } row) {
                    yield return row;
                }
                continue;
            }
            at = 0;
            end = reader.Read(buffer);
            if (end == 0) {
                if (FinishText() is { } row) {
                    yield return row;
                }
                yield break;
            }
        }
    }

    /// <summary>The rows in order.</summary>
    public async IAsyncEnumerable<CsvRow> ReadAsync([EnumeratorCancellation] CancellationToken ct = default) {
        while (!isLast) {
            if (Advance()) {
                if (Finish() is { } row) {
                    yield return row;
                }
                continue;
            }
            ct.ThrowIfCancellationRequested();
            at = 0;
            end = await reader.ReadAsync(buffer, ct);
            if (end == 0) {
                if (FinishText() is { } row) {
                    yield return row;
                }
                yield break;
            }
        }
    }

    // True at the end of a row, false when the buffer is used up.
    bool Advance() {
        while (at < end) {
            var c = buffer[at++];
            if (afterReturn) {
                afterReturn = false;
                if (c == '\n') {
                    continue;
                }
            }
            if (place == Place.Quoted) {
                if (c == '"') {
                    place = Place.Closing;
                } else {
                    Keep(c);
                    if (cellLength > CellLimit) {
                        isLast = true;
                        return true;
                    }
                }
                continue;
            }
            if (c is '\r' or '\n') {
                afterReturn = c == '\r';
                return true;
            }
            if (c == separator) {
                EndCell();
                continue;
            }
            switch (place) {
                case Place.CellStart when c == '"':
                    place = Place.Quoted;
                    break;
                case Place.Closing when c == '"':
                    Keep(c);
                    place = Place.Quoted;
                    break;
                case Place.Closing or Place.Closed when c == ' ':
                    place = Place.Closed;
                    break;
                case Place.Closing or Place.Closed:
                    problem ??= $"Cell {columns + 1} has text after its closing quotation mark: write a quotation mark inside a quoted cell twice";
                    Keep(c);
                    place = Place.Closed;
                    break;
                default:
                    Keep(c);
                    place = Place.Plain;
                    break;
            }
        }
        return false;
    }

    void Keep(char c) {
        cellLength++;
        rowLength++;
        if (c == '\0') {
            problem ??= $"Cell {columns + 1} contains a NUL character, which is not text: save the file again as “CSV UTF-8”";
        } else if (cellLength > CellLimit) {
            problem ??= $"Cell {columns + 1} is longer than {CellLimit:N0} characters";
        } else if (rowLength > RowLimit) {
            problem ??= $"The row is longer than {RowLimit:N0} characters";
        } else if (columns < ColumnLimit) {
            cell.Append(c);
        }
    }

    void EndCell() {
        if (columns < ColumnLimit) {
            cells.Add(cell.ToString());
        } else {
            problem ??= $"The row has more than {ColumnLimit:N0} cells";
        }
        columns++;
        cellLength = 0;
        cell.Clear();
        place = Place.CellStart;
    }

    CsvRow? FinishText() {
        isLast |= place == Place.Quoted;
        var row = Finish();
        isLast = true;
        return row;
    }

    CsvRow? Finish() {
        if (columns == 0 && place == Place.CellStart) {
            // At the end of the text this counts a row that is not there, which nobody sees.
            number++;
            return null;
        }
        if (isLast) {
            problem = $"A quotation mark opens in cell {columns + 1} and is not closed, so neither this row nor what follows it can be read";
        }
        EndCell();
        var row = new CsvRow(++number, cells, problem, isLast);
        (cells, columns, rowLength, problem) = ([], 0, 0, null);
        return row;
    }
}
