using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.People.Answers;

/// <summary>What the weekly message says of messages that do not arrive: to a setting, whose address is dead; to an authority, how many wait until somebody puts them right.</summary>
internal sealed class AnswerWeek(Db db, DeadAddresses dead, Deliveries deliveries, TimeProvider clock) : IPartOf<FindWeek, WeekPart> {
    const string SelectAddresses = """
        SELECT m.SettingId, p.Name, p.Email
        FROM people_Membership m
        JOIN people_Person p ON p.Id = m.PersonId
        WHERE m.SettingId IN @Settings AND m.JoinedOn <= @Today AND (m.LeftOn IS NULL OR m.LeftOn >= @Today) AND p.Email IS NOT NULL
        ORDER BY p.NameKey, p.Id, m.Id
        """;

    public async Task<IReadOnlyList<WeekPart>> Answer(FindWeek question, CancellationToken ct) {
        var parts = new List<WeekPart>();
        if (question.SettingIds.Count > 0) {
            var staff = await db.List<Row>(SelectAddresses, new { Settings = db.Ids(question.SettingIds), Today = London.Today(clock) }, ct);
            var unreachable = await dead.Among(staff.Select(s => s.Email), ct);
            parts.AddRange(WeekPart.Of(staff.Where(s => unreachable.Contains(s.Email)).Select(s => (s.SettingId, $"{s.Name}: there is no address {s.Email}")), 5, "People whom messages do not reach", PeopleLinks.People));
        }
        if (question.AuthorityIds.Count > 0)
            parts.AddRange(WeekPart.Of((await deliveries.Parked(question.AuthorityIds, ct)).Select(p => (p.Key, $"{Show.Count(p.Value, "message waits", "messages wait")} until somebody puts them right and sends them again")), 5, "Messages that could not be sent", PeopleLinks.UnsentMessages));
        return parts;
    }

    sealed record Row {
        public Guid SettingId { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
    }
}
