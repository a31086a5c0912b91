using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.People.Reminders;

/// <summary>
/// At nine on Monday, or on the first working day of the week, managers and officers are told what their week brings, in one message for each authority. What it says,
/// every module is asked for. Who has nothing to hear of hears nothing, and who does not want it says so.
/// </summary>
internal sealed class TellTheWeek(Db db, IMediator mediator, Everyone everyone, Site site, TimeProvider clock) : IReminder {
    internal const string Name = "people.week";

    internal static readonly LetterKind AsLetter = new(Name, "Your week", "To setting managers and authority officers on Monday: bookings, offers and certificates of the setting, sessions and registers of the authority.",
        s => Words(s.Recipient, s.Name, s.Now, [new("Little Oaks Nursery", [
            new(Guid.Empty, 1, "Booked this week", [$"{Show.DayAndDate(s.Now.AddDays(2))} at 10am, Talking with two year olds: Amina Khan, Ben Ode"], PeopleLinks.Home),
            new(Guid.Empty, 3, "Certificates that run out", [$"Amina Khan, Paediatric first aid, until {Show.Date(s.Now.AddDays(20))}"], PeopleLinks.Home),
        ])], s.Absolute)) { MayRefuse = true, Permission = PeoplePermissions.SeePeople };

    // Whoever asks for some passes them; a round is for all of the authority.
    const string SelectHolders = """
        SELECT g.PersonId, p.Name, p.Email, g.OrganisationId, s.Name AS OrganisationName, s.AuthorityId, CASE WHEN s.TermTimeOnly = 1 THEN 1 ELSE 0 END AS TermTimeOnly
        FROM people_Grant g
        JOIN people_Person p ON p.Id = g.PersonId
        JOIN people_Setting s ON s.Id = g.OrganisationId
        WHERE g.Role = 'SettingManager' AND g.EndedAt IS NULL AND s.AuthorityId IN @Authorities AND p.Email IS NOT NULL AND (@All = 1 OR g.PersonId IN @People)
        UNION ALL
        SELECT g.PersonId, p.Name, p.Email, g.OrganisationId, a.Name AS OrganisationName, a.Id AS AuthorityId, 0 AS TermTimeOnly
        FROM people_Grant g
        JOIN people_Person p ON p.Id = g.PersonId
        JOIN people_Authority a ON a.Id = g.OrganisationId
        WHERE g.Role = 'AuthorityOfficer' AND g.EndedAt IS NULL AND a.Id IN @Authorities AND p.Email IS NOT NULL AND (@All = 1 OR g.PersonId IN @People)
        """;
    // No question is about more settings than this: an answer names a few people of each.
    const int Batch = 300;

    public string Kind => Name;

    /// <summary>The rounds of this week and the next: at nine on the first day of the week on which the authority works, if there is one.</summary>
    internal static IEnumerable<Planned> Plan(Guid authorityId, ReminderHours hours, DateTime now) {
        var monday = Monday(now);
        foreach (var week in new[] { monday, monday.AddDays(7) }) {
            var at = hours.After(London.StartOf(week), 0);
            if (London.Day(at) < week.AddDays(5)) yield return new Planned(Name, authorityId, authorityId, Planned.Everyone, at) { AuthorityId = authorityId, Priority = MessagePriority.Bulk, GoodUntil = at.AddDays(3), Ahead = TimeSpan.FromHours(1) };
        }
    }

    static DateOnly Monday(DateTime utc) => London.Day(utc) is var day ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : default;

    public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
        var answers = new Dictionary<Guid, Saying>();
        var (rounds, messages) = (due.Where(d => d.RecipientId == Planned.Everyone).ToList(), due.Where(d => d.RecipientId != Planned.Everyone).ToList());
        if (rounds.Count > 0) {
            var holders = (await Holders(rounds, all: true, ct)).ToLookup(h => h.AuthorityId, h => h.PersonId);
            foreach (var round in rounds)
                answers[round.Id] = new SaidToEach([.. holders[round.CauseId].Distinct().Select(to => new Planned(Name, round.CauseId, round.AboutId, to, round.PlannedFor) { AuthorityId = round.AuthorityId, Priority = MessagePriority.Bulk, GoodUntil = round.GoodUntil })]);
        }
        if (messages.Count > 0) await Write(messages, answers, ct);
        return answers;
    }

    async Task Write(List<DueMessage> messages, Dictionary<Guid, Saying> answers, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var today = London.Day(now);
        var days = (await mediator.Send(new ListDaysOff([.. messages.Select(m => m.CauseId).Distinct()], today, today.AddDays(30)), ct)).ToDictionary(d => d.AuthorityId);
        // A setting that is closed for the holidays has no week.
        var holders = (await Holders(messages, all: false, ct)).Where(h => !h.TermTimeOnly || !days[h.AuthorityId].OutOfTerm.Contains(today)).ToList();
        var from = London.StartOf(today);
        var parts = new List<WeekPart>();
        foreach (var some in holders.Select(h => h.OrganisationId).Distinct().Chunk(Batch)) {
            var authorities = holders.Select(h => h.AuthorityId).ToHashSet();
            parts.AddRange(await everyone.Ask<FindWeek, WeekPart>(new([.. some.Where(authorities.Contains)], [.. some.Where(id => !authorities.Contains(id))], from, London.StartOf(Monday(now).AddDays(7))), ct));
        }
        var ofOrganisation = parts.ToLookup(p => p.OrganisationId);
        var ofPerson = holders.ToLookup(h => (h.PersonId, h.AuthorityId));
        foreach (var message in messages) answers[message.Id] = Answer(message);

        Saying Answer(DueMessage message) {
            var held = ofPerson[(message.RecipientId, message.CauseId)].DistinctBy(h => h.OrganisationId).ToList();
            if (held.Count == 0) return new Unsaid("They run nothing there any more, or have no email address");
            if (new ReminderHours(days[message.CauseId].Closed.ToHashSet()).Next(now, null) is var at && at > now) return SaidLater.Or(at, message.GoodUntil);
            // The authority first, then its settings by name.
            var sections = held.OrderBy(h => h.OrganisationId == message.CauseId ? 0 : 1).ThenBy(h => h.OrganisationName, StringComparer.OrdinalIgnoreCase)
                .Select(h => new Section(h.OrganisationName, [.. ofOrganisation[h.OrganisationId].OrderBy(p => p.Rank)])).Where(s => s.Parts.Count > 0).ToList();
            return sections.Count == 0 ? new Unsaid("There is nothing to say") : Words(held[0].Email, held[0].Name, now, sections, site.Absolute);
        }
    }

    Task<IReadOnlyList<Holder>> Holders(List<DueMessage> due, bool all, CancellationToken ct) => db.List<Holder>(SelectHolders, new {
        Authorities = db.Ids(due.Select(d => d.CauseId).Distinct()), All = all ? 1 : 0, People = db.Ids(all ? [] : due.Select(d => d.RecipientId).Distinct()),
    }, ct);

    static Letter Words(string recipient, string name, DateTime now, IReadOnlyList<Section> sections, Func<string, string> absolute) => new(recipient, name, $"Your week from {Show.Date(now)}", [
        .. sections.SelectMany(s => (Part[])[new Say(s.Organisation), .. s.Parts.Select(p => new Fact(p.Heading, string.Join('\n', p.Lines)))]),
        .. sections.SelectMany(s => s.Parts).DistinctBy(p => p.Heading).Select(p => new See(p.Heading, absolute(p.Address))),
    ]);

    sealed record Section(string Organisation, IReadOnlyList<WeekPart> Parts);

    sealed record Holder {
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public string Email { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public string OrganisationName { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public bool TermTimeOnly { get; init; }
    }
}
