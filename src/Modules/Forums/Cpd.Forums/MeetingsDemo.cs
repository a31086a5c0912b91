using Cpd.Forums.Actions;
using Cpd.Forums.Agenda;
using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Minutes;
using Cpd.Forums.Notices;
using Cpd.Forums.Papers;
using Cpd.Forums.Polls;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.Forums.Themes;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Forums;

/// <summary>What was done at the demonstration's meetings and between them: agendas, registers with hours, minutes, actions, polls, notices; and a board with a quorum.</summary>
internal static class MeetingsDemo {
    /// <summary>Of a forum that meets once a term: those that are over have registers and minutes, the next has an agenda and papers.</summary>
    internal static async Task Hold(DemoBook book, Actor officer, Guid series, IReadOnlyList<Actor> members, CancellationToken ct) {
        book.At(book.Today);
        var authority = officer.Grants[0].OrganisationId;
        var theme = (await book.Ask(officer, new ListThemes.Query(authority), ct)).FirstOrDefault(t => t.Name == "Speech and language")?.Id
            ?? await book.Do(officer, new ChangeThemes.Add(authority, "Speech and language"), ct);
        var found = await book.Do(officer, new OpenSeries.Query(series), ct);
        var held = found.Held.Where(m => m.StartsAt < book.Today.UtcDateTime && m.State == Publication.Published).OrderBy(m => m.StartsAt).ToList();
        Guid? action = null;
        foreach (var (meeting, i) in held.Select((m, i) => (m, i))) {
            book.At(new DateTimeOffset(meeting.StartsAt, TimeSpan.Zero));
            await Agenda(meeting.Id, theme);
            // Everyone comes; the second leaves after an hour.
            await book.Do(officer, new MarkAttendance.Command(meeting.Id, [.. members.Select((m, n) => new MarkAttendance.Made(Ids.New(TimeProvider.System), MarkKind.Times, m.PersonId, meeting.StartsAt, n == 1 ? meeting.StartsAt.AddHours(1) : null, Source: MarkSource.Paper))]), ct);
            book.At(new DateTimeOffset(meeting.EndsAt, TimeSpan.Zero).AddHours(1));
            await book.Do(officer, new CloseRegister.Command(meeting.Id), ct);
            await book.Do(officer, new WriteMinutes.Command(meeting.Id, "We spoke about speech and language, and shared what works in Babbling Babies.\n\nNext time we look at books for babies.", 0), ct);
            if (i < held.Count - 1) {
                await book.Do(officer, new SettleMinutes.Agree(meeting.Id, 1, 1, AgreedBy.Meeting), ct);
                await book.Do(officer, new SettleMinutes.Publish(meeting.Id, 1), ct);
            }
            if (i == 0) action = await book.Do(officer, new AddAction.Command(meeting.Id, "Ask the library for board books", members[0].PersonId, null, London.Day(meeting.EndsAt).AddDays(21)), ct);
            if (i == 1) await book.Do(officer, new ChangeAction.Close(action!.Value, 1, "The library lends each setting ten"), ct);
            if (i == held.Count - 1) await book.Do(officer, new AddAction.Command(meeting.Id, "Share the schema poster with all rooms", members[0].PersonId, null, London.Day(book.Today.UtcDateTime).AddDays(30)), ct);
        }
        book.At(book.Today.AddDays(-3));
        var notice = await book.Do(members[0], new PostNotice.Command(series, "Come and see our garden", "We have built a mud kitchen. Any Tuesday after two."), ct);
        await book.Do(members[1], new PostNotice.Reply(notice, "Three of us would like to come next week."), ct);
        if (found.Ahead.FirstOrDefault(m => m.State == Publication.Published) is not { } next) return;
        await Agenda(next.Id, theme);
        await book.Do(officer, new AddPaper.Command(next.Id, PaperKind.Paper, null, "What works in Babbling Babies", "https://example.org/babbling-babies", null, null), ct);
        await book.Do(members[0], new ProposeItem.Command(next.Id, ItemKind.OpenDialogue, "Heuristic play with what is in the shed", null), ct);
        await book.Do(officer, new AddPoll.Command(next.Id, "Which day suits you best next year?", ["Monday", "Wednesday", "Friday"]), ct);

        async Task Agenda(Guid meeting, Guid cited) {
            await book.Do(officer, new AddItem.Command(meeting, ItemKind.Learning, "Speech and language", null, officer.PersonId, null, 40, cited), ct);
            await book.Do(officer, new AddItem.Command(meeting, ItemKind.OpenDialogue, "Babbling Babies", "What settings have tried since the course.", null, "Ada of the speech and language team", 30, null), ct);
        }
    }

    /// <summary>Polls at a session of the network, each with 19 respondents.</summary>
    internal static async Task Poll(DemoBook book, Actor officer, Guid meeting, IReadOnlyList<Actor> respondents, CancellationToken ct) {
        foreach (var (question, choices, votes) in ((string, string[], int[])[])[("How confident are you with babies' first words?", ["Very", "Fairly", "Not yet"], [11, 5, 3]), ("Would you join another set?", ["Yes", "No"], [18, 1])]) {
            var poll = await book.Do(officer, new AddPoll.Command(meeting, question, choices), ct);
            await book.Do(officer, new ChangePoll.Command(meeting, poll, ChangePoll.Change.Open), ct);
            var voters = respondents.GetEnumerator();
            for (var choice = 0; choice < votes.Length; choice++)
                for (var i = 0; i < votes[choice] && voters.MoveNext(); i++) await book.Do(voters.Current, new Vote.Command(poll, choice + 1), ct);
            await book.Do(officer, new ChangePoll.Command(meeting, poll, ChangePoll.Change.Close), ct);
        }
    }

    /// <summary>Southend: a board that asks for three parents and is chaired by one; 35 champions are its parents. It met with a quorum, and meets again.</summary>
    internal static async Task Board(DemoBook book, Actor admin, Guid authority, IReadOnlyList<Actor> champions, CancellationToken ct) {
        var day = London.Day(book.Today.UtcDateTime).AddDays(-30);
        while (day.DayOfWeek != DayOfWeek.Tuesday) day = day.AddDays(1);
        book.At(new DateTimeOffset(London.ToUtc(day.AddDays(-60), new TimeOnly(9, 0)), TimeSpan.Zero));
        var series = await book.Do(admin, new AddSeries.Command(authority, "YourFamily board", "Parents and partners steer what families are offered.", AgeRanges.None) {
            CountsHours = false, TermsOfReference = "The board decides when at least five people are there, three of them parents. A parent chairs it.",
        }, ct);
        await book.Do(admin, new SetQuorum.Command(series, [new(null, 5), new(ForumRole.Parent, 3)]), ct);
        foreach (var champion in champions) await book.Do(admin, new AddMember.Command(series, champion.PersonId, ForumRole.Parent), ct);
        foreach (var on in new[] { day, day.AddDays(63) }) {
            var meeting = await book.Do(admin, new AddMeeting.Command(series, on, new TimeOnly(10, 0), new TimeOnly(11, 30), "Family centre (demo)", "What families tell us"), ct);
            await book.Do(admin, new SetChair.Command(meeting, champions[0].PersonId), ct);
            if (on != day) {
                await book.Do(champions[1], new ReplyToMeeting.Command(meeting, Reply.Coming, null, Needs: "A crèche for one child of two"), ct);
                continue;
            }
            book.At(new DateTimeOffset(London.ToUtc(day, new TimeOnly(10, 5)), TimeSpan.Zero));
            await book.Do(admin, new MarkAttendance.Command(meeting, [.. champions.Take(6).Select(c => new MarkAttendance.Made(Ids.New(TimeProvider.System), MarkKind.Came, c.PersonId))]), ct);
            book.At(new DateTimeOffset(London.ToUtc(day, new TimeOnly(12, 0)), TimeSpan.Zero));
            await book.Do(admin, new CloseRegister.Command(meeting), ct);
        }
    }
}
