using Cpd.People.Contracts;

namespace Cpd.Training.Bookings;

/// <summary>Why a place is kept for someone who waits: they are to accept it, their manager is to approve, or their group needs more.</summary>
internal enum HoldKind { Offer, Approval, Kept }

/// <summary>What was decided for someone who waits.</summary>
internal enum Verdict {
    /// <summary>The place is theirs.</summary>
    Booked,
    /// <summary>It is theirs once they accept.</summary>
    Offered,
    /// <summary>It is theirs once their manager approves.</summary>
    Approval,
    /// <summary>It is kept until there are enough for the whole group.</summary>
    Kept,
    /// <summary>They would get it, but it is too late for offers: it is open to whoever comes first, them included.</summary>
    LastCall,
    /// <summary>A place is kept for them already.</summary>
    Holds,
    /// <summary>A place was free but they could not have it; others behind them may.</summary>
    PassedOver,
    /// <summary>No place was left when their turn came.</summary>
    Behind,
}

/// <summary>Someone who waits.</summary>
/// <param name="Fresh">They ask at this very moment, so the place is theirs without an offer.</param>
internal sealed record Waiter(Guid BookingId, Guid? SettingId, Guid? AuthorityId, JobRole? JobRole, bool NeedsApproval, bool Fresh, HoldKind? Hold);

/// <summary>A turn in the waiting list: one person, or a group that gets all its places at once or none.</summary>
/// <param name="Rank">Of the priority band, first is 0; those in no band have the highest.</param>
/// <param name="Number">Order of arrival.</param>
/// <param name="Passes">How often a free place went past this group because it needed more.</param>
internal sealed record Turn(IReadOnlyList<Waiter> People, Guid? GroupId, int Rank, int Number, string? Band, int Passes);

/// <summary>At most so many places of one setting, of one job role or of all.</summary>
internal sealed record PlaceLimit(JobRole? JobRole, int Most, DateTime? Until);

/// <summary>Places set aside for people of an authority.</summary>
internal sealed record Quota(Guid AuthorityId, int Places, DateTime ReleasesAt);

/// <summary>By what a session's free places are given out at this moment; limits and quotas are those in force.</summary>
/// <param name="NotNow">Why none is given out at all; null when they are.</param>
/// <param name="LastCall">Too little time is left for offers.</param>
/// <param name="Offers">Whoever waited is asked; otherwise the place is theirs at once.</param>
/// <param name="PassLimit">How many times a group is passed over before places are kept for it.</param>
internal sealed record PlaceRules(int Places, string? NotNow, bool LastCall, bool Offers, int PassLimit, IReadOnlyList<PlaceLimit> Limits, IReadOnlyList<Quota> Quotas);

/// <summary>How many places are taken, booked or held, and by whom.</summary>
internal sealed class Tally(int taken) {
    readonly Dictionary<Guid, int> authorities = [];
    readonly Dictionary<(Guid Setting, JobRole? Role), int> settings = [];

    internal int Taken { get; private set; } = taken;

    /// <summary>Says whose places those are that are taken already.</summary>
    internal void Know(Guid? setting, Guid? authority, JobRole? role, int count) {
        if (authority is { } a) authorities[a] = Of(a) + count;
        if (setting is not { } s) return;
        settings[(s, null)] = Of(s, null) + count;
        if (role is { } r) settings[(s, r)] = Of(s, r) + count;
    }

    internal void Take(Waiter person) {
        Taken++;
        Know(person.SettingId, person.AuthorityId, person.JobRole, 1);
    }

    internal int Of(Guid authority) => authorities.GetValueOrDefault(authority);
    internal int Of(Guid setting, JobRole? role) => settings.GetValueOrDefault((setting, role));

    internal Tally Copy() {
        var copy = new Tally(Taken);
        foreach (var (key, count) in authorities) copy.authorities[key] = count;
        foreach (var (key, count) in settings) copy.settings[key] = count;
        return copy;
    }
}

/// <summary>
/// The one rule by which free places are given out. Turns are looked at in order of band and arrival. Each gets its places if they
/// are there and the session's limits and quotas allow it; otherwise it is passed over, keeps its order, and the next is looked at.
/// A group that has been passed over too often has the places kept that become free, so that no flow of single people starves it.
/// </summary>
internal static class Allocation {
    /// <param name="Why">What the person reads.</param>
    internal sealed record Line(Turn Turn, Waiter Person, Verdict Verdict, string Why);

    /// <param name="Passed">Groups past which a place went in this round.</param>
    internal sealed record Result(IReadOnlyList<Line> Lines, IReadOnlyList<Guid> Passed, int FreeAfter) {
        internal IEnumerable<Line> With(Verdict verdict) => Lines.Where(l => l.Verdict == verdict);
    }

    internal static Result Of(PlaceRules rules, Tally tally, IEnumerable<Turn> turns) {
        var lines = new List<Line>();
        var tooLarge = new List<Guid>();
        var passed = new HashSet<Guid>();
        foreach (var turn in turns.OrderBy(t => t.Rank).ThenBy(t => t.Number)) {
            if (turn.People.All(p => p.Hold is HoldKind.Offer or HoldKind.Approval)) {
                lines.AddRange(turn.People.Select(p => new Line(turn, p, Verdict.Holds, p.Hold == HoldKind.Offer ? "A place is offered" : "The manager has been asked to approve")));
                continue;
            }
            var wanted = turn.People.Where(p => p.Hold is null).ToList();
            var fresh = turn.People.Any(p => p.Fresh);
            if (rules.NotNow is not null || (wanted.Count > 0 && tally.Taken >= rules.Places)) {
                Add(turn, Verdict.Behind, rules.NotNow ?? "No place is free");
                continue;
            }
            var (why, room) = Obstacle(rules, tally, wanted);
            if (why is null && rules.LastCall && !fresh) {
                Add(turn, Verdict.LastCall, "It is too late for offers: free places go to whoever books first");
            } else if (why is null) {
                foreach (var person in wanted) tally.Take(person);
                passed.UnionWith(tooLarge);
                foreach (var person in turn.People)
                    lines.Add(person.NeedsApproval ? new(turn, person, Verdict.Approval, "A place is kept while the manager is asked to approve")
                        : fresh || !rules.Offers ? new(turn, person, Verdict.Booked, "A place was free")
                        : new(turn, person, Verdict.Offered, "A place was free"));
            } else if (room && turn.GroupId is not null && turn.Passes >= rules.PassLimit && !rules.LastCall && turn.People.Count <= rules.Places) {
                var kept = 0;
                foreach (var person in turn.People) {
                    if (person.Hold is null && Obstacle(rules, tally, [person]).Why is null) {
                        tally.Take(person);
                        kept++;
                        lines.Add(new(turn, person, Verdict.Kept, "Kept until there are places for the whole group"));
                    } else {
                        lines.Add(new(turn, person, person.Hold is null ? Verdict.PassedOver : Verdict.Holds, why));
                    }
                }
                if (kept > 0) passed.UnionWith(tooLarge);
            } else {
                if (room && turn.GroupId is { } group) tooLarge.Add(group);
                Add(turn, Verdict.PassedOver, why);
            }
        }
        return new(lines, [.. passed], rules.Places - tally.Taken);

        void Add(Turn turn, Verdict verdict, string why) => lines.AddRange(turn.People.Select(p => new Line(turn, p, verdict, why)));
    }

    /// <summary>Why these people can't all have a place now; null when they can. Room: only because too few are free.</summary>
    internal static (string? Why, bool Room) Obstacle(PlaceRules rules, Tally tally, IReadOnlyList<Waiter> people) {
        var trial = people.Count == 1 ? tally : tally.Copy();
        foreach (var person in people) {
            if (rules.Limits.FirstOrDefault(l => Reached(l, trial, person)) is { } limit) return (Words(limit), false);
            if (people.Count > 1) trial.Take(person);
        }
        var free = rules.Places - tally.Taken;
        if (free < people.Count) return (people.Count == 1 ? "No place is free" : $"The group needs {people.Count} more places and {free} {(free == 1 ? "is" : "are")} free", true);
        trial = tally.Copy();
        foreach (var person in people) {
            var aside = rules.Quotas.Where(q => q.AuthorityId != person.AuthorityId).Sum(q => Math.Max(0, q.Places - trial.Of(q.AuthorityId)));
            if (aside > 0 && trial.Taken + aside >= rules.Places)
                return ($"The free places are kept for other local authorities until {Platform.Web.Show.Date(rules.Quotas.Where(q => q.AuthorityId != person.AuthorityId).Min(q => q.ReleasesAt))}", false);
            trial.Take(person);
        }
        return (null, false);
    }

    static bool Reached(PlaceLimit limit, Tally tally, Waiter person) =>
        person.SettingId is { } setting && (limit.JobRole is null || limit.JobRole == person.JobRole) && tally.Of(setting, limit.JobRole) >= limit.Most;

    static string Words(PlaceLimit limit) =>
        $"The setting has its {Platform.Web.Show.Count(limit.Most, "place")}{(limit.JobRole is { } role ? $" for the role {Wording.Of(role)}" : "")}" + (limit.Until is { } until ? $" until {Platform.Web.Show.Date(until)}" : "");
}
