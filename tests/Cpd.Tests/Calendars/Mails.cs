namespace Cpd.Tests.Calendars;

/// <summary>A message as the folder channel wrote it, taken apart.</summary>
/// <param name="Written">The part of its id that is the time.</param>
sealed record Mail(string Written, string To, string Subject, string Words, string Html, IReadOnlyDictionary<string, string> Fields, string? Method, string? Calendar) {
    internal static Mail Parse(string eml) {
        var (head, rest) = Cut(eml, "\r\n\r\n");
        var fields = head.Split("\r\n").Select(l => Cut(l, ": ")).ToDictionary(f => f.Item1, f => f.Item2);
        const string Multipart = "multipart/alternative; boundary=\"";
        var written = fields["Message-ID"][1..13];
        var boundary = fields["Content-Type"][Multipart.Length..^1];
        var parts = rest.Split($"--{boundary}");
        Assert.Equal(("", "--\r\n"), (parts[0], parts[^1]));
        Assert.InRange(parts.Length, 4, 5);
        Assert.StartsWith("\r\nContent-Type: text/plain; charset=utf-8\r\n", parts[1], StringComparison.Ordinal);
        Assert.StartsWith("\r\nContent-Type: text/html; charset=utf-8\r\n", parts[2], StringComparison.Ordinal);
        var (words, html) = (Cut(parts[1], "\r\n\r\n").Item2, Cut(parts[2], "\r\n\r\n").Item2);
        if (parts.Length == 4) return new(written, fields["To"], fields["Subject"], words, html, fields, null, null);
        var (type, text) = Cut(parts[3], "\r\n\r\n");
        var method = Cut(Cut(type, "Content-Type: text/calendar; method=").Item2, "; charset=utf-8\r\n").Item1;
        // The last line break belongs to the boundary.
        return new(written, fields["To"], fields["Subject"], words, html, fields, method, text[..^2]);
    }

    /// <summary>What ical.js reads of the calendar part; its method is the part's.</summary>
    internal async Task<ICalEvent> Event() {
        Assert.NotNull(Calendar);
        var file = await ICal.Read(Calendar);
        Assert.Equal(Method, file.Method);
        return Assert.Single(file.Events);
    }

    static (string, string) Cut(string text, string at) => text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var i ? (text[..i], text[(i + at.Length)..]) : (text, "");
}

/// <summary>What a person is sent.</summary>
static class Mails {
    internal static Task<string> Email(this CpdApp app, Guid personId) => app.Database(async db => (await db.One<string>("SELECT Email FROM people_Person WHERE Id = @personId", new { personId }, default))!);

    /// <summary>All messages to this person so far, in the order they were written; of one moment, by the number of their date.</summary>
    internal static async Task<IReadOnlyList<Mail>> MailTo(this CpdApp app, Guid personId) {
        var email = await app.Email(personId);
        return [.. (await app.DrainMail()).Select(Mail.Parse).Where(m => m.To == email)
            .OrderBy(m => m.Written, StringComparer.Ordinal).ThenBy(m => m.Calendar?.Split("\r\n").First(l => l.StartsWith("UID:", StringComparison.Ordinal)), StringComparer.Ordinal)];
    }
}
