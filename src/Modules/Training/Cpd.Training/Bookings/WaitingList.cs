using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>
/// A session's waiting list with all that a decision about it depends on: the rules in force at this moment, who has places, and who
/// waits in which order. The same reading serves the decision, the position that people are shown, and the check of the invariant.
/// </summary>
internal sealed class WaitingList(Db db, IMediator mediator, TimeProvider clock) {
    const string SelectSession = """
        SELECT s.Id, s.AuthorityId, s.State, s.StartsAt, s.OpensAt, s.ClosesAt, s.Places, s.PlacesTaken, s.WaitingCount, s.Ruled, s.DueAt,
            r.Offers, r.OfferHours, r.LastHours, r.DayStarts, r.DayEnds, r.PassLimit, r.ApprovalHours
        FROM training_Session s
        LEFT JOIN training_BookingRule r ON r.AuthorityId = s.AuthorityId
        WHERE s.Id = @SessionId
        """;
    const string SelectWaiting = """
        SELECT b.Id, b.PersonId, b.SettingId, b.AuthorityId, b.JobRole, b.Reference, b.WaitingNumber, b.GroupId, b.Approval, b.LastCallAt, b.BookedBy, g.Passes, g.MadeBy,
            h.Id AS HoldId, h.Kind AS HoldKind, h.ExpiresAt
        FROM training_Booking b
        LEFT JOIN training_BookingGroup g ON g.Id = b.GroupId
        LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
        WHERE b.SessionId = @SessionId AND b.State = 'Waiting'
        ORDER BY b.WaitingNumber, b.Id
        """;
    const string SelectTaken = """
        SELECT b.SettingId, b.AuthorityId, b.JobRole, COUNT(*) AS Taken
        FROM training_Booking b
        WHERE b.SessionId = @SessionId AND b.CancelledAt IS NULL AND b.IsWalkIn = 0
          AND (b.State = 'Booked' OR EXISTS (SELECT 1 FROM training_Hold h WHERE h.BookingId = b.Id AND h.EndedAt IS NULL))
        GROUP BY b.SettingId, b.AuthorityId, b.JobRole
        """;
    const string SelectLimits = "SELECT JobRole, Most, Until FROM training_PlaceLimit WHERE SessionId = @SessionId ORDER BY JobRole";
    const string SelectQuotas = "SELECT AuthorityId, Places, ReleasesAt FROM training_Quota WHERE SessionId = @SessionId ORDER BY AuthorityId";
    const string SelectBands = "SELECT Id, Name, Reason, Kind, SettingType FROM training_Band WHERE AuthorityId = @AuthorityId ORDER BY Rank, Id";
    const string SelectListed = "SELECT BandId, SettingId FROM training_BandSetting WHERE BandId IN @Bands AND SettingId IN @Settings";
    const string SelectPlaced = """
        SELECT DISTINCT b.SettingId, b.PersonId
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        WHERE b.State = 'Booked' AND s.AuthorityId = @AuthorityId AND s.State = 'Published' AND s.StartsAt >= @From AND s.StartsAt < @To
          AND (b.SettingId IN @Settings OR b.PersonId IN @People)
        """;

    /// <summary>The list as it stands, or null when there is no such session.</summary>
    /// <param name="fresh">Bookings that ask at this very moment.</param>
    internal async Task<List?> Read(Guid sessionId, IReadOnlySet<Guid> fresh, CancellationToken ct) {
        if (await db.One<Session>(SelectSession, new { SessionId = sessionId }, ct) is not { } session) return null;
        var people = session.WaitingCount == 0 ? [] : await db.List<Person>(SelectWaiting, new { SessionId = sessionId }, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var deadline = session.ClosesAt is { } closes ? WorkingTime.Earlier(closes, session.StartsAt) : session.StartsAt;
        var time = await Time(session, now, deadline, people.Count > 0, ct);
        var (limits, quotas) = session.Ruled
            ? (await db.List<LimitRow>(SelectLimits, new { SessionId = sessionId }, ct), await db.List<QuotaRow>(SelectQuotas, new { SessionId = sessionId }, ct)) : ([], []);
        var rules = new PlaceRules(session.Places, NotNow(session, now), time.Before(deadline, session.LastHours ?? BookingRules.Default.LastHours) < now,
            session.Offers ?? BookingRules.Default.Offers, session.PassLimit ?? BookingRules.Default.PassLimit,
            [.. limits.Where(l => l.Until is null || l.Until > now).Select(l => new PlaceLimit(Role(l.JobRole), l.Most, l.Until))],
            [.. quotas.Where(q => q.ReleasesAt > now).Select(q => new Quota(q.AuthorityId, q.Places, q.ReleasesAt))]);
        var bands = people.Count > 0 ? await Bands(session, people, ct) : (_ => (0, null));
        var tally = new Tally(session.PlacesTaken);
        if (rules.Limits.Count + rules.Quotas.Count > 0)
            foreach (var row in await db.List<TakenRow>(SelectTaken, new { SessionId = sessionId }, ct)) tally.Know(row.SettingId, row.AuthorityId, Role(row.JobRole), row.Taken);
        return new(session, rules, tally, people, fresh, bands, limits, quotas, time, deadline, now);
    }

    async Task<WorkingTime> Time(Session session, DateTime now, DateTime deadline, bool matters, CancellationToken ct) {
        // Where nobody waits, nothing is counted in working hours.
        var closed = matters && deadline > now ? await mediator.Send(new ListClosedDays(session.AuthorityId, London.Day(now), London.Day(deadline)), ct) : [];
        return new(At(session.DayStarts ?? BookingRules.Default.DayStarts), At(session.DayEnds ?? BookingRules.Default.DayEnds), closed.ToHashSet());
        static TimeOnly At(int minutes) => TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(Math.Min(minutes, 1439)));
    }

    static string? NotNow(Session session, DateTime now) =>
        session.State != Publication.Published ? "The session has been cancelled"
        : session.StartsAt <= now ? "The session has started"
        : session.ClosesAt <= now ? $"Booking closed on {Show.Date(session.ClosesAt.Value.AddTicks(-1))}"
        : session.OpensAt > now ? $"Booking opens on {Show.Date(session.OpensAt.Value)}" : null;

    /// <summary>The band of each person who waits: the first that fits. A person without a setting is looked at alone.</summary>
    async Task<Func<Person, (int Rank, string? Name)>> Bands(Session session, IReadOnlyList<Person> people, CancellationToken ct) {
        var bands = await db.List<Band>(SelectBands, new { session.AuthorityId }, ct);
        if (bands.Count == 0) return _ => (0, null);
        var settings = people.Select(p => p.SettingId).OfType<Guid>().Distinct().ToList();
        var alone = people.Where(p => p.SettingId is null).Select(p => p.PersonId).Distinct().ToList();
        var listed = bands.Any(b => b.Kind == BandKind.SettingList)
            ? (await db.List<Listed>(SelectListed, new { Bands = db.Ids(bands.Select(b => b.Id)), Settings = db.Ids(settings) }, ct)).Select(l => (l.BandId, l.SettingId)).ToHashSet() : [];
        var types = bands.Any(b => b.Kind == BandKind.SettingType) ? (await mediator.Send(new FindSettings(settings), ct)).ToDictionary(s => s.Id, s => s.Type) : [];
        var placed = new HashSet<Guid>();
        if (bands.Any(b => b.Kind == BandKind.NoPlaceThisYear)) {
            var year = London.Day(session.StartsAt) is var day && day.Month >= 9 ? day.Year : day.Year - 1;
            foreach (var row in await db.List<Placed>(SelectPlaced, new {
                session.AuthorityId, From = London.StartOf(new DateOnly(year, 9, 1)), To = London.StartOf(new DateOnly(year + 1, 9, 1)), Settings = db.Ids(settings), People = db.Ids(alone),
            }, ct)) placed.Add(row.SettingId ?? row.PersonId);
        }
        return person => {
            for (var rank = 0; rank < bands.Count; rank++)
                if (bands[rank].Kind switch {
                    BandKind.NoPlaceThisYear => !placed.Contains(person.SettingId ?? person.PersonId),
                    BandKind.SettingList => person.SettingId is { } listedAt && listed.Contains((bands[rank].Id, listedAt)),
                    _ => person.SettingId is { } at && types.GetValueOrDefault(at) == bands[rank].SettingType,
                }) return (rank, $"{bands[rank].Name}: {bands[rank].Reason}");
            return (bands.Count, null);
        };
    }

    /// <param name="Position">From 1; null for someone who has a place offered or held until their manager approves.</param>
    /// <param name="Until">When what is held ends.</param>
    /// <param name="Band">The priority band and its reason; null when in none.</param>
    /// <param name="Group">How many wait together, this one included.</param>
    /// <param name="MayTake">A place is free and it is too late for offers: it goes to whoever takes it first.</param>
    internal sealed record Standing(int? Position, int Waiting, HoldKind? Hold, DateTime? Until, string Why, string? Band, int Group, bool MayTake);

    internal static JobRole? Role(string? word) => Enum.TryParse<JobRole>(word, out var role) ? role : null;

    /// <summary>The list as it was read.</summary>
    internal sealed class List {
        readonly Dictionary<Guid, Person> byId;
        readonly IReadOnlyList<LimitRow> limits;
        readonly IReadOnlyList<QuotaRow> quotas;
        readonly WorkingTime time;
        readonly DateTime now;

        internal List(Session session, PlaceRules rules, Tally tally, IReadOnlyList<Person> people, IReadOnlySet<Guid> fresh, Func<Person, (int Rank, string? Name)> bands,
            IReadOnlyList<LimitRow> limits, IReadOnlyList<QuotaRow> quotas, WorkingTime time, DateTime deadline, DateTime now) {
            (Session, Rules, Tally, People, Deadline) = (session, rules, tally, people, deadline);
            (this.limits, this.quotas, this.time, this.now) = (limits, quotas, time, now);
            byId = people.ToDictionary(p => p.Id);
            // A group comes in the band of its last member, or one colleague of a favoured setting would carry all the others forward.
            Turns = [.. people.GroupBy(p => p.GroupId ?? p.Id).Select(g => {
                var (rank, name) = g.Select(bands).MaxBy(b => b.Rank);
                return new Turn([.. g.Select(p => new Waiter(p.Id, p.SettingId, p.AuthorityId, Role(p.JobRole), p.Approval == Approval.Asked, fresh.Contains(p.Id), p.HoldKind))],
                    g.First().GroupId, rank, g.Min(p => p.WaitingNumber), name, g.First().Passes ?? 0);
            }).OrderBy(t => t.Rank).ThenBy(t => t.Number)];
        }

        internal Session Session { get; }
        internal PlaceRules Rules { get; }
        internal Tally Tally { get; }
        internal IReadOnlyList<Person> People { get; }
        internal IReadOnlyList<Turn> Turns { get; }
        /// <summary>Nobody can be booked from here on: booking closes or the session starts.</summary>
        internal DateTime Deadline { get; }
        internal Person this[Guid bookingId] => byId[bookingId];

        internal Allocation.Result Decide() => Allocation.Of(Rules, Tally.Copy(), Turns);

        /// <summary>Place in the list, from 1, of each who waits and has no place offered or held for approval.</summary>
        internal IReadOnlyDictionary<Guid, int> Positions() =>
            Turns.SelectMany(t => t.People).Where(p => p.Hold is null or HoldKind.Kept).Select((p, i) => (p.BookingId, Position: i + 1)).ToDictionary(p => p.BookingId, p => p.Position);

        /// <summary>Where someone who waits stands at this moment, and why they have no place yet: from the same rule that gives places out.</summary>
        internal Standing? Of(Guid bookingId) {
            if (!byId.TryGetValue(bookingId, out var person)) return null;
            var positions = Positions();
            var line = Decide().Lines.First(l => l.Person.BookingId == bookingId);
            return new(positions.TryGetValue(bookingId, out var position) ? position : null, positions.Count, person.HoldKind, person.ExpiresAt, line.Why, line.Turn.Band, line.Turn.People.Count, line.Verdict == Verdict.LastCall);
        }

        internal DateTime Expires(HoldKind kind) => kind switch {
            HoldKind.Kept => LastCallFrom,
            HoldKind.Approval => WorkingTime.Earlier(time.After(now, Session.ApprovalHours ?? BookingRules.Default.ApprovalHours), Deadline),
            _ => WorkingTime.Earlier(time.After(now, Session.OfferHours ?? BookingRules.Default.OfferHours), Deadline),
        };

        /// <summary>From here on there are no offers.</summary>
        internal DateTime LastCallFrom => time.Before(Deadline, Session.LastHours ?? BookingRules.Default.LastHours).AddMilliseconds(1);

        /// <summary>When time alone may next change something: a hold ends, a rule falls away, offers end; null when nothing of the kind is ahead.</summary>
        internal DateTime? NextChange(IEnumerable<DateTime> holds) {
            DateTime?[] ahead = [.. holds.Select(h => (DateTime?)h), .. limits.Select(l => l.Until), .. quotas.Select(q => (DateTime?)q.ReleasesAt), Session.OpensAt, LastCallFrom];
            return ahead.Where(t => t > now).Min();
        }
    }

    internal sealed record Session {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public Publication State { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public bool Ruled { get; init; }
        public DateTime? DueAt { get; init; }
        public bool? Offers { get; init; }
        public int? OfferHours { get; init; }
        public int? LastHours { get; init; }
        public int? DayStarts { get; init; }
        public int? DayEnds { get; init; }
        public int? PassLimit { get; init; }
        public int? ApprovalHours { get; init; }
    }

    /// <summary>One who waits, with the place that is held for them if one is.</summary>
    internal sealed record Person {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public Guid? AuthorityId { get; init; }
        public string? JobRole { get; init; }
        public string Reference { get; init; } = "";
        public int WaitingNumber { get; init; }
        public Guid? GroupId { get; init; }
        public Approval? Approval { get; init; }
        public DateTime? LastCallAt { get; init; }
        public Guid BookedBy { get; init; }
        public int? Passes { get; init; }
        public Guid? MadeBy { get; init; }
        public Guid? HoldId { get; init; }
        public HoldKind? HoldKind { get; init; }
        public DateTime? ExpiresAt { get; init; }
    }

    internal sealed record LimitRow {
        public string JobRole { get; init; } = "";
        public int Most { get; init; }
        public DateTime? Until { get; init; }
    }

    internal sealed record QuotaRow {
        public Guid AuthorityId { get; init; }
        public int Places { get; init; }
        public DateTime ReleasesAt { get; init; }
    }

    sealed record TakenRow {
        public Guid? SettingId { get; init; }
        public Guid? AuthorityId { get; init; }
        public string? JobRole { get; init; }
        public int Taken { get; init; }
    }

    sealed record Band {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Reason { get; init; } = "";
        public BandKind Kind { get; init; }
        public string? SettingType { get; init; }
    }

    sealed record Listed {
        public Guid BandId { get; init; }
        public Guid SettingId { get; init; }
    }

    sealed record Placed {
        public Guid? SettingId { get; init; }
        public Guid PersonId { get; init; }
    }
}
