using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Cpd.Platform.Messages;

/// <summary>HTML that is written piece by piece: what stands in the code goes in as it is, whatever is put into it is encoded. There is no way around that.</summary>
sealed class Html {
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    readonly StringBuilder text = new();

    internal void Add([InterpolatedStringHandlerArgument("")] ref Piece piece) {
        // It has written itself already, part by part.
        _ = piece;
        text.Append('\n');
    }

    public override string ToString() => text.ToString();

    [InterpolatedStringHandler]
    internal readonly ref struct Piece(int literalLength, int formattedCount, Html html) {
        readonly Html html = Room(html, literalLength + formattedCount * 20);

        public void AppendLiteral(string literal) => html.text.Append(literal);
        public void AppendFormatted(int value) => html.text.Append(value);
        /// <summary>Line breaks stay visible.</summary>
        public void AppendFormatted(string value) => html.text.Append(value.AsSpan().IndexOfAny('\r', '\n') < 0 ? Encoder.Encode(value) : string.Join("<br>\n", value.ReplaceLineEndings("\n").Split('\n').Select(Encoder.Encode)));

        static Html Room(Html html, int more) {
            html.text.EnsureCapacity(html.text.Length + more);
            return html;
        }
    }
}
