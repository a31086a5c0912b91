using System.Text;
using Cpd.Platform.Web;
using FsCheck;
using FsCheck.Fluent;

namespace Cpd.Tests.Platform;

public sealed class CsvWriterTests {
    static async Task<string> Write(Func<CsvWriter, ValueTask> write) {
        using var stream = new MemoryStream();
        await using (var csv = new CsvWriter(stream)) {
            await write(csv);
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public async Task Write_Row_HasMarkQuotesAndCrlf() => Assert.Equal(
        "\uFEFFa,\"b,c\",\"d \"\"e\"\"\",,\"f\ng\"\r\n",
        await Write(csv => csv.RowAsync(["a", "b,c", "d \"e\"", null, "f\ng"])));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+44 20", "'+44 20")]
    [InlineData("-5", "'-5")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\0x", "'\0x")]
    [InlineData("a=1", "a=1")]
    [InlineData("'=1", "'=1")]
    public async Task Write_TextThatLooksLikeAFormula_GetsAQuoteInFront(string text, string expected) =>
        Assert.Equal($"\uFEFF{expected}\r\n", await Write(csv => csv.RowAsync([text])));

    [Fact]
    public async Task Write_NumbersAndDates_AreNotText() => Assert.Equal(
        "\uFEFF-5,,03/02/2026,\r\n",
        await Write(csv => csv.Number(-5).Number(null).Date(new DateOnly(2026, 2, 3)).Date(null).EndRowAsync()));

    [Fact]
    public async Task Write_RowOfOneEmptyCell_IsNotAnEmptyLine() =>
        Assert.Equal("\uFEFF\"\"\r\n,\r\n", await Write(async csv => {
            await csv.RowAsync([""]);
            await csv.RowAsync(["", ""]);
        }));

    [Fact]
    public async Task Write_ManyRows_AreHandedOnAsTheyCome() {
        using var stream = new MemoryStream();
        await using var csv = new CsvWriter(stream);
        for (var i = 0; i < 10_000; i++) {
            await csv.Text("Made-up nursery").Number(i).EndRowAsync();
        }
        Assert.InRange(stream.Length, 200_000, long.MaxValue);
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameCells() {
        var awkward = Gen.Elements("\"", ",", "\r", "\n", "\r\n", ";", "\t", "'", "=", "-", " ", "é", "’", "中", "😀", "\uFEFF", "\u00A0", "x", "");
        var cell = Gen.ListOf(Gen.OneOf(awkward, ArbMap.Default.GeneratorFor<char>().Where(c => c != '\0' && !char.IsSurrogate(c)).Select(c => c.ToString())))
            .Select(parts => string.Concat(parts));
        var rows = Gen.NonEmptyListOf(Gen.NonEmptyListOf(cell).Select(row => row.ToArray())).Select(all => all.ToArray()).ToArbitrary();
        Prop.ForAll(rows, RoundTrips).QuickCheckThrowOnFailure();
    }

    static bool RoundTrips(string[][] rows) {
        using var stream = new MemoryStream();
        Task.Run(async () => {
            await using var csv = new CsvWriter(stream);
            foreach (var row in rows) {
                await csv.RowAsync(row);
            }
        }).GetAwaiter().GetResult();
        stream.Position = 0;
        using var text = TextDecoder.OpenAsync(stream).GetAwaiter().GetResult();
        var read = new CsvReader(text).Read().ToList();
        return read.All(row => row.Problem is null)
            && read.Count == rows.Length
            && read.Zip(rows).All(pair => pair.First.Cells.SequenceEqual(pair.Second.Select(CsvWriter.FormulaSafe)));
    }
}
