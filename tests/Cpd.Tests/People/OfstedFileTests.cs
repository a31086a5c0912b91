using System.Diagnostics;
using System.Text;
using Cpd.People;
using Cpd.People.Settings;

namespace Cpd.Tests.People;

public sealed class OfstedFileTests {
    const string Head = "Provider URN,Registration date,Provider type,Provider subtype,Provider status,Provider name,Provider address line 1,"
        + "Provider address line 2,Provider address line 3,Provider town,Postcode,Local authority,Region,Places\r\n";
    const string Good = "EY123456,03/02/2014,Childcare on non-domestic premises,Full day care,Active,Made-up Nursery,1 Example Street,,Testville,"
        + "Exampleton,ZZ1 1ZZ,Thurrock,East of England,42\r\n";

    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    static Task<List<OfstedFile.Line>> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    static async Task<List<OfstedFile.Line>> Read(byte[] bytes) {
        List<OfstedFile.Line> lines = [];
        using var stream = new MemoryStream(bytes);
        await foreach (var line in OfstedFile.Read(stream, TestContext.Current.CancellationToken)) {
            lines.Add(line);
        }
        return lines;
    }

    static async Task<SettingLine> ReadOne(string text) {
        var line = Assert.Single(await Read(text));
        Assert.Empty(line.Reasons);
        return line.Setting!;
    }

    static async Task<string> Refusal(string text) {
        var line = Assert.Single(await Read(text));
        Assert.Null(line.Setting);
        return string.Join(" + ", line.Reasons);
    }

    [Fact]
    public async Task Read_GoodRow_GivesTheSetting() {
        var line = Assert.Single(await Read(Head + Good));
        Assert.Equal(2, line.Row);
        var setting = line.Setting!;
        Assert.Equal(["1 Example Street", "Testville"], setting.AddressLines);
        Assert.Equal(
            new SettingLine("EY123456", UrnKind.Ofsted, "Made-up Nursery", "Childcare on non-domestic premises", "Full day care", "Active",
                setting.AddressLines, "Exampleton", "ZZ1 1ZZ", "Thurrock", "East of England", 42, new DateOnly(2014, 2, 3)),
            setting);
    }

    [Fact]
    public async Task Read_TitleLinesAboveHeader_AreSkipped() {
        var lines = await Read("Childcare providers, as at 31 August 2021,,,\r\n\r\n\"Notes, with a\r\nline break\"\r\n" + Head + Good);
        Assert.Equal(5, Assert.Single(lines).Row);
        Assert.NotNull(lines[0].Setting);
    }

    [Fact]
    public async Task Read_HeaderAfterThirtyRows_IsNotFound() {
        Assert.NotNull(Assert.Single(await Read(string.Concat(Enumerable.Repeat("note\r\n", 29)) + Head + Good)).Setting);
        var line = Assert.Single(await Read(string.Concat(Enumerable.Repeat("note\r\n", 30)) + Head + Good));
        Assert.True(line.StopsFile);
        Assert.StartsWith("None of the first 30 rows has the headings ‘Provider URN’ and ‘Provider name’", line.Reasons[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLACES INCLUDING ESTIMATES,setting name,Urn,Provider Postcode,Local Authority name,Provider type,Extra,Registration status")]
    [InlineData("Places,Setting Name,Ofsted URN,postcode,LA name,PROVIDER TYPE,Web link,Provider status")]
    [InlineData(" Number of places ,Provider  name,provider_urn,Postcode,Local authority,Provider Type,,Status")]
    public async Task Read_HeadingsInAnyOrderCaseAndVariation_AreKnown(string head) {
        var setting = await ReadOne(head + "\n12,Made-up,123456,zz1 1zz,Bury,Childminder,ignored,Active\n");
        Assert.Equal(("123456", "Made-up", "Childminder", "Active", "ZZ1 1ZZ", "Bury", 12),
            (setting.Urn, setting.Name, setting.ProviderType, setting.Status, setting.Postcode, setting.AuthorityName, setting.Places));
        Assert.Null(setting.RegisteredOn);
        Assert.Empty(setting.AddressLines);
    }

    [Fact]
    public async Task Read_TwoHeadingsForOneThing_TakesTheBetter() {
        var setting = await ReadOne("Name,Provider sub type,Provider name,URN,Provider type,Local authority\nShort,Full day care,Long,123456,Childminder,Bury\n");
        Assert.Equal(("Long", "Full day care"), (setting.Name, setting.Subtype));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public async Task Read_OtherSeparator_IsFoundFromTheHeader(char separator) =>
        Assert.Equal("Made-up Nursery", (await ReadOne("Title, first\r\n" + (Head + Good).Replace(',', separator))).Name);

    [Fact]
    public async Task Read_AnyEncoding_KeepsAccentsDashesAndQuotes() {
        var name = "Crèche “Été” – O’Neill’s";
        var text = Head + Good.Replace("Made-up Nursery", name, StringComparison.Ordinal);
        byte[][] files = [
            Encoding.UTF8.GetBytes(text),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
            Windows1252.GetBytes(text),
        ];
        foreach (var file in files) {
            Assert.Equal(name, Assert.Single(await Read(file)).Setting!.Name);
        }
    }

    [Fact]
    public async Task Read_StraySpaces_AreTrimmedAndCollapsed() {
        var file = Windows1252.GetBytes(Head + Good.Replace("Made-up Nursery", "\u00A0 Made-up \u00A0 Nursery \u00A0", StringComparison.Ordinal)
            .Replace("EY123456", " ey 123\u00A0456 ", StringComparison.Ordinal));
        var setting = Assert.Single(await Read(file)).Setting!;
        Assert.Equal(("Made-up Nursery", "EY123456"), (setting.Name, setting.Urn));
    }

    [Fact]
    public async Task Read_LineBreakInAName_IsASpace() {
        var lines = await Read(Head + Good.Replace("Made-up Nursery", "\"Made-up\r\nNursery, \"\"The\"\" one\"", StringComparison.Ordinal) + Good);
        Assert.Equal("Made-up Nursery, \"The\" one", lines[0].Setting!.Name);
        Assert.Equal([2, 3], lines.Select(line => line.Row));
    }

    [Theory]
    [InlineData("EY123456", "", "The URN is missing")]
    [InlineData("EY123456", "\u00A0 ", "The URN is missing")]
    [InlineData("EY123456", "ABC", "The URN 'ABC' is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits")]
    [InlineData("EY123456", "EY12345", "The URN 'EY12345' is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits")]
    [InlineData("EY123456", "1.23E+06", "The URN '1.23E+06' is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits")]
    [InlineData("EY123456", "١٢٣٤٥٦", "The URN '١٢٣٤٥٦' is not an Ofsted number: use EY and 6 digits, or 6 or 7 digits")]
    [InlineData("03/02/2014", "31/02/2020", "The registration date '31/02/2020' is not a real date; use DD/MM/YYYY")]
    [InlineData("03/02/2014", "12/31/2020", "The registration date '12/31/2020' is not a real date; use DD/MM/YYYY")]
    [InlineData("03/02/2014", "01/02/20", "The registration date '01/02/20' is not a real date; use DD/MM/YYYY")]
    [InlineData("03/02/2014", "2020-02-01", "The registration date '2020-02-01' is not a real date; use DD/MM/YYYY")]
    [InlineData("03/02/2014", "01/02/0201", "The registration date '01/02/0201' is not a real date; use DD/MM/YYYY")]
    [InlineData(",42", ",x", "The number of places 'x' is not a whole number")]
    [InlineData(",42", ",-1", "The number of places '-1' is not a whole number")]
    [InlineData(",42", ",4.5", "The number of places '4.5' is not a whole number")]
    [InlineData(",42", ",99999999999", "The number of places '99999999999' is not a whole number")]
    [InlineData("Made-up Nursery", "", "The name is missing")]
    [InlineData("Made-up Nursery", "REDACTED", "The name is withheld by Ofsted")]
    [InlineData("Made-up Nursery", "Cr\uFFFDche", "The name has a character that was lost before this file was saved: type it again")]
    [InlineData("Made-up Nursery", "Cr\u0081che", "The name has a character that was lost before this file was saved: type it again")]
    [InlineData("Childcare on non-domestic premises", "", "The provider type is missing")]
    [InlineData("ZZ1 1ZZ", "somewhere in Essex", "The postcode 'SOMEWHERE IN ESSEX' is longer than 10 characters")]
    [InlineData("Made-up Nursery", "Made\0up", "Cell 6 contains a NUL character, which is not text: save the file again as “CSV UTF-8”")]
    [InlineData("Made-up Nursery", "\"Made\" up", "Cell 6 has text after its closing quotation mark: write a quotation mark inside a quoted cell twice")]
    [InlineData("East of England,42", "East of England", "The row has 13 cells and the headings have 14")]
    [InlineData("Made-up Nursery", "Made-up, the Nursery", "The row has 15 cells and the headings have 14: put a cell that contains the separator in quotation marks")]
    public async Task Read_BadRow_SaysWhatIsWrong(string good, string bad, string expected) =>
        Assert.Equal(expected, await Refusal(Head + Good.Replace(good, bad, StringComparison.Ordinal)));

    [Fact]
    public async Task Read_SeveralFaults_AreAllNamedAndTheRowHandedBack() {
        var lines = await Read(Head + "ABC,99/99/9999,,,Active,,,,,,,Bury,,many\r\n" + Good);
        Assert.Equal(5, lines[0].Reasons.Count);
        Assert.Equal("ABC|99/99/9999|||Active|||||||Bury||many", string.Join("|", lines[0].Cells));
        Assert.NotNull(lines[1].Setting);
    }

    [Theory]
    [InlineData("42", "", null)]
    [InlineData("42", "0", 0)]
    public async Task Read_PlacesBlankOrNought_AreKept(string good, string places, int? expected) =>
        Assert.Equal(expected, (await ReadOne(Head + Good.Replace("," + good, "," + places, StringComparison.Ordinal))).Places);

    [Theory]
    [InlineData("1234567", UrnKind.Ofsted)]
    [InlineData("012345", UrnKind.Ofsted)]
    [InlineData("CA000123", UrnKind.ChildminderAgency)]
    public async Task Read_UrnOfEachKind_IsKeptAsText(string urn, object kind) {
        var setting = await ReadOne(Head + Good.Replace("EY123456", urn, StringComparison.Ordinal));
        Assert.Equal((urn, (UrnKind)kind), (setting.Urn, setting.UrnKind));
    }

    [Fact]
    public async Task Read_WithheldAddress_IsBlank() {
        var setting = await ReadOne(Head + Good.Replace("1 Example Street", "REDACTED", StringComparison.Ordinal).Replace("ZZ1 1ZZ", "Redacted", StringComparison.Ordinal));
        Assert.Null(setting.Postcode);
        Assert.Equal(["Testville"], setting.AddressLines);
    }

    [Fact]
    public async Task Read_EmptyRowsAndTrailingSeparators_AreNoFault() {
        var lines = await Read(Head + "\r\n,,,,,,,,,,,,,\r\n" + Good.Replace("42\r\n", "42,,\r\n", StringComparison.Ordinal) + "\r\n");
        Assert.Equal(4, Assert.Single(lines).Row);
        Assert.NotNull(lines[0].Setting);
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("\uFEFF", "The file is empty")]
    [InlineData("\r\n\r\n", "The file is empty")]
    [InlineData("URN,Provider name,Places\r\n", "The headings ‘Provider type’ and ‘Local authority’ are missing")]
    [InlineData("URN,Provider type,Local authority\r\n", "The heading ‘Provider name’ is missing")]
    [InlineData("URN,Provider name,Provider type,Local authority,\"Notes\r\n123456,a,b,c,d", "A quotation mark opens in cell 5 and is not closed, so neither this row nor what follows it can be read")]
    [InlineData("\"URN,Provider name", "A quotation mark opens in cell 1 and is not closed, so neither this row nor what follows it can be read")]
    public async Task Read_FileWithoutWhatItNeeds_IsRefusedInOneSentence(string text, string expected) {
        var line = Assert.Single(await Read(text));
        Assert.True(line.StopsFile);
        Assert.Equal(expected, Assert.Single(line.Reasons));
    }

    [Fact]
    public async Task Read_WorkbookOrUtf16WithoutItsMark_IsRefusedAsNotText() {
        byte[][] files = [[(byte)'P', (byte)'K', 3, 4, 20, 0, 6, 0, 10, 0x99, 0, (byte)'"'], Encoding.Unicode.GetBytes(Head + Good)];
        foreach (var file in files) {
            var line = Assert.Single(await Read(file));
            Assert.True(line.StopsFile);
            Assert.Equal("Cell 1 contains a NUL character, which is not text: save the file again as “CSV UTF-8”", Assert.Single(line.Reasons));
        }
    }

    [Fact]
    public async Task Read_HeaderWithoutRows_GivesNothing() => Assert.Empty(await Read(Head));

    [Fact]
    public async Task Read_QuoteLeftOpen_StopsTheFileAndSaysWhere() {
        var lines = await Read(Head + Good + Good.Replace("Made-up", "\"Made-up", StringComparison.Ordinal) + Good);
        Assert.NotNull(lines[0].Setting);
        Assert.Equal((2, 3, true), (lines.Count, lines[1].Row, lines[1].StopsFile));
    }

    [Fact(Timeout = 120_000)]
    public async Task Read_TwoThousandMutations_NeverThrowAndAlwaysSayWhy() {
        const int seed = 20260914;
        var random = new Random(seed);
        var original = Windows1252.GetBytes("Made-up title;\r\n" + Head + Good + Good.Replace("Made-up", "\"Crèche, \"\"the\"\"\r\n“one”\"", StringComparison.Ordinal) + Good + Good);
        byte[] nasty = [0, (byte)'"', (byte)',', (byte)'\r', (byte)'\n', 0x81, 0xA0, 0xE9, 0xEF, 0xFE, 0xFF, (byte)';', (byte)'\t'];
        for (var round = 0; round < 2_000; round++) {
            var bytes = original.ToList();
            for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--) {
                var at = random.Next(bytes.Count);
                switch (random.Next(5)) {
                    case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: bytes.RemoveRange(at, bytes.Count - at); break;
                    case 2: bytes.Insert(at, nasty[random.Next(nasty.Length)]); break;
                    case 3: bytes[at] = nasty[random.Next(nasty.Length)]; break;
                    default: bytes.InsertRange(random.Next(2) * at, bytes.GetRange(at, Math.Min(random.Next(200), bytes.Count - at))); break;
                }
            }
            try {
                var before = 0;
                foreach (var line in await Read([.. bytes])) {
                    Assert.True(line.Row > before || line.StopsFile);
                    before = line.Row;
                    Assert.Equal(line.Setting is null, line.Reasons.Count > 0);
                    Assert.All(line.Reasons, Assert.NotEmpty);
                    if (line.Setting is { } setting) {
                        Assert.NotEmpty(setting.Name);
                        Assert.All([setting.Name, setting.ProviderType, setting.Urn, setting.Town ?? "", setting.AuthorityName ?? "", .. setting.AddressLines], text => {
                            Assert.DoesNotContain('\uFFFD', text);
                            Assert.DoesNotContain('\0', text);
                            Assert.Equal(text, text.Trim());
                        });
                    }
                }
            } catch (Exception e) {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToBase64String([.. bytes])}", e);
            }
        }
    }

    [Fact]
    public async Task Read_CancelledPartWay_Stops() {
        using var cancel = new CancellationTokenSource();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Head + string.Concat(Enumerable.Repeat(Good, 2_000))));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => {
            await foreach (var _ in OfstedFile.Read(stream, cancel.Token)) {
                await cancel.CancelAsync();
            }
        });
    }
}

// Alone, since it measures the memory of the whole process.
[CollectionDefinition(nameof(OfstedNationalFile), DisableParallelization = true)]
public sealed class OfstedNationalFile;

[Collection(nameof(OfstedNationalFile))]
public sealed class OfstedNationalFileTests {
    [Fact]
    public async Task Read_NationalFile_GivesEveryRowInLittleMemory() {
        var path = Path.Combine(Environment.GetEnvironmentVariable("CPD_SHARED_DATA") ?? "", "ofsted_early_years_settings_2021-08-31.csv");
        if (!File.Exists(path)) {
            Assert.Skip("CPD_SHARED_DATA names no folder with ofsted_early_years_settings_2021-08-31.csv");
        }
        var exact = Reference.Authorities.Select(authority => authority.Name).ToHashSet();
        HashSet<string> labels = [];
        List<string> refused = [];
        var rows = 0;
        long peak = 0;
        var baseline = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        await using var stream = File.OpenRead(path);
        await foreach (var line in OfstedFile.Read(stream, TestContext.Current.CancellationToken)) {
            rows++;
            if (line.Setting is null) {
                refused.Add($"{line.Row}: {string.Join(", ", line.Reasons)}");
            } else {
                labels.Add(line.Setting.AuthorityName ?? "");
            }
            if (rows % 8_000 == 0) {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - baseline);
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} rows in {clock.ElapsedMilliseconds} ms, {peak / 1024} KB held at most");
        Assert.Equal(23_464, rows);
        Assert.Empty(refused);
        Assert.Equal(153, labels.Count);
        Assert.Equal(144, labels.Count(exact.Contains));
        var others = labels.Where(label => !exact.Contains(label)).ToList();
        Assert.Equal(["Cumbria", "Not Recorded"], others.Where(label => AuthorityNames.Match(label) is null).Order(StringComparer.Ordinal));
        Assert.Equal(7, others.Count(label => AuthorityNames.Match(label) is not null));
        Assert.InRange(peak, 0, 4 * 1024 * 1024);
    }
}
