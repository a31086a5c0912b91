using Cpd.Forums.Papers;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>When the papers of a meeting are ready its members are told, in the day, with the date that the meeting has then; of one that was called off or is over nothing is said.</summary>
internal sealed class TellOfPapers(Db db, IMediator mediator, Site site, PapersToken tokens, TimeProvider clock) : IReminder {
    internal const string Name = "forums.papers";

    internal static readonly LetterKind AsLetter = new(Name, "Papers ready", "To each member of a forum, when the papers of its next meeting are ready.",
        s => Words(s.Recipient, s.Name, "Birth to three forum", s.Now.AddDays(7), s.Now.AddDays(7).AddHours(2), "Town Hall", s.Absolute(ForumsLinks.PapersByLink("example"))));

    // Who has sent apologies may still want to read.
    const string SelectMembers = """
        SELECT m.Id AS MeetingId, f.PersonId
        FROM forums_Meeting m
        JOIN forums_Member f ON f.SeriesId = m.SeriesId AND f.Until IS NULL
        WHERE m.Id IN @Ids AND m.State = 'Published'
        ORDER BY f.Id
        """;
    const string SelectMeetings = """
        SELECT m.Id, s.AuthorityId, s.Name, m.StartsAt, m.EndsAt, m.Venue
        FROM forums_Meeting m
        JOIN forums_Series s ON s.Id = m.SeriesId
        WHERE m.Id IN @Ids AND m.State = 'Published' AND m.StartsAt > @Now
        """;

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var ids = db.Ids(due.Select(d => d.CauseId).Distinct());
        var meetings = (await db.List<Row>(SelectMeetings, new { Ids = ids, Now = now }, ct)).ToDictionary(m => m.Id);
        var members = (await db.List<Member>(SelectMembers, new { Ids = ids }, ct)).ToLookup(m => m.MeetingId, m => m.PersonId);
        var people = await ReaderDays.People(mediator, due, ct);
        var days = await ReaderDays.Read(mediator, meetings.Values.Select(m => m.AuthorityId), now, ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!meetings.TryGetValue(message.CauseId, out var meeting)) return new Unsaid("The meeting is called off or has begun");
            if (message.RecipientId == Planned.Everyone)
                return new SaidToEach([.. members[meeting.Id].Select(to => new Planned(Name, meeting.Id, meeting.Id, to, message.PlannedFor) { AuthorityId = meeting.AuthorityId, GoodUntil = message.GoodUntil })]);
            if (!members[meeting.Id].Contains(message.RecipientId)) return new Unsaid("They have left the forum");
            if (days.Of(meeting.AuthorityId).Next(now, meeting.StartsAt) is var at && at > now) return SaidLater.Or(at, meeting.StartsAt);
            return people.GetValueOrDefault(message.RecipientId) is { Email: { } email } person
                ? Words(email, person.Name, meeting.Name, meeting.StartsAt, meeting.EndsAt, meeting.Venue, site.Absolute(ForumsLinks.PapersByLink(tokens.For(meeting.Id, person.Id, meeting.EndsAt.AddDays(LinkDays)))))
                : new Unsaid("There is no email address");
        }
    }

    /// <summary>For so long after the meeting its link still opens what was handed out.</summary>
    const int LinkDays = 30;

    static Letter Words(string recipient, string name, string forum, DateTime startsAt, DateTime endsAt, string venue, string address) => new(recipient, name, $"Papers are ready: {forum}, {Show.Date(startsAt)}", [
        new Say($"The agenda and the papers for the next meeting of the {forum} are ready to read."),
        new Fact("When", Show.DayAndPeriod(startsAt, endsAt)), new Fact("Where", venue),
        new Do("Read the papers", address),
        new Say("The link is yours alone. You can also vote in the polls of the meeting with it."),
    ]);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Venue { get; init; } = "";
    }

    sealed record Member {
        public Guid MeetingId { get; init; }
        public Guid PersonId { get; init; }
    }
}
