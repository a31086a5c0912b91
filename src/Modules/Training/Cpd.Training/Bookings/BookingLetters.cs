using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;

namespace Cpd.Training.Bookings;

/// <summary>The words of every message about a booking, each kind with its example. All of them say when and where, and what can be done about it.</summary>
internal static class BookingLetters {
    /// <summary>What a message says of the booking besides its own words. An address that is null is left out.</summary>
    /// <param name="Session">Where everyone sees the session.</param>
    internal sealed record Place(string Title, IReadOnlyList<SessionDate> Dates, string Where, string Reference, string Session) {
        /// <summary>Whose booking it is, when somebody else is told.</summary>
        public string? About { get; init; }
        /// <summary>The booking itself, for those who may sign in and open it.</summary>
        public string? Open { get; init; }
        public string? Questions { get; init; }
        public string? Join { get; init; }
        public string? Answer { get; init; }
        public string? Instead { get; init; }
        public string? Cancel { get; init; }
        public string? Calendar { get; init; }
    }

    /// <param name="Subject">The title of the course follows.</param>
    /// <param name="Todo">What to do; when null, to open the booking.</param>
    internal sealed record Words(string Subject, IReadOnlyList<Part> Says, Do? Todo = null) {
        /// <summary>They say already whom they are about.</summary>
        public bool Names { get; init; }
        /// <summary>Who reads it has a place, and so can add it to a calendar or cancel it.</summary>
        public bool HasPlace { get; init; }
    }

    internal static readonly LetterKind ConfirmedKind = Of("booking-confirmed", "Booked", "To whoever has a place, as soon as they have it.", Confirmed);
    internal static readonly LetterKind WaitingKind = Of("booking-waiting", "On the waiting list", "To whoever joins a waiting list.", Waiting);
    internal static readonly LetterKind PromotedKind = Of("booking-promoted", "You now have a place", "To someone on the waiting list who is given a place without being asked.", Promoted);
    internal static readonly LetterKind OfferedKind = Of("place-offered", "A place is free for you", "To someone on the waiting list for whom a place is kept until they answer.", (p, s) => Offered(p, s.Now.AddDays(1), group: false));
    internal static readonly LetterKind LapsedKind = Of("offer-lapsed", "The offer of a place has ended", "To someone who has not answered in time.", Lapsed);
    internal static readonly LetterKind LastCallKind = Of("place-open", "A last place is free", "To those on the waiting list when a place becomes free in the last hours.", LastCall);
    internal static readonly LetterKind ApprovalHeldKind = Of("approval-held", "Your manager has been asked, and a place is held", "To someone whose manager is asked to approve while a place is held.", (_, s) => ApprovalAsked(s.Now.AddDays(1)));
    internal static readonly LetterKind ApprovalJoinedKind = Of("approval-joined", "Your manager has been asked", "To someone whose manager is asked to approve while they wait.", (_, _) => ApprovalAsked(null));
    internal static readonly LetterKind ApprovalDueKind = Of("approval-due", "Do you approve, while a place is held?", "To the managers of someone for whom a place is held until they approve.", (p, s) => ApprovalWanted(p, s.Now.AddDays(1), s.Absolute(TrainingLinks.Approvals)));
    internal static readonly LetterKind ApprovalWantedKind = Of("approval-wanted", "Do you approve?", "To the managers of someone who waits and needs their approval.", (p, s) => ApprovalWanted(p, null, s.Absolute(TrainingLinks.Approvals)));
    internal static readonly LetterKind ApprovedKind = Of("booking-approved", "Approved, with a place", "To someone who has a place because their manager has approved.", _ => Approved(booked: true));
    internal static readonly LetterKind WaitApprovedKind = Of("wait-approved", "Approved, and waiting", "To someone on the waiting list whose manager has approved.", _ => Approved(booked: false));
    internal static readonly LetterKind NotApprovedKind = Of("not-approved", "Not approved", "To someone whose manager has refused, or has not answered in time.", p => NotApproved(p, "We need you at the nursery on that day."));
    internal static readonly LetterKind CancelledKind = Of("booking-cancelled", "Booking cancelled", "To whoever had the booking, when it is cancelled by anyone.", _ => Cancelled("Ill", 0));
    internal static readonly LetterKind SessionCancelledKind = Of("session-cancelled", "Session cancelled", "To everyone with a place or waiting, when a session is cancelled.", p => SessionCancelled(p, "The trainer is ill."));
    internal static readonly LetterKind MovedKind = Of("session-moved", "Session changed", "To everyone with a place or waiting, when the dates, the venue or the joining link change.", p => Moved(p, waits: false));
    internal static readonly LetterKind CarriedKind = Of("carried-over", "Your booking has a new date", "To those whose session is merged with another date.", p => Carried(p, booked: true, "Too few people had booked."));
    internal static readonly LetterKind HandedOverKind = Of("place-handed-over", "A colleague has taken your place", "To whoever had the place.", _ => HandedOver("Sam Green"));
    internal static readonly LetterKind TakenOverKind = Of("place-taken-over", "You have a colleague's place", "To whoever has the place now.", _ => TakenOver("Sam Green"));
    internal static readonly LetterKind MovedHereKind = Of("booking-moved", "Moved to another date", "To whoever has moved their booking to another date.", (_, s) => MovedHere(s.Now.AddDays(7)));
    internal static readonly LetterKind MovedAwayKind = Of("booking-moved-away", "Moved away from a date", "To whoever has moved their booking, to take the old date out of their calendar.", (_, s) => MovedAway(s.Now.AddDays(28)));

    internal static IReadOnlyList<LetterKind> All => [
        ConfirmedKind, WaitingKind, PromotedKind, OfferedKind, LapsedKind, LastCallKind, ApprovalHeldKind, ApprovalJoinedKind, ApprovalDueKind, ApprovalWantedKind, ApprovedKind, WaitApprovedKind, NotApprovedKind,
        CancelledKind, SessionCancelledKind, MovedKind, CarriedKind, HandedOverKind, TakenOverKind, MovedHereKind, MovedAwayKind,
    ];

    internal static Words Confirmed(Place place) => new("Booked", [new Say("You have a place.")]) { HasPlace = true };

    internal static Words Waiting(Place place) => new("On the waiting list", [
        new Say("There is no place for you yet, so you are on the waiting list. We will email you as soon as there is one: you do not need to do anything."),
    ], InList(place));

    internal static Words Promoted(Place place) => new("You now have a place", [
        new Say("A place has become free and it is yours. If you can no longer come, cancel your booking so that the next person can."),
    ]) { HasPlace = true };

    internal static Words Offered(Place place, DateTime until, bool group) => new("A place is free for you", [
        new Say($"{(group ? "There are now places for your whole group, and they are kept for you" : "A place has become free and is kept for you")} until {Show.DateAndTime(until)}. After that {(group ? "they go" : "it goes")} to the next person."),
    ], new Do("Accept, or say that you can't come", place.Answer!));

    internal static Words Lapsed(Place place) => new("The offer of a place has ended", [
        new Say("A place was kept for you, but we did not hear from you in time, so it has gone to the next person. You are no longer on the waiting list; you can join it again."),
    ], new Do("See the session, and join the list again", place.Session));

    internal static Words LastCall(Place place) => new("A last place is free", [
        new Say("A place has become free so late that it goes to whoever takes it first. If you still want it, take it now."),
    ], new Do("Take the place", place.Answer!));

    /// <param name="until">Until when a place is held; null for someone who waits.</param>
    internal static Words ApprovalAsked(DateTime? until) => new("Your manager has been asked", [
        new Say(until is { } end ? $"A place is held for you until {Show.DateAndTime(end)}. It is yours as soon as your manager approves." : "You are on the waiting list. Your manager has been asked to approve."),
    ]);

    internal static Words ApprovalWanted(Place place, DateTime? until, string approvals) => new("Do you approve?", [
        new Say($"{place.About ?? "A member of your staff"} has asked for a place at this session. {(until is { } end ? $"A place is held until {Show.DateAndTime(end)}; if you do not answer by then it goes to the next person."
            : "They are on the waiting list. A place can only become theirs once you approve.")}"),
    ], new Do("Approve or refuse", approvals)) { Names = true };

    internal static Words Approved(bool booked) => new(booked ? "Booked" : "Approved", [
        new Say($"Your manager has approved. {(booked ? "You have a place." : "You are on the waiting list and will hear from us when there is a place for you.")}"),
    ]) { HasPlace = booked };

    internal static Words NotApproved(Place place, string reason) => new("Not approved", [
        new Say("Your request has come to an end and the place is no longer held for you."), new Fact("Reason", reason),
    ], new Do("See the session", place.Session));

    internal static Words Cancelled(string reason, int pence) => new("Booking cancelled", [
        new Say("Your booking has been cancelled."), new Fact("Reason", reason), .. pence > 0 ? [new Fact("Charged for cancelling late", Show.Money(pence))] : Array.Empty<Part>(),
    ]);

    internal static Words SessionCancelled(Place place, string reason) => new("Session cancelled", [
        new Say($"The session has been cancelled, and with it your booking.{(place.Instead is null ? "" : " The course is held on other dates too: choose one, and the place is booked.")}"), new Fact("Reason", reason),
    ], place.Instead is null ? null : new Do("Choose another date", place.Instead));

    internal static Words Moved(Place place, bool waits) => new("Session changed", [
        new Say($"The date, the time, the venue or the joining link of the session has changed. What follows is right now. {(waits ? "You are still on the waiting list." : "Your booking stands.")}"),
    ], waits ? InList(place) : null) { HasPlace = !waits };

    internal static Words Carried(Place place, bool booked, string reason) => new(booked ? "Your booking has a new date" : "Waiting for a new date", [
        new Say($"The session you had asked for does not take place. {(booked ? "Your place has been moved to the date below." : "You are now on the waiting list of the date below, in the order you had.")}"), new Fact("Reason", reason),
    ], booked ? null : InList(place)) { HasPlace = booked };

    internal static Words HandedOver(string to) => new("A colleague has taken your place", [new Say($"Your place is now {to}'s, so you are no longer expected. Nothing is charged.")]);

    internal static Words TakenOver(string from) => new("Booked", [new Say($"You have the place that was {from}'s.")]) { HasPlace = true };

    internal static Words MovedHere(DateTime from) => new("Your booking has a new date", [new Say($"You have a place on the date below. Your place on {Show.Date(from)} has been given up.")]) { HasPlace = true };

    internal static Words MovedAway(DateTime to) => new("Moved to another date", [new Say($"You have a place on {Show.Date(to)} instead of the date below. This message takes the date below out of your calendar.")]);

    /// <summary>One date of several, for the calendar.</summary>
    internal static Words OneDate(int number, int of, bool gone) => new(gone ? $"Date {number} cancelled" : $"Date {number} of {of}", [
        new Say(gone ? "This takes a date out of your calendar." : "This is for your calendar. The session has several dates, and each has a message of its own."),
    ]);

    static Do InList(Place place) => new("See your place in the list, or leave it", place.Answer!);

    /// <summary>What all of them have in common.</summary>
    internal static Letter Write(string recipient, string name, Place place, Words words) {
        var open = place.Open is null ? null : new Do(place.About is null ? "See your booking" : "See the booking", place.Open);
        var todo = words.Todo ?? open;
        return new(recipient, name, $"{words.Subject}{(words.Subject.EndsWith('?') ? "" : ":")} {place.Title}", [.. ((Part?[])[
            place.About is null || words.Names ? null : new Say($"This is about {place.About}."),
            .. words.Says,
            new Fact("Session", place.Title),
            new Fact("When", string.Join('\n', place.Dates.Select(d => Show.DayAndPeriod(d.StartsAt, d.EndsAt)))),
            place.Where.Length > 0 ? new Fact("Where", place.Where) : null,
            place.Join is { } typed && !IsAddress(typed) ? new Fact("To join", typed) : null,
            new Fact("Reference", place.Reference),
            todo,
            open is null || open == todo ? null : new See(open.Text, open.Address),
            See("Join online", place.Join is { } link && IsAddress(link) ? link : null),
            See("Tell the organiser what you need on the day", place.Questions),
            words.HasPlace ? See("Add it to your calendar", place.Calendar) : null,
            words.HasPlace ? See("If you can't come, cancel the place", place.Cancel) : null,
        ]).OfType<Part>()]);
    }

    static See? See(string text, string? address) => address is null ? null : new(text, address);

    /// <summary>A joining link is typed by people, and may be a number to call.</summary>
    internal static bool IsAddress(string typed) => Uri.TryCreate(typed, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    internal static LetterKind Of(string name, string title, string when, Func<Place, Words> words) => Of(name, title, when, (place, _) => words(place));

    internal static LetterKind Of(string name, string title, string when, Func<Place, Specimen, Words> words) => new(name, title, when, specimen => {
        var day = London.Day(specimen.Now).AddDays(14);
        var place = new Place("Talking with two year olds", [new() { StartsAt = London.ToUtc(day, new(9, 30)), EndsAt = London.ToUtc(day, new(12, 30)) }], "Town Hall, New Road", "K7PQ-3FMB", specimen.Absolute(TrainingLinks.Catalogue)) {
            Open = specimen.Absolute(TrainingLinks.Bookings), Answer = specimen.Absolute(TrainingLinks.Answer(Example)), Instead = specimen.Absolute(TrainingLinks.Instead(Example)),
            About = name is "approval-due" or "approval-wanted" ? "Alex Green" : null, Cancel = specimen.Absolute(TrainingLinks.CancelByLink(Example)), Calendar = specimen.Absolute(TrainingLinks.CalendarByLink(Example)),
        };
        return Write(specimen.Recipient, specimen.Name, place, words(place, specimen with { Now = London.ToUtc(London.Day(specimen.Now), new(17, 0)) }));
    });

    /// <summary>Stands where a token stands in a real one.</summary>
    internal const string Example = "example";
}
