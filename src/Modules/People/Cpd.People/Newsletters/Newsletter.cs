using Cpd.People.Contracts;
using Cpd.Platform.Messages;
using Cpd.Platform.Security;

namespace Cpd.People.Newsletters;

internal enum NewsletterState { Draft, Sent, Cancelled }

/// <summary>What an authority writes to many people at once, as every slice here knows it.</summary>
internal sealed record Newsletter {
    internal const int LongestSubject = 150, LongestWords = 20_000;

    public Guid Id { get; init; }
    public Guid AuthorityId { get; init; }
    public string Subject { get; init; } = "";
    public string Words { get; init; } = "";
    public NewsletterState State { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? SentAt { get; init; }
    public int Version { get; init; }

    internal const string Select = "SELECT Id, AuthorityId, Subject, Words, State, CreatedAt, SentAt, Version FROM people_Newsletter WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";

    internal static readonly LetterKind Kind = new("newsletter", "Newsletter", "To those whom you choose, when you send one.",
        s => new Newsletter { Subject = "Training this term", Words = $"The programme for this term is out.\n\nSee what is on:\n{s.Absolute("/courses")}" }.To(s.Recipient, s.Name)) { MayRefuse = true };

    /// <summary>Roles that can be written to besides the staff of settings.</summary>
    internal static readonly IReadOnlyList<Role> Roles = [Role.SettingManager, Role.Trainer, Role.TrainingProviderOfficer, Role.PlacementHost, Role.InstitutionOfficer, Role.Student];

    internal static object Reach(CurrentUser me, Platform.Data.Db db, object args) {
        var reach = me.Reach(PeoplePermissions.SendNewsletters);
        return Platform.Data.Db.Args(args, new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) });
    }

    /// <summary>Paragraphs stand apart by an empty line; web addresses on lines of their own at the end of one are links, and a line before them that ends in a colon says what they are.</summary>
    internal Letter To(string recipient, string name) {
        var parts = new List<Part>();
        foreach (var paragraph in Words.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) {
            var lines = paragraph.Split('\n', StringSplitOptions.TrimEntries).ToList();
            var said = lines.Count;
            while (said > 0 && IsLink(lines[said - 1])) said--;
            var label = said > 0 && said < lines.Count && lines[said - 1].EndsWith(':') ? lines[said - 1].TrimEnd(':') : null;
            var words = lines.Take(label is null ? said : said - 1).ToList();
            if (words.Count > 0) parts.Add(new Say(string.Join('\n', words)));
            parts.AddRange(lines.Skip(said).Select(l => new See(label ?? $"Open {new Uri(l).Host}", l)));
        }
        return new(recipient, name, Subject, parts);
    }

    static bool IsLink(string line) => !line.Contains(' ', StringComparison.Ordinal) && Uri.TryCreate(line, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";
}
