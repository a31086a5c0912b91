using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;

namespace Cpd.Platform.Messages;

/// <summary>A message as it goes over the wire (RFC 5322, 2045 to 2047): plain ASCII and short lines, so that no server on the way changes anything in it.</summary>
static partial class Mime {
    // With the name of the field before it, a line stays under the 76 characters that a line with such a word may have.
    const int BytesInAWord = 39;
    const int BytesInALine = 57;
    const int LongestQuoted = 75;

    /// <param name="now">UTC.</param>
    internal static string Write(Post post, MailAddress from, MailAddress to, DateTime now) {
        // Neither of the two encodings below can hold "=_".
        var boundary = $"=_{post.Id:N}";
        var text = new StringBuilder();
        Line(string.Create(CultureInfo.InvariantCulture, $"Date: {now:ddd, dd MMM yyyy HH:mm:ss} +0000"));
        Line($"From: {(from.DisplayName.Length > 0 ? $"{Phrase(from.DisplayName)}\r\n <{from.Address}>" : from.Address)}");
        Line($"To: {to.Address}");
        Line($"Subject: {Unstructured(OneLine(post.Subject))}");
        // The same message keeps its id if it is sent again, so that the reader's mail program can see it.
        Line($"Message-ID: <{post.Id:N}@{from.Host}>");
        Line("Auto-Submitted: auto-generated");
        foreach (var (name, value) in Refusal(post)) Line($"{name}: {value}");
        Line($"MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n");
        foreach (var (type, words) in Forms(post)) {
            Line($"--{boundary}\r\nContent-Type: {type}");
            if (type.StartsWith("text/calendar", StringComparison.Ordinal)) Base64(text, words); else QuotedPrintable(text, words);
        }
        Line($"--{boundary}--");
        return text.ToString();

        void Line(string line) => text.Append(line).Append("\r\n");
    }

    /// <summary>An address as it can stand in an envelope. What would begin a header or a command of its own, or needs a server that few have, is refused.</summary>
    internal static MailAddress Address(string recipient) {
        if (recipient.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';') || !MailAddress.TryCreate(recipient, out var address) || address.Address != recipient || !Ascii(address.User))
            throw new MessageRefusedException("The address can't be written to", noSuchAddress: true);
        try {
            return new MailAddress($"{address.User}@{new IdnMapping().GetAscii(address.Host)}");
        } catch (ArgumentException) {
            throw new MessageRefusedException("The address can't be written to", noSuchAddress: true);
        }
    }

    /// <summary>The same message in several forms, of which the reader's program shows the last that it knows.</summary>
    internal static IEnumerable<(string Type, string Text)> Forms(Post post) {
        yield return ("text/plain; charset=utf-8", post.Text);
        if (post.Html.Length > 0) yield return ("text/html; charset=utf-8", post.Html);
        if (post.Calendar is { } calendar) yield return ($"text/calendar; method={calendar.Method}; charset=utf-8", calendar.Text);
    }

    /// <summary>For mail programs that have a button of their own to end such messages.</summary>
    internal static IEnumerable<(string Name, string Value)> Refusal(Post post) => post.Refuse is { } address
        ? [("List-Unsubscribe", $"<{new Uri(address, UriKind.Absolute).AbsoluteUri}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] : [];

    /// <summary>A line break in a header would begin a header of its own.</summary>
    internal static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    static string Unstructured(string text) => Ascii(text) && text.Length < 68 && !text.Contains("=?", StringComparison.Ordinal) ? text : Words(text);

    /// <param name="text">A name in which the framework has left the escapes of the setting.</param>
    static string Phrase(string text) => Name(Escape().Replace(OneLine(text), "$1"));

    static string Name(string text) => Ascii(text) && text.Length < 68 ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Words(text);

    static string Words(string text) {
        var words = new List<string>();
        var (word, bytes) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes()) {
            if (bytes + rune.Utf8SequenceLength > BytesInAWord) Close();
            word.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }
        Close();
        return string.Join("\r\n ", words);

        void Close() {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=");
            word.Clear();
            bytes = 0;
        }
    }

    static void Base64(StringBuilder to, string text) {
        to.Append("Content-Transfer-Encoding: base64\r\n\r\n");
        foreach (var line in Encoding.UTF8.GetBytes(text).Chunk(BytesInALine)) to.Append(Convert.ToBase64String(line)).Append("\r\n");
    }

    static void QuotedPrintable(StringBuilder to, string text) {
        to.Append("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) {
            var bytes = Encoding.UTF8.GetBytes(line);
            var column = 0;
            for (var i = 0; i < bytes.Length; i++) {
                // A blank at the end of a line would be lost on the way.
                var plain = bytes[i] is >= 33 and <= 126 and not (byte)'=' || bytes[i] is (byte)' ' or (byte)'\t' && i < bytes.Length - 1;
                if (column + (plain ? 1 : 3) > LongestQuoted) {
                    to.Append("=\r\n");
                    column = 0;
                }
                if (plain) to.Append((char)bytes[i]); else to.Append(CultureInfo.InvariantCulture, $"={bytes[i]:X2}");
                column += plain ? 1 : 3;
            }
            to.Append("\r\n");
        }
    }

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();

    static bool Ascii(string text) => text.All(c => c is >= ' ' and <= '~');
}
