using System.Text;
using Cpd.Platform.Calendars;
using Cpd.Platform.Web;

namespace Cpd.Platform.Messages;

/// <summary>A message in the form in which it goes out.</summary>
/// <param name="Recipient">An email address; or a mobile number ("+447700900123"), and it is a text message.</param>
/// <param name="Html">The same as the text, as a page for mail programs.</param>
/// <param name="Calendar">What it holds for its reader's calendar; mail programs show it in place of the text or beside it.</param>
/// <param name="Refuse">Where its reader can say that they want no more of this kind; null for what can't be refused. A POST there does it at once (RFC 8058).</param>
public sealed record Post(Guid Id, string Recipient, string Subject, string Text, string Html, CalendarPart? Calendar = null, string? Refuse = null) {
    /// <summary>It may have been handed over before, and nobody knows what became of it: a channel that can look it up looks first.</summary>
    public bool Again { get; init; }

    internal bool IsText => Recipient.StartsWith('+');
}

/// <summary>
/// Makes text and HTML of a letter. The HTML is what mail programs understand: tables and styles in place, one column, no picture but the authority's
/// logo, nothing that is fetched from elsewhere, and readable where all style is left out.
/// </summary>
public sealed class PostMaker(Site site, RefusalToken refusals) {
    const string Service = "CPD for early years";
    const int LogoHeight = 60, LogoWidth = 280;
    const string Face = "font-family:Arial,Helvetica,sans-serif;color:#0b0c0c;";
    // Long words break, so that nothing is wider than a phone; but never those of a fact's label.
    const string Break = "word-break:break-word;overflow-wrap:break-word;";
    const string Body = Face + Break + "font-size:16px;line-height:24px;margin:0 0 16px 0;";

    /// <param name="head">Null where no authority is known.</param>
    /// <param name="kind">For what the authority adds to letters of it.</param>
    public Post Make(Guid id, Letter letter, Letterhead? head = null, LetterKind? kind = null, string? refuse = null) {
        // A line break in a subject would begin a header of its own.
        var subject = OneLine(letter.Subject);
        if (letter.Recipient.StartsWith('+')) return new(id, letter.Recipient, subject, Short(letter, kind is null ? null : head?.Added.GetValueOrDefault(kind.Name)), "");
        var parts = new List<Part>();
        if (letter.Name.Length > 0) parts.Add(new Say($"Dear {OneLine(letter.Name)},"));
        if (head?.Introduction is { } introduction) parts.Add(new Say(introduction));
        parts.AddRange(letter.Parts);
        if (kind is not null && head?.Added.GetValueOrDefault(kind.Name) is { } added) parts.Add(new Say(added));
        if (head?.Closing is { } closing) parts.Add(new Say(closing));
        parts.Add(new Say(head?.SignOff ?? head?.Name ?? Service));
        var (ask, why) = (Ask(head), $"{Service} sent this to {OneLine(letter.Recipient)}.");
        return new(id, letter.Recipient, subject, Text(parts, ask, why, refuse), HtmlOf(subject, parts, head, ask, why, refuse), letter.Calendar, refuse);
    }

    /// <summary>A text message says only what has to be said.</summary>
    static string Short(Letter letter, string? added) => string.Join('\n', letter.Parts.Append(added is null ? null : new Say(added)).OfType<Part>().Select(part => part switch {
        Say say => Lines(say.Text),
        Fact fact => $"{OneLine(fact.Label)}: {OneLine(fact.Value)}",
        Do todo => $"{OneLine(todo.Text)}: {Whole(todo.Address)}",
        See see => $"{OneLine(see.Text)}: {Whole(see.Address)}",
        _ => throw new InvalidOperationException($"No form is known for {part}."),
    }));

    /// <summary>Where this person can refuse messages of this kind.</summary>
    internal string Refuse(Guid personId, LetterKind kind) => site.Absolute(RefuseLettersPage.At(refusals.For(personId, kind)));

    static string Ask(Letterhead? head) => head?.Contact is { } contact ? $"Questions? {contact}" : $"Questions? Ask the early years team of {head?.Name ?? "your local authority"}.";

    static string Text(List<Part> parts, string ask, string why, string? refuse) {
        var text = new StringBuilder();
        Part? before = null;
        foreach (var part in parts) {
            if (before is not null) text.Append(before is Fact && part is Fact ? "\n" : "\n\n");
            text.Append(part switch {
                Say say => Lines(say.Text),
                Fact fact when Lines(fact.Value) is var value => $"{OneLine(fact.Label)}:{(value.Contains('\n', StringComparison.Ordinal) ? "\n    " + value.Replace("\n", "\n    ", StringComparison.Ordinal) : " " + value)}",
                Do todo => $"{OneLine(todo.Text)}:\n{Whole(todo.Address)}",
                See see => $"{OneLine(see.Text)}:\n{Whole(see.Address)}",
                _ => throw new InvalidOperationException($"No form is known for {part}."),
            });
            before = part;
        }
        text.Append("\n\n").Append(Lines(ask)).Append("\n\n--\n").Append(why).Append('\n');
        if (refuse is not null) text.Append("To stop messages of this kind:\n").Append(refuse).Append('\n');
        return text.ToString();
    }

    string HtmlOf(string subject, List<Part> parts, Letterhead? head, string ask, string why, string? refuse) {
        var html = new Html();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en-GB">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <title>{subject}</title>
            </head>
            <body style="margin:0;padding:0;background-color:#f3f2f1;">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f2f1"><tr><td align="center" style="padding:16px 8px;">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:600px;background-color:#ffffff;border-top:8px solid #1d70b8;">
            """);
        html.Add($"""<tr><td style="padding:20px 24px 0 24px;{Face}font-size:18px;line-height:24px;font-weight:bold;">""");
        if (head?.Logo is { } logo) {
            var scale = Math.Min(1, Math.Min((double)LogoHeight / logo.Height, (double)LogoWidth / logo.Width));
            html.Add($"""<img src="{site.Absolute(logo.Path)}" alt="{head.Name}" width="{Math.Max(1, (int)(logo.Width * scale))}" height="{Math.Max(1, (int)(logo.Height * scale))}" style="display:block;border:0;">""");
        } else {
            html.Add($"{head?.Name ?? Service}");
        }
        html.Add($"""
            </td></tr>
            <tr><td style="padding:20px 24px 8px 24px;">
            <h1 style="{Face}{Break}font-size:24px;line-height:30px;font-weight:bold;margin:0 0 20px 0;">{subject}</h1>
            """);
        for (var i = 0; i < parts.Count; i++) {
            switch (parts[i]) {
                case Say say: html.Add($"""<p style="{Body}">{say.Text}</p>"""); break;
                case See see: html.Add($"""<p style="{Body}"><a href="{Whole(see.Address)}" style="color:#1d70b8;text-decoration:underline;">{see.Text}</a></p>"""); break;
                case Do todo:
                    html.Add($"""
                        <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px 0;"><tr><td bgcolor="#00703c" style="background-color:#00703c;">
                        <a href="{Whole(todo.Address)}" style="display:inline-block;padding:10px 16px;{Face}font-size:18px;line-height:24px;font-weight:bold;color:#ffffff;text-decoration:none;">{todo.Text}</a>
                        </td></tr></table>
                        """);
                    break;
                case Fact:
                    html.Add($"""<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px 0;border-collapse:collapse;">""");
                    for (; i < parts.Count && parts[i] is Fact fact; i++)
                        html.Add($"""
                            <tr>
                            <th scope="row" align="left" valign="top" width="30%" style="{Face}font-size:16px;line-height:24px;font-weight:bold;text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid #b1b4b6;">{fact.Label}</th>
                            <td valign="top" style="{Face}{Break}font-size:16px;line-height:24px;padding:8px 0;border-bottom:1px solid #b1b4b6;">{fact.Value}</td>
                            </tr>
                            """);
                    i--;
                    html.Add($"</table>");
                    break;
            }
        }
        html.Add($"""
            <p style="{Body}">{ask}</p>
            </td></tr>
            </table>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;"><tr><td style="padding:16px 24px;">
            <p style="{Face}font-size:14px;line-height:20px;margin:0 0 8px 0;">{why}</p>
            """);
        if (refuse is not null) html.Add($"""<p style="{Face}font-size:14px;line-height:20px;margin:0;"><a href="{refuse}" style="color:#1a65a6;text-decoration:underline;">Stop messages of this kind</a></p>""");
        html.Add($"</td></tr></table>\n</td></tr></table>\n</body>\n</html>");
        return html.ToString();
    }

    /// <summary>A letter is read far from here: anything but a whole address would lead nowhere, or run.</summary>
    static string Whole(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? address : throw new InvalidOperationException("A letter's link is no whole address.");

    static string Lines(string text) => text.ReplaceLineEndings("\n");
    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
