using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Forums;

/// <summary>
/// Two forums for each authority of the demonstration, meeting once a term: last year's meetings, and this year's as they were proposed from the authority's own terms and
/// published in one act. And a network of 138 people of 35 authorities, with a webinar and four sessions online; and a set of eight at a time, of which all places are taken.
/// </summary>
internal static class ForumsDemo {
    static readonly (string Name, string Summary, AgeRanges Ages, JobRole[] Audience, DayOfWeek Day, TimeOnly From, string Topics)[] Forums = [
        ("Birth to three forum", "Baby-room and toddler-room practitioners share what works and hear what is new.", AgeRanges.BirthToTwo | AgeRanges.TwoToThree, [], DayOfWeek.Wednesday, new(16, 0), "Speech and language; Babbling Babies"),
        ("Leaders and managers forum", "Leaders of settings meet the early years team: changes to the framework, funding and training.", AgeRanges.None, [JobRole.Manager, JobRole.RoomLeader, JobRole.Childminder], DayOfWeek.Tuesday, new(13, 30), "Inspection; funding; training in the coming term"),
    ];

    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        var year = book.Today.AddMonths(-8).Year;
        foreach (var town in (string[])["thurrock", "blackpool", "bradford"]) {
            if (!book.Actors.TryGetValue(town + "-officer", out var officer)) continue;
            foreach (var forum in Forums) {
                book.At(new DateTimeOffset(year - 1, 9, 3, 9, 0, 0, TimeSpan.Zero));
                var series = await book.Do(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, forum.Name, forum.Summary, forum.Ages) {
                    Audience = forum.Audience, PlacesPerSetting = forum.Audience.Length > 0 ? 2 : null,
                    TermsOfReference = "The forum shares practice and advises the early years team. It meets once a term. Every setting of the authority may send somebody.",
                }, ct);
                await Publish(book, officer, series, forum.Day, forum.From, forum.Topics, ct);
                foreach (var role in (string[])["manager", "practitioner"]) await book.Do(officer, new AddMember.Command(series, book.Actors[$"{town}-{role}"].PersonId), ct);
                book.At(new DateTimeOffset(year, 9, 3, 9, 0, 0, TimeSpan.Zero));
                await Publish(book, officer, series, forum.Day, forum.From, forum.Topics, ct);
                if (town != "bradford") await MeetingsDemo.Hold(book, officer, series, [book.Actors[town + "-manager"], book.Actors[town + "-practitioner"]], ct);
            }
        }
        if (book.Actors.TryGetValue("thurrock-officer", out var host)) {
            await Network(book, host, year, ct);
            await Set(book, host, ct);
        }
        if (book.Actors.TryGetValue("thurrock-admin", out var admin) && (await book.Ask(admin, new ListAuthorities(), ct)).FirstOrDefault(a => a.Name == "Southend-on-Sea") is { } southend)
            await MeetingsDemo.Board(book, admin, southend.Id, [.. book.Actors.Where(a => a.Key.StartsWith("champion-", StringComparison.Ordinal)).Select(a => a.Value)], ct);
        book.At(book.Today);
    }

    /// <summary>The terms ahead of the year that the clock stands in, as the officer's page proposes them.</summary>
    static async Task Publish(DemoBook book, Actor officer, Guid series, DayOfWeek weekday, TimeOnly from, string topics, CancellationToken ct) {
        var proposed = (await book.Ask(officer, new ProposeYear.Query(series, null, weekday, from, from.AddMinutes(90), PartOfTerm.Middle), ct)).Value;
        await book.Do(officer, new PublishYear.Command(series, from, from.AddMinutes(90), "Civic Centre (demo)", [.. proposed.Meetings.Select(m => new PublishYear.Day(m.Term, m.On))]) { Topics = topics }, ct);
    }

    /// <summary>In May before this school year: a webinar and four sessions, on Thursday evenings.</summary>
    static async Task Network(DemoBook book, Actor officer, int year, CancellationToken ct) {
        book.At(new DateTimeOffset(year, 4, 20, 9, 0, 0, TimeSpan.Zero));
        var series = await book.Do(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, "Baby network", "Practitioners of many authorities learn together what babies need, online and in small sets.", AgeRanges.BirthToTwo) { Mode = MeetingMode.LiveOnline }, ct);
        var people = book.Actors.Where(a => a.Key.StartsWith("network-", StringComparison.Ordinal)).Select(a => a.Value).ToList();
        var others = (await book.Ask(officer, new FindHomes([.. people.Select(p => p.PersonId)], London.Day(book.Today.UtcDateTime)), ct)).Select(h => h.AuthorityId).Distinct().ToList();
        await book.Do(officer, new SetAuthorities.Command(series, others), ct);
        var first = new DateOnly(year, 5, 1);
        while (first.DayOfWeek != DayOfWeek.Thursday) first = first.AddDays(1);
        await book.Do(officer, new PublishYear.Command(series, new(19, 0), new(20, 30), null, [.. Enumerable.Range(0, 5).Select(i => new PublishYear.Day(i == 0 ? "Webinar" : $"Session {i}", first.AddDays(7 * i)))]) {
            Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/baby-network", Topics = "What babies tell us",
        }, ct);
        foreach (var person in people) await book.Do(person, new KeepMembership.Command(series, Join: true), ct);
        var meetings = (await book.Do(officer, new OpenSeries.Query(series), ct)).Ahead;
        await MeetingsDemo.Poll(book, officer, meetings[1].Id, [.. people.Take(19)], ct);
        foreach (var (meeting, i) in meetings.Select((m, i) => (m, i))) {
            // All of them at the webinar, and a set of a fifth at each session.
            var came = people.Where((_, n) => i == 0 || n % 5 == i);
            book.At(new DateTimeOffset(meeting.EndsAt, TimeSpan.Zero).AddMinutes(10));
            await book.Do(officer, new MarkAttendance.Command(meeting.Id, [.. came.Select(p => new MarkAttendance.Made(Ids.New(TimeProvider.System), MarkKind.Times, p.PersonId, meeting.StartsAt, meeting.EndsAt, Source: MarkSource.Paper))]), ct);
            await book.Do(officer, new CloseRegister.Command(meeting.Id), ct);
        }
    }

    /// <summary>A set of eight that meets online in the evening: eleven people of several authorities want to come, and three of them wait.</summary>
    static async Task Set(DemoBook book, Actor officer, CancellationToken ct) {
        var people = book.Actors.Where(a => a.Key.StartsWith("network-", StringComparison.Ordinal)).Select(a => a.Value).Take(11).ToList();
        book.At(book.Today.AddDays(-5));
        var series = await book.Do(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, "Action-learning set", "Eight at a time bring a question from their baby room and leave with something to try.", AgeRanges.BirthToTwo) { Mode = MeetingMode.LiveOnline, Places = 8 }, ct);
        await book.Do(officer, new SetAuthorities.Command(series, [.. (await book.Ask(officer, new FindHomes([.. people.Select(p => p.PersonId)], London.Day(book.Today.UtcDateTime)), ct)).Select(h => h.AuthorityId).Distinct()]), ct);
        foreach (var person in people) await book.Do(person, new KeepMembership.Command(series, Join: true), ct);
        var day = London.Day(book.Today.UtcDateTime).AddDays(14);
        while (day.DayOfWeek != DayOfWeek.Thursday) day = day.AddDays(1);
        var meeting = await book.Do(officer, new AddMeeting.Command(series, day, new TimeOnly(19, 0), new TimeOnly(20, 30), null, "A question from my room") { Mode = MeetingMode.LiveOnline, JoiningLink = "https://meet.example.org/set", Places = 8 }, ct);
        foreach (var person in people) await book.Do(person, new ReplyToMeeting.Command(meeting, Reply.Coming, null), ct);
    }
}
