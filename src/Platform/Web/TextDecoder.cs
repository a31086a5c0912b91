using System.IO.Pipelines;
using System.Text;

namespace Cpd.Platform.Web;

/// <summary>Opens uploaded text whose encoding nobody states: UTF-8, UTF-16 with a byte order mark, or Windows-1252.</summary>
/// <remarks>
/// Without a mark the text is read as UTF-8, and each byte sequence that is not UTF-8 as Windows-1252. So no prefix has to
/// be trusted, a file stitched together from two encodings still reads, and U+FFFD comes out only where the file itself
/// holds it or its UTF-16 is broken. The bytes are never held as a whole. The price: two neighbouring Windows-1252 characters
/// that happen to be one UTF-8 character (a capital with an accent, then a curly quote: É’) are read as that one.
/// </remarks>
public static class TextDecoder {
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    static readonly Encoding Utf8Or1252 = MakeUtf8Or1252();

    /// <summary>The text without its byte order mark. The stream stays the caller's to close.</summary>
    public static async Task<TextReader> OpenAsync(Stream stream, CancellationToken ct = default) {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var start = (await pipe.ReadAtLeastAsync(3, ct)).Buffer;
        var (encoding, mark) = Detect(start.FirstSpan.Length >= 3 ? start.FirstSpan : System.Buffers.BuffersExtensions.ToArray(start));
        pipe.AdvanceTo(start.GetPosition(mark));
        return new StreamReader(pipe.AsStream(), encoding, detectEncodingFromByteOrderMarks: false);
    }

    static (Encoding Encoding, int Mark) Detect(ReadOnlySpan<byte> start) => start switch {
        [0xEF, 0xBB, 0xBF, ..] => (Utf8Or1252, 3),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: false), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: false), 2),
        _ => (Utf8Or1252, 0),
    };

    static Encoding MakeUtf8Or1252() {
        var encoding = (Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).Clone();
        encoding.DecoderFallback = new As1252();
        return encoding;
    }

    sealed class As1252 : DecoderFallback {
        public override int MaxCharCount => 4;
        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Chars();

        sealed class Chars : DecoderFallbackBuffer {
            string text = "";
            int next;

            public override int Remaining => text.Length - next;

            public override bool Fallback(byte[] bytesUnknown, int index) {
                text = Windows1252.GetString(bytesUnknown);
                next = 0;
                return text.Length > 0;
            }

            public override char GetNextChar() => next < text.Length ? text[next++] : '\0';

            public override bool MovePrevious() {
                if (next == 0) {
                    return false;
                }
                next--;
                return true;
            }

            public override void Reset() => (text, next) = ("", 0);
        }
    }
}
