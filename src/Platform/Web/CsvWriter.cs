using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Cpd.Platform.Web;

/// <summary>Writes CSV that a spreadsheet opens as meant: UTF-8 with a byte order mark, CRLF, RFC 4180 quoting, no live formulas.</summary>
/// <remarks>
/// A text cell that a spreadsheet would take for a formula gets a single quotation mark in front (ASVS 1.2.10). Numbers and
/// dates are never text, so a negative number stays as it is. Holds at most about 16 KB before it hands on; dispose to
/// hand on the rest.
/// </remarks>
public sealed class CsvWriter : IAsyncDisposable {
    const int FlushAt = 16 * 1024;
    static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",;\t\"\r\n");

    readonly PipeWriter pipe;
    readonly bool ownsPipe;
    bool rowIsEmpty = true, loneEmptyCell;
    long unflushed;

    /// <param name="pipe">For a page, <c>Response.BodyWriter</c>. It is flushed, not completed.</param>
    public CsvWriter(PipeWriter pipe) {
        this.pipe = pipe;
        Put("\uFEFF");
    }

    /// <param name="stream">It is flushed and left open.</param>
    public CsvWriter(Stream stream) : this(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true))) => ownsPipe = true;

    /// <summary>The text as it stands in the file before quoting: with a single quotation mark in front if it looks like a formula.</summary>
    public static string FormulaSafe(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\0' ? "'" + text : text;

    /// <summary>A cell of text; null is an empty cell.</summary>
    public CsvWriter Text(string? text) => Cell(FormulaSafe(text ?? ""));

    /// <summary>A cell with a whole number; null is an empty cell.</summary>
    public CsvWriter Number(long? number) => Cell(number?.ToString(CultureInfo.InvariantCulture) ?? "");

    /// <summary>A cell with a date as DD/MM/YYYY; null is an empty cell.</summary>
    public CsvWriter Date(DateOnly? date) => Cell(date?.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture) ?? "");

    /// <summary>Ends the row, and hands on what is written once there is enough of it.</summary>
    public async ValueTask EndRowAsync(CancellationToken ct = default) {
        // A row of one empty cell would otherwise be an empty line, which is no row.
        Put(loneEmptyCell ? "\"\"\r\n" : "\r\n");
        (rowIsEmpty, loneEmptyCell) = (true, false);
        if (unflushed >= FlushAt) {
            await FlushAsync(ct);
        }
    }

    /// <summary>A whole row of text.</summary>
    public ValueTask RowAsync(IEnumerable<string?> cells, CancellationToken ct = default) {
        foreach (var cell in cells) {
            Text(cell);
        }
        return EndRowAsync(ct);
    }

    public async ValueTask FlushAsync(CancellationToken ct = default) {
        unflushed = 0;
        await pipe.FlushAsync(ct);
    }

    public async ValueTask DisposeAsync() {
        await FlushAsync();
        if (ownsPipe) {
            await pipe.CompleteAsync();
        }
    }

    CsvWriter Cell(string text) {
        if (!rowIsEmpty) {
            Put(",");
        }
        loneEmptyCell = rowIsEmpty && text.Length == 0;
        rowIsEmpty = false;
        if (text.AsSpan().IndexOfAny(NeedsQuotes) >= 0) {
            Put("\"");
            Put(text.Replace("\"", "\"\"", StringComparison.Ordinal));
            Put("\"");
        } else {
            Put(text);
        }
        return this;
    }

    void Put(string text) => unflushed += Encoding.UTF8.GetBytes(text, pipe);
}
