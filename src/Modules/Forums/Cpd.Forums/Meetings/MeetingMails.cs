using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Meetings;

/// <summary>
/// What members are told of their forums by email, and with it their calendars: one message a person, however many meetings it is about. People without an address
/// are left out. One meeting is told as an invitation, which is changed and called off with a rising number; several at once as a list to take in, since an invitation
/// may hold one appointment only (docs/adr/0038).
/// </summary>
internal sealed class MeetingMails(Db db, IMediator mediator, Appointments appointments, ReplyToken replies, Site site, Sender sender, TimeProvider clock) {
    /// <summary>What a message does to the reader's calendar.</summary>
    enum Entry { Stands, Ends }

    const string SelectMembers = "SELECT PersonId FROM forums_Member WHERE SeriesId = @SeriesId AND Until IS NULL";
    const string SelectAhead = Meeting.Select + "WHERE m.SeriesId = @SeriesId AND m.State = 'Published' AND m.StartsAt > @Now ORDER BY m.StartsAt, m.Id";
    // Whoever comes without being a member (a speaker) is told as well.
    const string SelectConcerned = """
        SELECT b.PersonId FROM forums_Member b WHERE b.SeriesId = @SeriesId AND b.Until IS NULL
        UNION
        SELECT p.PersonId FROM forums_Participant p WHERE p.MeetingId = @Id AND p.Reply IN ('Coming', 'Waiting')
        """;
    const string SelectAway = "SELECT PersonId FROM forums_Participant WHERE MeetingId = @Id AND Reply IN ('Apologies', 'Waiting')";
    const string SelectWaiting = "SELECT PersonId FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Waiting'";

    /// <summary>Everyone who belongs to the forum is invited to these meetings of it.</summary>
    /// <param name="first">The full meeting that is held again, where it is one: who waits there is told so.</param>
    internal async Task<IReadOnlyList<Mail>> Invited(IReadOnlyList<Meeting> meetings, Meeting? first, CancellationToken ct) {
        if (meetings.Count == 0) return [];
        var people = await db.List<Guid>(SelectMembers, new { meetings[0].SeriesId }, ct);
        var waiting = first is null ? [] : (await db.List<Guid>(SelectWaiting, new { first.Id }, ct)).ToHashSet();
        var revisions = await appointments.Raise(meetings.Select(m => m.Id), ct);
        return [
            .. await Write(MeetingLetters.InvitedKind, meetings[0].Id, meetings, [.. people.Where(p => !waiting.Contains(p))], (to, told) => MeetingLetters.Invited(to, told), revisions, Entry.Stands, ct),
            .. waiting.Count == 0 ? [] : await Write(MeetingLetters.InvitedKind, meetings[0].Id, meetings, [.. people.Where(waiting.Contains)], (to, told) => MeetingLetters.InvitedAgain(to, told[0], first!), revisions, Entry.Stands, ct),
        ];
    }

    /// <param name="memberId">The membership, so that each is told once of each.</param>
    internal async Task<IReadOnlyList<Mail>> Joined(Guid memberId, Guid seriesId, string forum, Guid authorityId, Guid personId, CancellationToken ct) {
        var ahead = await Ahead(seriesId, ct);
        return await Write(MeetingLetters.JoinedKind, memberId, ahead, [personId], (to, told) => MeetingLetters.Joined(to, forum, told), await Known(ahead, ct), Entry.Stands, ct, authorityId);
    }

    internal async Task<IReadOnlyList<Mail>> Left(Guid memberId, Guid seriesId, string forum, Guid authorityId, Guid personId, CancellationToken ct) {
        var ahead = await Ahead(seriesId, ct);
        return await Write(MeetingLetters.LeftKind, memberId, ahead, [personId], (to, _) => MeetingLetters.Left(to, forum, site.Absolute(ForumsLinks.List)), await appointments.RaiseKnown(ahead.Select(m => m.Id), ct), Entry.Ends, ct, authorityId);
    }

    /// <param name="number">Of the end: a forum may be opened again, and end again.</param>
    internal Task<IReadOnlyList<Mail>> Ended(OneSeries series, string reason, int number, IReadOnlyList<Guid> members, CancellationToken ct) =>
        Write(MeetingLetters.EndedKind, series.Id, [], members, (to, _) => MeetingLetters.Ended(to, series.Name, reason, site.Absolute(ForumsLinks.Series(series.Id)), site.Absolute(ForumsLinks.List)), NoCalendar, Entry.Ends, ct, series.AuthorityId, number);

    /// <param name="again">What was replied counts no more, so whoever had sent apologies or waited is invited anew.</param>
    internal async Task<IReadOnlyList<Mail>> Changed(Meeting meeting, IReadOnlyList<Guid> concerned, IReadOnlySet<Guid> away, bool again, CancellationToken ct) {
        var revisions = await appointments.Raise([meeting.Id], ct);
        return [
            .. await Write(MeetingLetters.ChangedKind, meeting.Id, [meeting], [.. concerned.Where(p => again || !away.Contains(p))], (to, told) => MeetingLetters.Changed(to, told[0], again), revisions, Entry.Stands, ct, number: revisions[meeting.Id].Sequence),
            .. again ? [] : await Write(MeetingLetters.ChangedKind, meeting.Id, [meeting], [.. concerned.Where(away.Contains)], (to, told) => MeetingLetters.Changed(to, told[0], again), NoCalendar, Entry.Stands, ct, number: revisions[meeting.Id].Sequence),
        ];
    }

    internal async Task<IReadOnlyList<Mail>> Cancelled(Meeting meeting, string reason, IReadOnlyList<Guid> concerned, CancellationToken ct) =>
        await Write(MeetingLetters.CancelledKind, meeting.Id, [meeting], concerned, (to, told) => MeetingLetters.Cancelled(to, told[0] with { Reply = null }, reason), await appointments.RaiseKnown([meeting.Id], ct), Entry.Ends, ct);

    /// <summary>A reply that changes the person's calendar: apologies, or coming after apologies.</summary>
    internal async Task<IReadOnlyList<Mail>> Replied(Meeting meeting, Guid personId, Reply reply, CancellationToken ct) {
        var revisions = await appointments.Raise([meeting.Id], ct);
        return reply == Reply.Apologies
            ? await Write(MeetingLetters.ApologiesKind, meeting.Id, [meeting], [personId], (to, told) => MeetingLetters.Apologies(to, told[0]), revisions, Entry.Ends, ct, number: revisions[meeting.Id].Sequence)
            : await Write(MeetingLetters.ComingKind, meeting.Id, [meeting], [personId], (to, told) => MeetingLetters.Coming(to, told[0]), revisions, Entry.Stands, ct, number: revisions[meeting.Id].Sequence, accepted: true);
    }

    /// <summary>Somebody waits for a place: until they have it the meeting is not in their calendar.</summary>
    internal async Task<IReadOnlyList<Mail>> Waiting(Meeting meeting, Guid personId, int position, CancellationToken ct) {
        var revisions = await appointments.Raise([meeting.Id], ct);
        return await Write(MeetingLetters.WaitingKind, meeting.Id, [meeting], [personId], (to, told) => MeetingLetters.Waiting(to, told[0], position), revisions, Entry.Ends, ct, number: revisions[meeting.Id].Sequence);
    }

    /// <summary>They waited, and come now.</summary>
    internal async Task<IReadOnlyList<Mail>> Placed(Meeting meeting, IReadOnlyList<Guid> people, CancellationToken ct) {
        var revisions = await appointments.Raise([meeting.Id], ct);
        return await Write(MeetingLetters.PlacedKind, meeting.Id, [meeting], people, (to, told) => MeetingLetters.Placed(to, told[0]), revisions, Entry.Stands, ct, number: revisions[meeting.Id].Sequence, accepted: true);
    }

    /// <summary>Whom a meeting concerns: members, and whoever else has said that they come.</summary>
    internal Task<IReadOnlyList<Guid>> Concerned(Meeting meeting, CancellationToken ct) => db.List<Guid>(SelectConcerned, new { meeting.SeriesId, meeting.Id }, ct);

    /// <summary>Who has sent apologies or waits for a place, and so has nothing of it in their calendar.</summary>
    internal async Task<IReadOnlySet<Guid>> Away(Meeting meeting, CancellationToken ct) => (await db.List<Guid>(SelectAway, new { meeting.Id }, ct)).ToHashSet();

    internal string ReplyTo(Meeting meeting, Guid personId) => site.Absolute(ForumsLinks.ReplyByLink(replies.For(meeting.Id, personId, meeting.StartsAt)));

    static readonly Dictionary<Guid, Revision> NoCalendar = [];

    Task<IReadOnlyList<Meeting>> Ahead(Guid seriesId, CancellationToken ct) => db.List<Meeting>(SelectAhead, new { SeriesId = seriesId, Now = clock.GetUtcNow().UtcDateTime }, ct);

    /// <summary>What calendars were told of these already; of what they were not, they are told for the first time.</summary>
    async Task<IReadOnlyDictionary<Guid, Revision>> Known(IReadOnlyList<Meeting> meetings, CancellationToken ct) {
        var known = await appointments.Find(meetings.Select(m => m.Id), ct);
        var first = await appointments.Raise(meetings.Select(m => m.Id).Where(id => !known.ContainsKey(id)), ct);
        return known.Concat(first).ToDictionary();
    }

    async Task<IReadOnlyList<Mail>> Write(LetterKind kind, Guid cause, IReadOnlyList<Meeting> meetings, IReadOnlyList<Guid> people, Func<MeetingLetters.To, IReadOnlyList<MeetingLetters.Told>, Letter> words,
        IReadOnlyDictionary<Guid, Revision> revisions, Entry entry, CancellationToken ct, Guid? authorityId = null, int? number = null, bool accepted = false) {
        var mails = new List<Mail>();
        var told = meetings.Where(m => revisions.ContainsKey(m.Id)).Select(m => m.Entry(revisions[m.Id], site, entry == Entry.Ends)).ToList();
        foreach (var person in await mediator.Send(new FindPeople([.. people]), ct)) {
            if (person.Email is not { } email) continue;
            var letter = words(new(email, person.Name, site.Absolute(ForumsLinks.Mine)), [.. meetings.Select(m => new MeetingLetters.Told(m, ReplyTo(m, person.Id)))]);
            mails.Add(new(kind, cause, letter with { Calendar = Part(told, new(person.Name, email), accepted) }) {
                PersonId = person.Id, AboutId = meetings.Count == 1 ? meetings[0].Id : null, AuthorityId = authorityId ?? meetings[0].AuthorityId, Again = number is { } n ? $"{n}" : null,
                GoodUntil = meetings.Count > 0 && entry == Entry.Stands ? meetings.Max(m => m.EndsAt) : null,
            });
        }
        return mails;
    }

    CalendarPart? Part(List<CalendarEntry> told, CalendarParty person, bool accepted) => told.Count switch {
        0 => null,
        1 => CalendarFile.Invite(told[0], sender.Organiser, person, accepted),
        _ => new("PUBLISH", CalendarFile.Publish(told, clock.GetUtcNow().UtcDateTime)),
    };
}
