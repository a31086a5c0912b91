using Cpd.Platform.Web;

namespace Cpd.Tests.Platform;

public sealed class CsvReaderTests {
    static List<CsvRow> Read(string text, char separator = ',') => [.. new CsvReader(new StringReader(text), separator).Read()];

    static string Show(IEnumerable<CsvRow> rows) => string.Join(" / ", rows.Select(row => $"{row.Number}:{string.Join("|", row.Cells)}"));

    [Theory]
    [InlineData("a,b\r\nc,d\r\n", "1:a|b / 2:c|d")]
    [InlineData("a,b\nc,d", "1:a|b / 2:c|d")]
    [InlineData("a,b\rc,d\r", "1:a|b / 2:c|d")]
    [InlineData("a,\r\n,b\r\n", "1:a| / 2:|b")]
    [InlineData("\"a,1\",\"b\"\"c\"\r\n", "1:a,1|b\"c")]
    [InlineData("\"\"\r\n", "1:")]
    [InlineData("a, \"b\"", "1:a| \"b\"")]
    [InlineData("The \"Tots\",b", "1:The \"Tots\"|b")]
    [InlineData("\"a\"  ,b", "1:a|b")]
    [InlineData("", "")]
    public void Read_WellFormedText_GivesItsCells(string text, string expected) => Assert.Equal(expected, Show(Read(text)));

    [Fact]
    public void Read_EmptyLinesAndQuotedLineBreaks_AreCountedAsASpreadsheetDoes() =>
        Assert.Equal("2:a\r\n\r\nb|c / 5:d", Show(Read("\r\n\"a\r\n\r\nb\",c\r\n\r\n\r\nd\r\n")));

    [Fact]
    public void Read_TextAfterAClosingQuote_IsAProblemOfThatRowOnly() {
        var rows = Read("\"Tots\" Nursery,a\r\nb,c");
        Assert.Contains("Cell 1 has text after its closing quotation mark", rows[0].Problem, StringComparison.Ordinal);
        Assert.Equal(["b", "c"], rows[1].Cells);
        Assert.Null(rows[1].Problem);
    }

    [Fact]
    public void Read_QuoteLeftOpen_IsTheLastRowAndSaysSo() {
        var row = Read("a,b\r\nc,\"d\r\ne,f\r\n")[^1];
        Assert.Equal(2, row.Number);
        Assert.True(row.IsLast);
        Assert.Contains("A quotation mark opens in cell 2 and is not closed", row.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_QuoteLeftOpenInAnEndlessText_StopsAtTheCellLimit() {
        using var endless = new Endless("a,\"b", "c,d\r\n");
        var rows = new CsvReader(endless).Read().ToList();
        Assert.True(Assert.Single(rows).IsLast);
        Assert.InRange(endless.Given, CsvReader.CellLimit, 2 * CsvReader.CellLimit);
    }

    [Fact]
    public void Read_CellOverTheLimit_IsRefusedAndTheNextRowIsRead() {
        var rows = Read(new string('x', CsvReader.CellLimit + 1) + ",a\r\nb,c");
        Assert.Equal("Cell 1 is longer than 65,536 characters", rows[0].Problem);
        Assert.Equal(["b", "c"], rows[1].Cells);
        Assert.Null(Read(new string('x', CsvReader.CellLimit))[0].Problem);
    }

    [Fact]
    public void Read_RowOverTheLimits_IsRefusedAndTheNextRowIsRead() {
        var rows = Read(new string(',', 1000) + "\r\na\r\n" + string.Join(",", Enumerable.Repeat(new string('x', 60_000), 5)) + "\r\nb\r\n" + new string(',', 999));
        Assert.Equal("The row has more than 1,000 cells", rows[0].Problem);
        Assert.Equal(["a"], rows[1].Cells);
        Assert.Equal("The row is longer than 262,144 characters", rows[2].Problem);
        Assert.Equal(["b"], rows[3].Cells);
        Assert.Equal((1000, null), (rows[4].Cells.Count, rows[4].Problem));
    }

    [Fact]
    public void Read_NulCharacter_IsAProblemOfThatRowOnly() {
        var rows = Read("a,b\0\r\nc,d");
        Assert.Contains("Cell 2 contains a NUL character", rows[0].Problem, StringComparison.Ordinal);
        Assert.Null(rows[1].Problem);
    }

    [Theory]
    [InlineData("Title, with a comma; and one\nURN;Name\n1;a,b", ';')]
    [InlineData("URN\tName\n1\ta", '\t')]
    [InlineData("\"URN\",\"Name; or so\"\n1,a", ',')]
    [InlineData("nothing; like; it", ',')]
    public async Task Open_SeparatorIsTheOneOfTheHeadings(string text, char expected) {
        var reader = await CsvReader.OpenAsync(new StringReader(text), cells => cells.Count(cell => cell.Trim() is "URN" or "Name"));
        Assert.Equal(expected, reader.Separator);
        var first = new List<CsvRow>();
        await foreach (var row in reader.ReadAsync(TestContext.Current.CancellationToken)) {
            first.Add(row);
        }
        Assert.Equal(Show(Read(text, expected)), Show(first));
    }

    [Fact]
    public void Read_BufferEndsAnywhere_GivesTheSameRows() {
        var tail = "\"a\"\"b\",c\r\n\"d\r\ne\"\r\n";
        for (var length = 16 * 1024 - 24; length < 16 * 1024 + 2; length++) {
            var rows = Read(new string('x', length) + "\r\n" + tail);
            Assert.Equal("2:a\"b|c / 3:d\r\ne", Show(rows.Skip(1)));
        }
    }

    sealed class Endless(string start, string rest) : TextReader {
        public int Given { get; private set; }

        public override int Read(char[] buffer, int index, int count) {
            var text = Given == 0 ? start : rest;
            text.CopyTo(0, buffer, index, text.Length);
            Given += text.Length;
            return text.Length;
        }

        public override int Read(Span<char> buffer) {
            var text = Given == 0 ? start : rest;
            text.CopyTo(buffer);
            Given += text.Length;
            return text.Length;
        }
    }
}
