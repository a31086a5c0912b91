using System.Text;
using Cpd.Platform.Web;

namespace Cpd.Tests.Platform;

public sealed class TextDecoderTests {
    const string Sample = "Café “Été” – O’Neill’s £5 naïve 中 😀 end";
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    static async Task<string> Decode(byte[] bytes, int step) {
        using var reader = await TextDecoder.OpenAsync(new Stepping(bytes, step), TestContext.Current.CancellationToken);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 with mark", "utf-16", "utf-16BE"];

    [Theory, MemberData(nameof(Encodings))]
    public async Task Open_UnicodeInPiecesOfAnySize_GivesTheText(string name) {
        var encoding = name switch {
            "utf-8" => new UTF8Encoding(false),
            "utf-8 with mark" => new UTF8Encoding(true),
            _ => Encoding.GetEncoding(name),
        };
        byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(Sample)];
        foreach (var step in new[] { 1, 2, 3, 5, 4096 }) {
            Assert.Equal(Sample, await Decode(bytes, step));
        }
    }

    [Fact]
    public async Task Open_Windows1252InPiecesOfAnySize_GivesTheText() {
        var text = "Café “Été” – O’Neill’s £5 naïve … À\u00A0é’ é";
        foreach (var step in new[] { 1, 2, 3, 5, 4096 }) {
            Assert.Equal(text, await Decode(Windows1252.GetBytes(text), step));
        }
    }

    [Fact]
    public async Task Open_Utf8UntilLateInTheFile_StillReadsTheLaterBytes() {
        var start = string.Concat(Enumerable.Repeat("Crèche ", 20_000));
        byte[] bytes = [.. Encoding.UTF8.GetBytes(start), .. Windows1252.GetBytes("é’tage")];
        Assert.Equal(start + "é’tage", await Decode(bytes, 1000));
    }

    [Fact]
    public async Task Open_AnyBytesWithoutAMark_NeverGivesAReplacementCharacter() {
        var random = new Random(20260901);
        for (var i = 0; i < 500; i++) {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (bytes[0] >= 0xEF) {
                bytes[0] = 0x20;
            }
            var text = await Decode(bytes, random.Next(1, 50));
            // U+FFFD written out in UTF-8 is the file's own.
            if (bytes.AsSpan().IndexOf("\uFFFD"u8) < 0) {
                Assert.DoesNotContain('\uFFFD', text);
            }
        }
    }

    [Theory]
    [InlineData(new byte[0], "")]
    [InlineData(new byte[] { 0xE9 }, "é")]
    [InlineData(new byte[] { 0xEF, 0xBB }, "ï»")]
    [InlineData(new byte[] { 0x41, 0xF0, 0x9F, 0x98 }, "AðŸ˜")]
    public async Task Open_ShortOrCutOffFile_KeepsEveryByte(byte[] bytes, string expected) => Assert.Equal(expected, await Decode(bytes, 1));

    sealed class Stepping(byte[] bytes, int step) : MemoryStream(bytes) {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(step, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(step, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(base.Read(buffer.Span[..Math.Min(step, buffer.Length)]));
    }
}
