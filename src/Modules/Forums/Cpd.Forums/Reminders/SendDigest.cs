using Cpd.Forums.Notices;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Reminders;

/// <summary>
/// What is new on the notice board of a forum goes to its members each week, or each day for those who want it so. Who has left, who wrote all of it, and who has
/// refused such messages gets none; what was hidden meanwhile is left out.
/// </summary>
internal sealed class SendDigest(Db db, IMediator mediator, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "forums.digest";
    internal const int GoodDays = 3;

    internal static readonly LetterKind AsLetter = new(Name, "New on the notice board", "To members of a forum when somebody has written on its notice board: each week, or each day for those who want it so.",
        s => Words(s.Recipient, s.Name, "Birth to three forum", [new() { Title = "A visit to our garden", Words = "We would like to show you what we have built.", PostedAt = s.Now.AddDays(-1) }], s.Absolute(ForumsLinks.Notices(Guid.Empty)))) { MayRefuse = true };

    const int MostShown = 10;

    const string SelectMembers = "SELECT SeriesId, PersonId FROM forums_Member WHERE SeriesId IN @Ids AND Until IS NULL ORDER BY Id";
    const string SelectDaily = """
        SELECT d.PersonId
        FROM forums_DailyReader d
        WHERE EXISTS (SELECT 1 FROM forums_Member m WHERE m.PersonId = d.PersonId AND m.SeriesId IN @Ids AND m.Until IS NULL)
        """;
    const string SelectNew = """
        SELECT n.SeriesId, n.WrittenBy, COALESCE(p.Title, n.Title) AS Title, n.NoticeId, n.Words, n.PostedAt
        FROM forums_Notice n
        LEFT JOIN forums_Notice p ON p.Id = n.NoticeId
        WHERE n.SeriesId IN @Ids AND n.PostedAt >= @Since AND n.HiddenAt IS NULL AND p.HiddenAt IS NULL
        ORDER BY n.PostedAt, n.Id
        """;
    const string SelectSeries = "SELECT Id, Name, AuthorityId FROM forums_Series WHERE Id IN @Ids";

    public string Kind => Name;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var ids = db.Ids(due.Select(d => d.CauseId).Distinct());
        var series = (await db.List<Row>(SelectSeries, new { Ids = ids }, ct)).ToDictionary(s => s.Id);
        var members = (await db.List<Member>(SelectMembers, new { Ids = ids }, ct)).ToLookup(m => m.SeriesId, m => m.PersonId);
        var daily = (await db.List<Guid>(SelectDaily, new { Ids = ids }, ct)).ToHashSet();
        var days = await ReaderDays.Read(mediator, series.Values.Select(s => s.AuthorityId), due.Min(d => d.PlannedFor), ct);
        var since = due.Where(d => series.ContainsKey(d.CauseId)).Select(d => DigestMoments.WeeklyBefore(days.Of(series[d.CauseId].AuthorityId), d.PlannedFor)).DefaultIfEmpty(now).Min();
        var fresh = (await db.List<New>(SelectNew, new { Ids = ids, Since = since }, ct)).ToLookup(n => n.SeriesId);
        var people = await ReaderDays.People(mediator, due, ct);
        return due.ToDictionary(d => d.Id, Answer);

        Saying Answer(DueMessage message) {
            if (!series.TryGetValue(message.CauseId, out var forum)) return new Unsaid("There is no such forum");
            var hours = days.Of(forum.AuthorityId);
            if (message.RecipientId == Planned.Everyone)
                return new SaidToEach([.. members[forum.Id].Where(id => For(id).Count > 0).Select(to => new Planned(Name, forum.Id, forum.Id, to, message.PlannedFor) { AuthorityId = forum.AuthorityId, GoodUntil = message.GoodUntil, Priority = MessagePriority.Bulk })]);
            if (!members[forum.Id].Contains(message.RecipientId) || For(message.RecipientId) is not { Count: > 0 } news) return new Unsaid("There is nothing new for them");
            if (hours.Next(now, message.GoodUntil) is var at && at > now) return SaidLater.Or(at, message.GoodUntil);
            return people.GetValueOrDefault(message.RecipientId) is { Email: { } email } person ? Words(email, person.Name, forum.Name, news, site.Absolute(ForumsLinks.Notices(forum.Id))) : new Unsaid("There is no email address");

            List<New> For(Guid id) {
                if (!daily.Contains(id) && !DigestMoments.IsWeekly(hours, message.PlannedFor)) return [];
                var from = daily.Contains(id) ? DigestMoments.DailyBefore(hours, message.PlannedFor) : DigestMoments.WeeklyBefore(hours, message.PlannedFor);
                return [.. fresh[forum.Id].Where(n => n.WrittenBy != id && n.PostedAt >= from && n.PostedAt < message.PlannedFor)];
            }
        }
    }

    static Letter Words(string recipient, string name, string forum, List<New> news, string address) => new(recipient, name, $"New on the notice board: {forum}", [
        new Say($"{Show.Count(news.Count, "notice or reply has", "notices and replies have")} been written in the {forum}."),
        .. news.Take(MostShown).Select(n => new Fact(n.NoticeId is null ? n.Title : $"Reply to {n.Title}", n.Words.Length > 200 ? n.Words[..200] + "…" : n.Words)),
        new Do("Read and reply", address),
        new Say("On the notice board you can choose whether you are told each day or each week."),
    ]);

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid AuthorityId { get; init; }
    }

    sealed record Member {
        public Guid SeriesId { get; init; }
        public Guid PersonId { get; init; }
    }

    sealed record New {
        public Guid SeriesId { get; init; }
        public Guid WrittenBy { get; init; }
        public string Title { get; init; } = "";
        public Guid? NoticeId { get; init; }
        public string Words { get; init; } = "";
        public DateTime PostedAt { get; init; }
    }
}
