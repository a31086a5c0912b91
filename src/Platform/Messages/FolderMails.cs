using System.Globalization;
using System.Text;
using Cpd.Platform.Data;

namespace Cpd.Platform.Messages;

/// <summary>
/// The files that the folder channel wrote, to be read in development and demonstrations, where nobody has a mailbox. They hold links that sign people in: anywhere
/// else they are on no page.
/// </summary>
/// <param name="folder">Null where they are not to be seen.</param>
sealed class FolderMails(string? folder) {
    internal bool AreShown => folder is not null;

    /// <summary>Newest first.</summary>
    internal PageOf<FolderMail> List(Paging wanted) {
        var files = folder is not null && Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles("*.eml") : [];
        var paging = wanted.Skip < files.Length ? wanted : new Paging(1, wanted.Size);
        return new([.. files.OrderByDescending(f => f.LastWriteTimeUtc).ThenByDescending(f => f.Name, StringComparer.Ordinal).Skip(paging.Skip).Take(paging.Take).Select(Read).OfType<FolderMail>()], files.Length, paging);
    }

    internal FolderMail? Find(Guid id) => folder is not null && new FileInfo(Path.Combine(folder, $"{id:N}.eml")) is { Exists: true } file ? Read(file) : null;

    static FolderMail? Read(FileInfo file) {
        if (!Guid.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var id)) return null;
        var (fields, body) = Part(File.ReadAllText(file.FullName, Encoding.UTF8));
        var type = fields.GetValueOrDefault("Content-Type", "");
        const string Boundary = "boundary=\"";
        var forms = type.IndexOf(Boundary, StringComparison.Ordinal) is >= 0 and var at
            ? body.Split($"--{type[(at + Boundary.Length)..].TrimEnd('"')}").Skip(1).SkipLast(1).Select(p => Part(p.TrimStart('\r', '\n')))
            : [(fields, body)];
        var mail = new FolderMail(id, file.LastWriteTimeUtc, fields.GetValueOrDefault("To", ""), fields.GetValueOrDefault("Subject", ""), fields.GetValueOrDefault("List-Unsubscribe"));
        foreach (var (head, text) in forms) {
            var kind = head.GetValueOrDefault("Content-Type", "");
            mail = kind.StartsWith("text/html", StringComparison.Ordinal) ? mail with { Html = text } : kind.StartsWith("text/calendar", StringComparison.Ordinal) ? mail with { Calendar = text } : mail with { Text = text };
        }
        return mail;
    }

    static (Dictionary<string, string> Fields, string Body) Part(string text) {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        // A field may go on in lines that begin with a space, and may stand twice: the first counts.
        var head = text[..Math.Max(end, 0)].Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        var fields = head.Split("\r\n").Select(l => l.Split(": ", 2)).Where(f => f.Length == 2).DistinctBy(f => f[0], StringComparer.OrdinalIgnoreCase).ToDictionary(f => f[0], f => f[1], StringComparer.OrdinalIgnoreCase);
        return (fields, end < 0 ? text : text[(end + 4)..]);
    }
}

/// <param name="WrittenAt">UTC.</param>
sealed record FolderMail(Guid Id, DateTime WrittenAt, string To, string Subject, string? Refuse) {
    public string Text { get; init; } = "";
    public string? Html { get; init; }
    public string? Calendar { get; init; }
}

static class FolderLinks {
    internal const string Mails = "/mail";
    internal static string Mail(Guid id) => string.Create(CultureInfo.InvariantCulture, $"/mail/{id}");
    internal static string Html(Guid id) => string.Create(CultureInfo.InvariantCulture, $"/mail/{id}/html");
}
