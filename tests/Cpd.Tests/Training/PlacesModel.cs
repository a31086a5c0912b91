namespace Cpd.Tests.Training;

/// <summary>
/// How places are given out, in the plainest words: no database, no counters, everything looked at anew each time. The property test
/// holds the product against it, person by person, after every command.
/// </summary>
sealed class PlacesModel {
    internal enum State { Waiting, Offered, Approval, Kept, Booked, Gone }

    internal sealed class Person {
        internal required Guid Id { get; init; }
        internal required Guid Setting { get; init; }
        internal required Guid Authority { get; init; }
    }

    internal sealed record Entry(Guid Person, Guid Setting, Guid Authority, int Number, int? Group, bool NeedsApproval, State State, DateTime? Until);

    internal List<Entry> Entries { get; private set; } = [];
    internal Dictionary<int, int> Passes { get; private set; } = [];
    internal int Places { get; set; }
    internal (int Most, DateTime? Until)? Limit { get; set; }
    internal (Guid Authority, int Places, DateTime Until)? Quota { get; set; }
    internal required bool Offers { get; init; }
    internal required int PassLimit { get; init; }
    internal required DateTime Deadline { get; init; }
    internal required DateTime LastCallFrom { get; init; }
    int next = 1;

    internal IEnumerable<Entry> Live => Entries.Where(e => e.State != State.Gone);
    internal int Taken => Live.Count(e => e.State != State.Waiting);
    internal Entry? Of(Guid person) => Live.SingleOrDefault(e => e.Person == person);

    internal (List<Entry>, Dictionary<int, int>) Remember() => ([.. Entries], new(Passes));
    internal void Restore((List<Entry> Entries, Dictionary<int, int> Passes) before) => (Entries, Passes) = (before.Entries, before.Passes);

    internal void Ask(IEnumerable<Person> people, bool together, bool approval, DateTime now) {
        var list = people.ToList();
        var group = together && list.Count > 1 ? next : (int?)null;
        if (group is { } g) Passes[g] = 0;
        foreach (var person in list) Entries.Add(new(person.Id, person.Setting, person.Authority, next++, group, approval, State.Waiting, null));
        Settle(now, [.. list.Select(p => p.Id)]);
    }

    internal void End(Guid person) => Change(Of(person)!, State.Gone);

    internal void Change(Entry entry, State state) => Entries[Entries.IndexOf(entry)] = entry with { State = state, Until = null };

    /// <summary>The place, its number and its group stay.</summary>
    internal void HandOver(Entry entry, Guid colleague) => Entries[Entries.IndexOf(entry)] = entry with { Person = colleague };

    internal void Approve(Guid person) => Entries[Entries.IndexOf(Of(person)!)] = Of(person)! with { NeedsApproval = false };

    /// <summary>Free places go to those who wait.</summary>
    internal void Settle(DateTime now, HashSet<Guid>? fresh = null) {
        foreach (var over in Live.Where(e => e.Until <= now).ToList()) Change(over, over.State == State.Kept ? State.Waiting : State.Gone);
        if (now >= Deadline) return;
        var tooLarge = new List<int>();
        var turns = Live.Where(e => e.State is State.Waiting or State.Kept).GroupBy(e => e.Group ?? -e.Number).OrderBy(g => g.Min(e => e.Number)).Select(g => g.ToList()).ToList();
        foreach (var turn in turns) {
            var wanted = turn.Where(e => e.State == State.Waiting).ToList();
            var asks = turn.Any(e => fresh?.Contains(e.Person) == true);
            if (wanted.Count > 0 && Taken >= Places) continue;
            if (Fits(wanted, now)) {
                if (now >= LastCallFrom && !asks) continue;
                foreach (var entry in turn) Change(Of(entry.Person)!, entry.NeedsApproval ? State.Approval : asks || !Offers ? State.Booked : State.Offered);
                Went(tooLarge);
            } else if (OnlyTooFew(wanted, now) && turn[0].Group is { } group) {
                if (Passes[group] < PassLimit || now >= LastCallFrom || turn.Count > Places) { tooLarge.Add(group); continue; }
                foreach (var entry in wanted)
                    if (Fits([entry], now)) {
                        Change(Of(entry.Person)!, State.Kept);
                        Went(tooLarge);
                    }
            }
        }
        void Went(List<int> groups) {
            foreach (var group in groups) Passes[group]++;
            groups.Clear();
        }
    }

    /// <summary>The invariant in its own words: nobody waits who could have a free place (when it is too late for offers, everybody has been told instead).</summary>
    internal IEnumerable<Guid> WaitThoughTheyFit(DateTime now) => now >= LastCallFrom || now >= Deadline ? []
        : Live.Where(e => e.State is State.Waiting).GroupBy(e => e.Group ?? -e.Number).Where(g => Fits([.. g], now)).SelectMany(g => g.Select(e => e.Person));

    bool Fits(List<Entry> people, DateTime now) => Allowed(people, now) && Taken + people.Count <= Places && Spares(people, now);
    bool OnlyTooFew(List<Entry> people, DateTime now) => Allowed(people, now) && Taken + people.Count > Places;

    bool Allowed(List<Entry> people, DateTime now) => Limit is not { } limit || limit.Until <= now
        || people.GroupBy(p => p.Setting).All(g => Live.Count(e => e.State != State.Waiting && e.Setting == g.Key) + g.Count() <= limit.Most);

    bool Spares(List<Entry> people, DateTime now) {
        if (Quota is not { } quota || quota.Until <= now) return true;
        var theirs = Live.Count(e => e.State != State.Waiting && e.Authority == quota.Authority);
        var taken = Taken;
        foreach (var person in people) {
            if (person.Authority == quota.Authority) theirs++;
            else if (taken + Math.Max(0, quota.Places - theirs) >= Places) return false;
            taken++;
        }
        return true;
    }
}
