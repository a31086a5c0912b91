using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Changes;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Training;

/// <summary>
/// Random sequences of everything that can happen to the places of a course's two dates, through the product's own commands on one
/// database, held against a plain model after each: 500 seeds of 32 steps, more than 10,000 commands. Colleagues take places over and
/// bookings move from date to date among it. A failure names its seed and what was done; CPD_SEED runs that one alone.
/// </summary>
public sealed class PlacesPropertyTests(CpdApp app) : IClassFixture<CpdApp> {
    const int Seeds = 500;
    const int Steps = 32;

    static readonly WorkingTime Hours = new(new TimeOnly(9, 0), new TimeOnly(17, 0), new HashSet<DateOnly>());
    readonly List<string> done = [];

    [Fact]
    public async Task Commands_InAnyOrder_KeepWhatMustHold() {
        var worlds = new[] { await World.Make(app, "Thurrock", "Bradford", offers: true), await World.Make(app, "Blackpool", "Bradford", offers: false) };
        var (steps, kinds) = (0, new Dictionary<string, int>());
        var seeds = Environment.GetEnvironmentVariable("CPD_SEED") is { Length: > 0 } one ? [int.Parse(one, System.Globalization.CultureInfo.InvariantCulture)] : Enumerable.Range(1, Seeds);
        foreach (var seed in seeds) {
            done.Clear();
            try {
                steps += await Run(new Random(seed), worlds[seed % 2], kinds);
            } catch (Exception e) {
                throw new InvalidOperationException($"Seed {seed}, after:\n{string.Join('\n', done)}\n{e.Message}", e);
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{steps} steps: {string.Join(", ", kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}"))}");
        if (seeds.Skip(1).Any()) {
            Assert.True(kinds["commands"] >= 10_000, $"only {kinds["commands"]} commands");
            // Sequences in which something never happens would prove nothing about it.
            foreach (var state in new[] { "became Booked", "became Offered", "became Approval", "became Kept", "became Gone", "became Waiting", "became a colleague's", "moved", "waited to move", "let go of" })
                Assert.True(kinds.GetValueOrDefault(state) > 20, $"{state}: {kinds.GetValueOrDefault(state)}");
        }
    }

    async Task<int> Run(Random random, World world, Dictionary<string, int> kinds) {
        app.Clock.Set(CpdApp.Start);
        var days = random.Next(1, 12);
        var (course, first) = await app.Session(world.Officer, random.Next(1, 6), inDays: days);
        var later = days + random.Next(0, 3);
        var second = await app.Send(world.Officer, new AddSession.Command { CourseId = course, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(later), from: 14, to: 16)], Places = random.Next(1, 3), VenueName = "Other Hall" });
        await app.Send(world.Officer, new PublishSession.Command(second));
        Date[] dates = [await Date.Of(app, world, first, days, 10), await Date.Of(app, world, second, later, 14)];
        var moves = new List<Move>();
        for (var step = 0; step < Steps; step++) {
            if (app.Now >= dates[0].StartsAt) app.Clock.Set(new DateTimeOffset(dates[0].StartsAt.AddMinutes(-1), TimeSpan.Zero));
            // Most happens on one of them, so that its list grows long; unless somebody waits to move to the other.
            var at = moves.Find(m => m.IsOpen) is { } open && random.Next(3) > 0 ? Array.IndexOf(dates, open.To) : random.Next(7) == 0 ? 1 : 0;
            await Step(random, world, dates[at], dates[1 - at], moves, kinds);
            foreach (var date in dates) await Compare(date, kinds);
        }
        if (random.Next(4) == 0 && app.Now < dates[0].StartsAt) await Carry(random, world, dates[0].Model, course, dates[0].Session);
        // Whoever got their place by the merge gives up the other within the minute, and nothing else is left to do.
        for (var minute = 0; minute < 5 && await app.Send(world.Officer, new ReleaseMoved.DueCommand()) > 0;) minute++;
        Assert.Equal(0, await app.Send(world.Officer, new ReleaseMoved.DueCommand()));
        Assert.Empty((await app.Ask(seenBy, new CheckPlaces.Query([first, second]))).Select(f => f.Sentence));
        return Steps;
    }

    async Task Step(Random random, World world, Date at, Date other, List<Move> moves, Dictionary<string, int> kinds) {
        var (model, session) = (at.Model, at.Session);
        var live = model.Live.ToList();
        var waiting = live.Where(e => e.State != PlacesModel.State.Booked).ToList();
        PlacesModel.Entry Some(List<PlacesModel.Entry> list) => list[random.Next(list.Count)];
        List<PlacesModel.Person> Free(int setting, int count) => [.. world.People[setting].Where(p => model.Of(p.Id) is null).OrderBy(_ => random.Next()).Take(count)];
        var now = app.Now;
        var comes = moves.Exists(m => m.IsOpen && m.To == at);
        switch (moves.Exists(m => m.IsDue) && random.Next(3) == 0 ? 19 : comes && random.Next(2) == 0 ? random.Next(9, 11) : random.Next(19)) {
            case 0 or 1: {
                var setting = random.Next(world.People.Count);
                var people = Free(setting, 1);
                if (people.Count == 0) return;
                await Do("book one", world.Managers[setting], new BookPlaces.Command(session, [people[0].Id]), () => { model.Ask(people, false, false, now); return true; });
                break;
            }
            case 2: {
                // The last of these settings wants its manager's approval.
                var people = Free(world.People.Count - 1, 1);
                if (people.Count == 0) return;
                await Do("ask for oneself", World.Self(people[0].Id), new BookPlaces.Command(session, [people[0].Id]), () => { model.Ask(people, false, true, now); return true; });
                break;
            }
            case 3: {
                var setting = random.Next(world.People.Count);
                var people = Free(setting, random.Next(2, 5));
                if (people.Count == 0) return;
                await Do($"book as many as fit of {people.Count}", world.Managers[setting], new BookPlaces.Command(session, [.. people.Select(p => p.Id)]), () => { model.Ask(people, false, false, now); return true; });
                break;
            }
            case 4 or 5: {
                var setting = random.Next(world.People.Count);
                var people = Free(setting, random.Next(2, 4));
                if (people.Count < 2) return;
                await Do($"book all {people.Count} or none", world.Managers[setting], new BookPlaces.Command(session, [.. people.Select(p => p.Id)], Together: true), () => {
                    if (people.Count > model.Places) return false;
                    model.Ask(people, true, false, now);
                    return true;
                });
                break;
            }
            case 6 or 7 or 8 or 9 when live.Count > 0: {
                var entry = comes ? Some(live.Where(e => e.State == PlacesModel.State.Booked).DefaultIfEmpty(Some(live)).ToList()) : Some(live);
                await Do($"cancel a {entry.State}", world.Officer, new CancelBooking.Command(await Booking(session, entry.Person), "Test"), () => { model.End(entry.Person); model.Settle(now); return true; });
                break;
            }
            case 10 or 11 when waiting.Count > 0: {
                var entry = Some(waiting.Where(e => e.State == PlacesModel.State.Offered).DefaultIfEmpty(Some(waiting)).ToList());
                await Do($"accept as {entry.State}", world.Officer, new AnswerOffer.Command(await Booking(session, entry.Person), AnswerOffer.Reply.Accept), () => Accept(model, entry, now));
                break;
            }
            case 12 when waiting.Count > 0: {
                var entry = Some(waiting);
                await Do($"decline as {entry.State}", world.Officer, new AnswerOffer.Command(await Booking(session, entry.Person), AnswerOffer.Reply.Decline), () => {
                    if (entry.Until <= now) return false;
                    foreach (var one in entry.State == PlacesModel.State.Offered ? Mates(model, entry) : [entry]) model.End(one.Person);
                    model.Settle(now);
                    return true;
                });
                break;
            }
            case 13 when waiting.Any(e => e.NeedsApproval): {
                var entry = Some([.. waiting.Where(e => e.NeedsApproval)]);
                var approves = random.Next(3) > 0;
                await Do($"{(approves ? "approve" : "refuse")} a {entry.State}", world.Managers[^1], new ApproveBooking.Command(await Booking(session, entry.Person), approves, "No"), () => {
                    if (entry.Until <= now) return false;
                    if (!approves) model.End(entry.Person);
                    else if (entry.State == PlacesModel.State.Approval) model.Change(entry, PlacesModel.State.Booked);
                    else model.Approve(entry.Person);
                    model.Settle(now);
                    return true;
                });
                break;
            }
            case 14: {
                if (random.Next(2) == 0) await Capacity(random, world, model, session, now);
                else await Rules(random, world, model, session, now);
                break;
            }
            case 16 or 17 when live.Count > 0: {
                var entry = Some(live.Where(e => e.State == PlacesModel.State.Booked).DefaultIfEmpty(Some(live)).ToList());
                var (setting, colleagues) = world.People.Select((p, i) => (i, p)).Single(p => p.p.Any(x => x.Id == entry.Person));
                var colleague = colleagues.Where(p => p.Id != entry.Person).OrderBy(_ => random.Next()).First();
                var theirs = model.Of(colleague.Id);
                await Do($"hand the place of a {entry.State} to {(theirs is null ? "a colleague" : $"a {theirs.State}")}", world.Managers[setting], new SubstitutePerson.Command(await Booking(session, entry.Person), colleague.Id, entry.Person), () => {
                    if (entry.State != PlacesModel.State.Booked || theirs?.State == PlacesModel.State.Booked) return false;
                    if (theirs is not null) model.End(colleague.Id);
                    model.HandOver(entry, colleague.Id);
                    // Whoever waited elsewhere to move from this place has none to give up any more.
                    moves.RemoveAll(m => m.From == at && m.FromNumber == entry.Number);
                    model.Settle(now);
                    return true;
                });
                break;
            }
            case 18 when live.Count > 0: {
                var entry = Some(live.Where(e => e.State == PlacesModel.State.Booked).DefaultIfEmpty(Some(live)).ToList());
                var (joins, there) = (random.Next(3) > 0, other.Model.Of(entry.Person));
                var person = world.People.SelectMany(p => p).Single(p => p.Id == entry.Person);
                var rest = other.Model.Remember();
                await Do($"move a {entry.State} to {(other.StartsAt > at.StartsAt ? "the later" : "the earlier")} date{(joins ? " or its list" : "")}{(there is null ? "" : $", {there.State} there")}", world.Officer, new MoveBooking.Command(await Booking(session, entry.Person), other.Session, joins), () => {
                    if (entry.State != PlacesModel.State.Booked || there?.State == PlacesModel.State.Booked) return false;
                    if (there is null) {
                        other.Model.Ask([person], false, false, now);
                        if (other.Model.Of(entry.Person)!.State == PlacesModel.State.Booked) {
                            model.End(entry.Person);
                            model.Settle(now);
                            Saw("moved");
                            return true;
                        }
                    }
                    if (!joins) {
                        other.Model.Restore(rest);
                        return false;
                    }
                    var waits = other.Model.Of(entry.Person)!;
                    moves.RemoveAll(m => m.To == other && m.ToNumber == waits.Number);
                    moves.Add(new(at, entry.Number, other, waits.Number));
                    Saw("waited to move");
                    return true;
                });
                break;
            }
            case 19 when moves.Exists(m => m.IsDue): {
                done.Add("let go of what was moved from");
                while (moves.FirstOrDefault(m => m.IsDue) is { } move) {
                    await app.Send(world.Officer, new ReleaseMoved.Command(await Booking(move.To.Session, move.Person)));
                    move.From.Model.End(move.Person);
                    move.From.Model.Settle(now);
                    moves.Remove(move);
                    Saw("let go of");
                }
                Assert.Equal(0, await app.Send(world.Officer, new ReleaseMoved.DueCommand()));
                break;
            }
            default: {
                app.Clock.Advance(TimeSpan.FromMinutes(random.Next(6) switch { 0 => 30, 1 => 120, 2 => 480, 3 => 24 * 60, 4 => 2 * 24 * 60, _ => 3 * 24 * 60 }));
                var end = WorkingTime.Earlier(at.StartsAt, other.StartsAt);
                if (app.Now >= end) app.Clock.Set(new DateTimeOffset(end.AddMinutes(-random.Next(1, 600)), TimeSpan.Zero) is var late && late > now ? late : new DateTimeOffset(now, TimeSpan.Zero));
                done.Add($"wait until {app.Now:ddd HH:mm}");
                foreach (var date in new[] { at, other }) {
                    if (await app.Count("training_Session", "Id = @Session AND DueAt <= @Now", new { date.Session, app.Now }) == 1) {
                        await app.Send(world.Officer, new SettlePlaces.Command(date.Session));
                        date.Model.Settle(app.Now);
                    } else {
                        // What nobody is told to look at, nobody looks at: so nothing may have come to its end, nor anyone fit (which is looked at after each step).
                        Assert.DoesNotContain(date.Model.Live, e => e.Until <= app.Now);
                    }
                }
                break;
            }
        }
        kinds["commands"] = kinds.GetValueOrDefault("commands") + 1;

        void Saw(string what) => kinds[what] = kinds.GetValueOrDefault(what) + 1;

        async Task Do<T>(string what, Actor who, IRequest<Outcome<T>> command, Func<bool> expected) {
            done.Add($"{what} on {app.Now:ddd HH:mm}");
            var before = model.Remember();
            var should = expected();
            if (!should) model.Restore(before);
            var outcome = await app.Ask(who, command);
            Assert.True(should == outcome.Refusal is null, $"{what} was {(outcome.Refusal is { } refusal ? $"refused ({refusal})" : "done")}, and should {(should ? "" : "not ")}have been");
        }
    }

    static IReadOnlyList<PlacesModel.Entry> Mates(PlacesModel model, PlacesModel.Entry entry) =>
        entry.Group is null ? [entry] : [.. model.Live.Where(e => e.Group == entry.Group && e.State != PlacesModel.State.Booked)];

    static bool Accept(PlacesModel model, PlacesModel.Entry entry, DateTime now) {
        if (entry.Until <= now) return false;
        switch (entry.State) {
            case PlacesModel.State.Approval: return false;
            case PlacesModel.State.Offered:
                foreach (var one in Mates(model, entry)) model.Change(one, PlacesModel.State.Booked);
                model.Settle(now);
                return true;
            default:
                model.Settle(now, [.. Mates(model, entry).Select(e => e.Person)]);
                return model.Of(entry.Person)?.State is PlacesModel.State.Booked or PlacesModel.State.Approval;
        }
    }

    async Task Capacity(Random random, World world, PlacesModel model, Guid session, DateTime now) {
        var view = await app.Send(world.Officer, new OpenManagedSession.Query(session));
        var places = Math.Max(1, model.Places + random.Next(-2, 4));
        done.Add($"{places} places instead of {model.Places}");
        var outcome = await app.Ask(world.Officer, new EditSession.Command {
            Id = session, Version = view.Session.Version, Places = places, VenueName = view.Session.VenueName, VenueAddress = view.Session.VenueAddress,
            Dates = [.. view.Dates.Select(d => (From: London.FromUtc(d.StartsAt), To: London.FromUtc(d.EndsAt))).Select(d => new TypedDate { On = DateOnly.FromDateTime(d.From), From = TimeOnly.FromDateTime(d.From), To = TimeOnly.FromDateTime(d.To) })],
        });
        Assert.Equal(model.Taken <= places, outcome.Refusal is null);
        if (outcome.Refusal is not null) return;
        model.Places = places;
        model.Settle(now);
    }

    async Task Rules(Random random, World world, PlacesModel model, Guid session, DateTime now) {
        var until = London.Today(app.Clock).AddDays(random.Next(0, 5));
        var limit = random.Next(2) == 0 ? random.Next(1, 4) : (int?)null;
        var quota = random.Next(2) == 0 ? random.Next(1, model.Places + 1) : (int?)null;
        done.Add($"limit {limit}, quota {quota}, until {until}");
        await app.Send(world.Officer, new SetSessionRules.Command(session, limit is null ? [] : [new(null, limit, until)], quota is null ? [] : [new(world.Other, quota, until)], null, null));
        var ends = London.StartOf(until.AddDays(1));
        model.Limit = limit is { } most ? (most, ends) : null;
        model.Quota = quota is { } aside ? (world.Other, aside, ends) : null;
        model.Settle(now);
    }

    async Task Carry(Random random, World world, PlacesModel model, Guid course, Guid session) {
        var merge = random.Next(2) == 0;
        var target = await app.Send(world.Officer, new AddSession.Command { CourseId = course, Dates = [TrainingGiven.Date(London.Today(app.Clock).AddDays(30))], Places = random.Next(1, 8), VenueName = "Other Hall" });
        await app.Send(world.Officer, new PublishSession.Command(target));
        var (booked, places) = (model.Live.Count(e => e.State == PlacesModel.State.Booked), await app.Database(db => db.One<int>("SELECT Places FROM training_Session WHERE Id = @target", new { target }, default)));
        var waited = model.Live.Where(e => e.State != PlacesModel.State.Booked).OrderBy(e => e.Number).Select(e => e.Person).ToList();
        var outcome = await app.Ask(world.Officer, new CancelSession.Command(session, "Test", target, merge));
        Assert.Equal(!merge || booked <= places, outcome.Refusal is null);
        Assert.Empty((await app.Ask(world.Officer, new CheckPlaces.Query([target, session]))).Select(f => f.Sentence));
        if (outcome.Refusal is not null) return;
        Assert.Equal(merge ? booked : 0, await app.Count("training_Booking", "SessionId = @target AND State = 'Booked' AND PromotedAt IS NULL", new { target }) + await app.Count("training_Booking b", "b.SessionId = @target AND b.State = 'Booked' AND b.PromotedAt IS NOT NULL AND EXISTS (SELECT 1 FROM training_BookingHistory h WHERE h.BookingId = b.Id AND h.Act = 'Moved to new date')", new { target }));
        var order = await app.Database(db => db.List<Guid>("SELECT PersonId FROM training_Booking WHERE SessionId = @target AND State = 'Waiting' ORDER BY WaitingNumber", new { target }, default));
        Assert.Equal(waited.Where(order.Contains), order);
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @session AND CancelledAt IS NULL", new { session }));
    }

    async Task Compare(Date date, Dictionary<string, int> kinds) {
        var (model, session) = (date.Model, date.Session);
        await using var scope = app.Services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<Db>().List<Row>("""
            SELECT b.Id, b.PersonId, b.State, h.Kind, h.ExpiresAt, (SELECT COUNT(*) FROM training_BookingHistory t WHERE t.BookingId = b.Id) AS Acts,
                (SELECT COUNT(*) FROM training_BookingHistory t WHERE t.BookingId = b.Id AND t.InsteadOf IS NOT NULL) AS HandedOver
            FROM training_Booking b
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.SessionId = @session
            """, new { session }, default);
        var live = rows.Where(r => r.State != "Cancelled").ToDictionary(r => r.PersonId);
        Assert.Equal(Words(model.Live.Select(e => (e.Number, Who: e.Person, e.State))), Words(model.Live.Select(e => (e.Number, Who: e.Person, State: live.TryGetValue(e.Person, out var row) ? row.Now : PlacesModel.State.Gone))));
        Assert.Equal(model.Live.Count(), live.Count);
        Assert.True(model.Taken <= model.Places, "oversold");
        Assert.Empty(model.WaitThoughTheyFit(app.Now));
        Assert.Empty((await app.Ask(seenBy, new CheckPlaces.Query([session]))).Select(f => f.Sentence));
        for (var i = 0; i < model.Entries.Count; i++)
            if (model.Entries[i].State is not PlacesModel.State.Gone) model.Entries[i] = model.Entries[i] with { Until = live[model.Entries[i].Person].ExpiresAt };
        foreach (var row in rows) {
            var before = date.Seen.GetValueOrDefault(row.Id);
            if (before is not null && (before.Now, before.PersonId) == (row.Now, row.PersonId)) continue;
            var what = before is not null && before.PersonId != row.PersonId ? "a colleague's" : $"{row.Now}";
            Assert.True(row.Acts > (before?.Acts ?? 0), $"a booking became {what} and its history does not say so");
            // Whose place it was is said once for each who had it.
            Assert.Equal((before?.HandedOver ?? 0) + (what == "a colleague's" ? 1 : 0), row.HandedOver);
            kinds[$"became {what}"] = kinds.GetValueOrDefault($"became {what}") + 1;
            date.Seen[row.Id] = row;
        }
    }

    static readonly Actor seenBy = new(Guid.Empty, "", []);

    static string Words(IEnumerable<(int Number, Guid Who, PlacesModel.State State)> people) => string.Join(", ", people.OrderBy(p => p.Number).Select(p => $"{p.Number} {p.State}"));

    Task<Guid> Booking(Guid session, Guid person) =>
        app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE SessionId = @session AND PersonId = @person AND CancelledAt IS NULL", new { session, person }, default));

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string State { get; init; } = "";
        public string? Kind { get; init; }
        public DateTime? ExpiresAt { get; init; }
        public int Acts { get; init; }
        public int HandedOver { get; init; }
        internal PlacesModel.State Now => State switch {
            "Booked" => PlacesModel.State.Booked, "Cancelled" => PlacesModel.State.Gone,
            _ => Kind switch { "Offer" => PlacesModel.State.Offered, "Approval" => PlacesModel.State.Approval, "Kept" => PlacesModel.State.Kept, _ => PlacesModel.State.Waiting },
        };
    }

    /// <summary>One date of the course, with the model of it and what was last seen of each booking.</summary>
    sealed record Date(Guid Session, DateTime StartsAt, PlacesModel Model) {
        internal Dictionary<Guid, Row> Seen { get; } = [];

        internal static async Task<Date> Of(CpdApp app, World world, Guid session, int days, int hour) {
            var startsAt = London.ToUtc(London.Today(app.Clock).AddDays(days), new TimeOnly(hour, 0));
            var places = await app.Database(db => db.One<int>("SELECT Places FROM training_Session WHERE Id = @session", new { session }, default));
            return new(session, startsAt, new() { Places = places, Offers = world.Offers, PassLimit = 1, Deadline = startsAt, LastCallFrom = Hours.Before(startsAt, 4).AddMilliseconds(1) });
        }
    }

    /// <summary>Someone who is booked at one date waits for a place at the other; entries are known by their number.</summary>
    sealed record Move(Date From, int FromNumber, Date To, int ToNumber) {
        PlacesModel.Entry Old => From.Model.Entries.Single(e => e.Number == FromNumber);
        PlacesModel.Entry New => To.Model.Entries.Single(e => e.Number == ToNumber);
        internal Guid Person => New.Person;
        internal bool IsOpen => Old.State == PlacesModel.State.Booked && Old.Person == New.Person && New.State is not (PlacesModel.State.Booked or PlacesModel.State.Gone);
        internal bool IsDue => (Old.State, New.State) == (PlacesModel.State.Booked, PlacesModel.State.Booked) && Old.Person == New.Person;
    }

    /// <summary>People of three settings of an authority and of one of another; the last setting wants approval.</summary>
    sealed record World(Actor Officer, Guid Other, bool Offers, IReadOnlyList<Actor> Managers, IReadOnlyList<IReadOnlyList<PlacesModel.Person>> People) {
        internal static async Task<World> Make(CpdApp app, string authority, string other, bool offers) {
            var (own, others) = (await app.Given.Authority(authority), await app.Given.Authority(other));
            var officer = await app.Given.Officer(own);
            await app.Rules(officer, r => r with { Offers = offers, PassLimit = 1 });
            var (managers, people) = (new List<Actor>(), new List<IReadOnlyList<PlacesModel.Person>>());
            foreach (var at in new[] { own, own, others, own }) {
                var setting = await app.Given.Setting(at);
                managers.Add(await app.Given.Manager(setting));
                var staff = new List<PlacesModel.Person>();
                for (var i = 0; i < 6; i++) staff.Add(new() { Id = await app.Given.Staff(setting), Setting = setting, Authority = at });
                people.Add(staff);
            }
            await app.Send(managers[^1], new AskForApproval.Command(managers[^1].Grants[0].OrganisationId, true));
            return new(officer, others, offers, managers, people);
        }

        internal static Actor Self(Guid person) => new(person, "Someone", [new(nameof(Role.Practitioner), nameof(OrganisationKind.None), Guid.Empty)]);
    }
}
