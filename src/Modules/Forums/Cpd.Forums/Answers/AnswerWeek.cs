using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Answers;

/// <summary>What the weekly message says of forums. To a setting: who of its staff is invited or comes this week. To an authority: its meetings of the week, with how many come and how many have sent apologies.</summary>
internal sealed class AnswerWeek(Db db, IMediator mediator) : IPartOf<FindWeek, WeekPart> {
    const string SelectInvited = """
        SELECT b.SettingId AS OrganisationId, b.PersonId, m.StartsAt AS At, s.Name
        FROM forums_Member b
        JOIN forums_Series s ON s.Id = b.SeriesId
        JOIN forums_Meeting m ON m.SeriesId = s.Id
        LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.PersonId = b.PersonId
        WHERE b.SettingId IN @Settings AND b.Until IS NULL AND m.State = 'Published' AND m.StartsAt >= @From AND m.StartsAt < @To AND (p.Reply IS NULL OR p.Reply = 'Coming')
        ORDER BY m.StartsAt, b.Id
        """;
    const string SelectMeetings = """
        SELECT s.AuthorityId AS OrganisationId, m.StartsAt AS At, s.Name,
            (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Coming') AS Coming,
            (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Apologies') AS Apologies,
            (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Waiting') AS Waiting
        FROM forums_Meeting m
        JOIN forums_Series s ON s.Id = m.SeriesId
        WHERE s.AuthorityId IN @Authorities AND m.State = 'Published' AND m.StartsAt >= @From AND m.StartsAt < @To
        ORDER BY m.StartsAt, m.Id
        """;

    public async Task<IReadOnlyList<WeekPart>> Answer(FindWeek question, CancellationToken ct) {
        var asked = new { Settings = db.Ids(question.SettingIds), Authorities = db.Ids(question.AuthorityIds), question.From, question.To };
        var parts = new List<WeekPart>();
        if (question.SettingIds.Count > 0) {
            var invited = await db.List<Row>(SelectInvited, asked, ct);
            var names = new Dictionary<Guid, string>();
            foreach (var people in invited.Select(r => r.PersonId).Distinct().Chunk(1000))
                foreach (var person in await mediator.Send(new FindPeople(people), ct)) names[person.Id] = person.Name;
            parts.AddRange(WeekPart.Of(invited.GroupBy(r => (r.OrganisationId, r.At, r.Name)).Select(g => (g.Key.OrganisationId, $"{Show.DayAndDate(g.Key.At)} at {Show.Time(g.Key.At)}, {g.Key.Name}: {string.Join(", ", g.Select(r => names.GetValueOrDefault(r.PersonId, "")))}")),
                3, "Forums this week", ForumsLinks.List));
        }
        if (question.AuthorityIds.Count > 0)
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectMeetings, asked, ct)).Select(r => (r.OrganisationId, $"{Show.DayAndDate(r.At)} at {Show.Time(r.At)}, {r.Name}: {r.Coming} coming, {Show.Count(r.Apologies, "apology", "apologies")}{(r.Waiting > 0 ? $", {r.Waiting} on the waiting list" : "")}")),
                5, "Forums this week", ForumsLinks.List));
        return parts;
    }

    sealed record Row {
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public DateTime At { get; init; }
        public string Name { get; init; } = "";
        public int Coming { get; init; }
        public int Apologies { get; init; }
        public int Waiting { get; init; }
    }
}
