using Cpd.Platform.Messages;
using Cpd.Platform.Web;

namespace Cpd.Forums.Meetings;

/// <summary>The words of every message about a forum and its meetings, each kind with its example.</summary>
internal static class MeetingLetters {
    /// <summary>A meeting with the addresses at which its reader acts.</summary>
    /// <param name="Reply">Where they say whether they come, without signing in; null when there is nothing to say.</param>
    internal sealed record Told(Meeting Meeting, string? Reply);

    /// <param name="Mine">Where they see all their forums.</param>
    internal sealed record To(string Email, string Name, string Mine);

    internal static readonly LetterKind InvitedKind = new("forum-invited", "Invited to a forum", "To each member when a meeting, or a whole year of them, is published.", s => Invited(Reader(s), Some(s)));
    internal static readonly LetterKind JoinedKind = new("forum-joined", "Member of a forum", "To whoever has joined a forum or was added to it, with the meetings ahead.", s => Joined(Reader(s), "Birth to three forum", Some(s)));
    internal static readonly LetterKind LeftKind = new("forum-left", "No longer member of a forum", "To whoever has left a forum or was removed from it.", s => Left(Reader(s), "Birth to three forum", s.Absolute(ForumsLinks.List)));
    internal static readonly LetterKind EndedKind = new("forum-ended", "Forum ended", "To each member when a forum comes to its end.", s => Ended(Reader(s), "Birth to three forum", "It is taken up by the new early years network.", s.Absolute(ForumsLinks.Series(Guid.Empty)), s.Absolute(ForumsLinks.List)));
    internal static readonly LetterKind ChangedKind = new("forum-meeting-changed", "Meeting changed", "To each member when the day, the time, the place or the joining link of a meeting changes.", s => Changed(Reader(s), Some(s)[0], again: true));
    internal static readonly LetterKind CancelledKind = new("forum-meeting-cancelled", "Meeting cancelled", "To each member when a meeting is called off.", s => Cancelled(Reader(s), Some(s)[0] with { Reply = null }, "The hall is closed for repairs."));
    internal static readonly LetterKind ApologiesKind = new("forum-apologies", "Apologies noted", "To a member who has sent apologies, to take the meeting out of their calendar.", s => Apologies(Reader(s), Some(s)[0]));
    internal static readonly LetterKind ComingKind = new("forum-coming", "You come after all", "To a member who had sent apologies and comes after all.", s => Coming(Reader(s), Some(s)[0]));
    internal static readonly LetterKind WaitingKind = new("forum-waiting", "On the waiting list of a meeting", "To a member who wants to come to a meeting when all its places are taken.", s => Waiting(Reader(s), Some(s)[0], 2));
    internal static readonly LetterKind PlacedKind = new("forum-place", "A place has come free", "To whoever waited for a place at a meeting and has one now.", s => Placed(Reader(s), Some(s)[0]));
    internal static readonly LetterKind MissedKind = new("forum-missed", "Your staff are invited to forums", "To the managers of settings of which nobody has come to a forum for some terms, when you send it.",
        s => Missed(s.Recipient, s.Name, ["Marigold Nursery"], 3, ["Birth to three forum", "Leaders and managers forum"], s.Absolute(ForumsLinks.List))) { MayRefuse = true };

    internal static IReadOnlyList<LetterKind> All => [InvitedKind, JoinedKind, LeftKind, EndedKind, ChangedKind, CancelledKind, ApologiesKind, ComingKind, WaitingKind, PlacedKind, Reminders.RemindAWeekBefore.AsLetter, Reminders.RemindTheDayBefore.AsLetter, MissedKind];

    internal static Letter Invited(To to, IReadOnlyList<Told> meetings) => meetings.Count == 1
        ? One(to, $"You are invited: {meetings[0].Meeting.SeriesName}, {Show.Date(meetings[0].Meeting.StartsAt)}", [new Say("As a member you are invited to the next meeting of the forum.")], meetings[0])
        : Many(to, $"{meetings[0].Meeting.SeriesName}: {Show.Count(meetings.Count, "meeting")} to come", [new Say("As a member you are invited to each of these meetings of the forum. The attachment puts them into your calendar.")], meetings);

    /// <summary>To who waits for a place at the meeting that is held again.</summary>
    internal static Letter InvitedAgain(To to, Told told, Meeting first) => One(to, $"A second date: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say($"All places at the meeting of {Show.Date(first.StartsAt)} were taken when you said that you come. It is held a second time, and you are invited to this date as well. If it suits you better, say that you come."),
    ], told);

    internal static Letter Joined(To to, string forum, IReadOnlyList<Told> ahead) {
        var subject = $"You are a member: {forum}";
        var says = new Say($"You now belong to the forum, and are invited to each of its meetings until you leave it.{(ahead.Count == 0 ? " We will write to you as soon as the next dates are set." : "")}");
        return ahead.Count switch { 0 => new Letter(to.Email, to.Name, subject, [says, new Do("See your forums", to.Mine)]), 1 => One(to, subject, [says], ahead[0]), _ => Many(to, subject, [says], ahead) };
    }

    internal static Letter Left(To to, string forum, string forums) => new(to.Email, to.Name, $"You are no longer a member: {forum}", [
        new Say("You do not belong to the forum any more, and are no longer invited to its meetings. The attachment, if there is one, takes them out of your calendar."), new Do("See which forums there are", forums),
    ]);

    internal static Letter Ended(To to, string forum, string reason, string address, string forums) => new(to.Email, to.Name, $"The forum has ended: {forum}", [
        new Say("The forum does not meet any more, and your membership has ended with it. What you attended stays in your CPD record."), new Fact("Reason", reason),
        new Do("See which forums there are", forums), new See($"The {forum}, and when it met", address),
    ]);

    /// <param name="again">What was replied before counts no more.</param>
    internal static Letter Changed(To to, Told told, bool again) => One(to, $"Meeting changed: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say($"The day, the time, the place or the joining link of this meeting has changed. What follows is right now.{(again ? " If you had replied for the old time, tell us again whether you come." : " Your reply, or your place on the waiting list, stands.")}"),
    ], told);

    internal static Letter Cancelled(To to, Told told, string reason) => One(to, $"Meeting cancelled: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say("This meeting does not take place."), new Fact("Reason", reason),
    ], told);

    internal static Letter Apologies(To to, Told told) => One(to, $"Apologies noted: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say("Thank you for telling us that you can't come. You stay a member and are invited to the next meeting."),
    ], told, "Say that you come after all");

    internal static Letter Coming(To to, Told told) => One(to, $"You come after all: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [new Say("We have noted that you come to this meeting.")], told, "Send apologies");

    internal static Letter Waiting(To to, Told told, int position) => One(to, $"On the waiting list: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say($"All places at this meeting are taken. You are number {position} on the waiting list. As soon as a place comes free for you it is yours, and we write to you. Until then keep the time free only if you like."),
    ], told with { Meeting = told.Meeting with { JoiningLink = "" } }, "Leave the waiting list");

    internal static Letter Placed(To to, Told told) => One(to, $"You have a place: {told.Meeting.SeriesName}, {Show.Date(told.Meeting.StartsAt)}", [
        new Say("You were on the waiting list of this meeting. A place has come free, and it is yours. If you can't come any more, send apologies, so that somebody else gets it."),
    ], told, "Send apologies");

    internal static Letter Soon(To to, Told told, string when, bool coming) => One(to, $"{when}: {told.Meeting.SeriesName}", [
        new Say(coming ? "You have said that you come to this meeting. If you can't after all, send apologies." : "You are invited to this meeting as a member. Tell us whether you come."),
    ], told, coming ? "Send apologies" : null);

    internal static Letter Missed(string email, string name, IReadOnlyList<string> settings, int terms, IReadOnlyList<string> forums, string address) => new(email, name, "Your staff are invited to our forums", [
        new Say($"Nobody of {string.Join(", ", settings)} has come to one of our forums in the last {Show.Count(terms, "term")}. They are free, they count as training hours where it says so, and your staff meet others who do the same work."),
        new Fact("Our forums", string.Join("\n", forums)), new Do("See when they meet, and join", address),
    ]);

    static Letter One(To to, string subject, IReadOnlyList<Part> says, Told told, string? act = null) => new(to.Email, to.Name, subject, [
        .. says, new Fact("When", Show.DayAndPeriod(told.Meeting.StartsAt, told.Meeting.EndsAt)), new Fact("Where", told.Meeting.Where),
        .. told.Meeting.Topics.Length > 0 ? [new Fact("Topics", told.Meeting.Topics)] : Array.Empty<Part>(),
        .. told.Reply is { } reply ? [new Do(act ?? "Say whether you come", reply)] : Array.Empty<Part>(),
        .. told.Meeting.JoiningLink.Length > 0 && told.Reply is not null ? [new See("Join the meeting online", told.Meeting.JoiningLink)] : Array.Empty<Part>(),
        new See("See your forums", to.Mine),
    ]);

    static Letter Many(To to, string subject, IReadOnlyList<Part> says, IReadOnlyList<Told> meetings) => new(to.Email, to.Name, subject, [
        .. says, .. meetings.Select(m => new Fact(Show.DayAndPeriod(m.Meeting.StartsAt, m.Meeting.EndsAt), m.Meeting.Topics.Length > 0 ? $"{m.Meeting.Where}\n{m.Meeting.Topics}" : m.Meeting.Where)),
        new Do("See your forums, and say whether you come", to.Mine), .. meetings.Where(m => m.Reply is not null).Select(m => new See($"Reply for {Show.Date(m.Meeting.StartsAt)}", m.Reply!)),
    ]);

    internal static To Reader(Specimen s) => new(s.Recipient, s.Name, s.Absolute(ForumsLinks.Mine));

    internal static IReadOnlyList<Told> Some(Specimen s) => [.. Enumerable.Range(0, 3).Select(term => London.Day(s.Now.AddDays(14 + 84 * term))).Select(day => new Told(new Meeting {
        Id = Guid.Empty, SeriesName = "Birth to three forum", StartsAt = London.ToUtc(day, new TimeOnly(16, 0)), EndsAt = London.ToUtc(day, new TimeOnly(17, 30)), Venue = "Town Hall, High Street", Topics = "Speech and language",
    }, s.Absolute(ForumsLinks.ReplyByLink("example"))))];
}
