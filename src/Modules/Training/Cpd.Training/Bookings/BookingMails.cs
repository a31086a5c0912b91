using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.Extensions.Configuration;

namespace Cpd.Training.Bookings;

/// <summary>
/// What people are told of their bookings by e-mail. For someone without an address, whoever booked them is told; people without either
/// are left out. Whoever has a place gets an invitation for their calendar with it, which is changed and called off as the place is; a
/// message about somebody else carries none, for it would land in the wrong calendar.
/// </summary>
internal sealed class BookingMails(Db db, IMediator mediator, BookingToken tokens, IConfiguration configuration, Appointments appointments, Sender sender) {
    /// <summary>What a message does to the reader's calendar.</summary>
    enum Entry { None, Stands, Ends }

    const string SelectDates = """
        SELECT c.Title, s.AuthorityId, s.VenueName, s.VenueAddress, s.JoiningLink, d.StartsAt, d.EndsAt,
            (SELECT COUNT(*) FROM training_SessionQuestion q WHERE q.SessionId = s.Id) AS Questions
        FROM training_SessionDate d
        JOIN training_Session s ON s.Id = d.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE d.SessionId = @Id
        ORDER BY d.StartsAt
        """;

    internal sealed record Booked {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
        public Guid? SettingId { get; init; }
        public Guid? GroupId { get; init; }
        /// <summary>The person, where the caller knows them already.</summary>
        public PersonCard? Person { get; init; }
        /// <summary>Who is told when the person has no address.</summary>
        public Guid? Otherwise { get; init; }
        /// <summary>Who is told in the person's place.</summary>
        public Guid? Instead { get; init; }
        /// <summary>What is told, where the same booking may be told it again.</summary>
        public Guid? Cause { get; init; }
        /// <summary>The place that is held for them.</summary>
        public Allotment.Held? Hold { get; init; }
        /// <summary>Only of those who are booked does a calendar hold anything.</summary>
        public BookingState State { get; init; }
    }

    internal Task<IReadOnlyList<Mail>> Confirmed(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-confirmed", b.Id), "Booked", b => $"""
        You have a place.

        Your reference: {b.Reference}
        """, ct, Entry.Stands);

    internal Task<IReadOnlyList<Mail>> Waiting(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-waiting", b.Id), "On the waiting list", b => $"""
        There is no place for you yet, so you are on the waiting list. We will e-mail you as soon as there is one: you do not need to do anything.

        Your reference: {b.Reference}

        To see your place in the list, or to leave it:
        {Answer(b.Id)}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Promoted(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, [.. bookings.Select(b => b with { Instead = null, Otherwise = b.Instead ?? b.Otherwise })], b => ("booking-promoted", b.Id), "You now have a place", b => $"""
        A place has become free and it is yours. If you can no longer come, please cancel your booking so that the next person can.

        Your reference: {b.Reference}
        """, ct, Entry.Stands);

    internal Task<IReadOnlyList<Mail>> Offered(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("place-offered", b.Hold!.Id), "A place is free for you", b => $"""
        {(b.GroupId is null ? "A place has become free and is kept for you" : "There are now places for your whole group, and they are kept for you")} until {Show.DateAndTime(b.Hold!.Until)}.
        After that {(b.GroupId is null ? "it goes" : "they go")} to the next person.

        Accept, or say that you can't come:
        {Answer(b.Id)}

        Your reference: {b.Reference}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Lapsed(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("offer-lapsed", b.Id), "The offer of a place has ended", b => $"""
        A place was kept for you, but we did not hear from you in time, so it has gone to the next person. You are no longer on the waiting list; you can join it again.

        Your reference was: {b.Reference}
        """, ct);

    internal Task<IReadOnlyList<Mail>> LastCall(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) => Write(sessionId, bookings, b => ("place-open", b.Cause!.Value), "A last place is free", b => $"""
        A place has become free so late that it goes to whoever takes it first. If you still want it, take it now:
        {Answer(b.Id)}

        Your reference: {b.Reference}
        """, ct);

    /// <summary>Tells the person that a place is held, and asks the managers of their setting.</summary>
    internal async Task<IReadOnlyList<Mail>> ApprovalAsked(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) {
        if (bookings.Count == 0) return [];
        var told = await Write(sessionId, bookings, b => (b.Hold is null ? "approval-joined" : "approval-held", b.Hold?.Id ?? b.Id), "Your manager has been asked", b => $"""
            {(b.Hold is { Until: var until } ? $"A place is held for you until {Show.DateAndTime(until)}. It is yours as soon as your manager approves." : "You are on the waiting list. Your manager has been asked to approve.")}

            Your reference: {b.Reference}
            """, ct);
        var managers = (await mediator.Send(new FindHolders(Role.SettingManager, [.. bookings.Select(b => b.SettingId).OfType<Guid>().Distinct()]), ct)).ToLookup(h => h.OrganisationId);
        var names = (await mediator.Send(new FindPeople([.. bookings.Select(b => b.PersonId)]), ct)).ToDictionary(p => p.Id, p => p.Name);
        var asked = new List<Booked>();
        var ofBooking = new Dictionary<Guid, Booked>();
        foreach (var booking in bookings) {
            ofBooking[booking.Id] = booking;
            asked.AddRange(managers[booking.SettingId ?? Guid.Empty].Select(m => booking with { Instead = m.PersonId }));
        }
        var ask = await Write(sessionId, asked, b => (b.Hold is null ? "approval-wanted" : "approval-due", b.Hold?.Id ?? b.Id), "Do you approve?", b => $"""
            {names.GetValueOrDefault(b.PersonId, "A member of your staff")} has asked for a place at this session.
            {(b.Hold is { Until: var until } ? $"A place is held until {Show.DateAndTime(until)}; if you do not answer by then it goes to the next person." : "They are on the waiting list. A place can only become theirs once you approve.")}

            Approve or refuse:
            {Site}{TrainingLinks.Approvals}
            """, ct);
        return [.. told, .. ask];
    }

    internal Task<IReadOnlyList<Mail>> Approved(Guid sessionId, IReadOnlyList<Booked> bookings, bool booked, CancellationToken ct) => Write(sessionId, bookings, b => (booked ? "booking-approved" : "wait-approved", b.Id), booked ? "Booked" : "Approved", b => $"""
        Your manager has approved. {(booked ? "You have a place." : "You are on the waiting list and will hear from us when there is a place for you.")}

        Your reference: {b.Reference}
        """, ct, booked ? Entry.Stands : Entry.None);

    internal Task<IReadOnlyList<Mail>> NotApproved(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct) => Write(sessionId, bookings, b => ("not-approved", b.Id), "Not approved", b => $"""
        Your request {b.Reference} has come to an end and the place is no longer held for you.

        {reason}
        """, ct);

    internal Task<IReadOnlyList<Mail>> Cancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct) => Write(sessionId, bookings, b => ("booking-cancelled", b.Id), "Booking cancelled", b => $"""
        Your booking {b.Reference} has been cancelled.

        Reason: {reason}
        """, ct, Entry.Ends);

    /// <param name="instead">There are other sessions of the course to go to.</param>
    internal Task<IReadOnlyList<Mail>> SessionCancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, bool instead, CancellationToken ct) => Write(sessionId, bookings, b => ("session-cancelled", b.Id), "Session cancelled", b => $"""
        The session has been cancelled, and with it your booking {b.Reference}.

        Reason: {reason}{(instead ? $"\n\nThe course is held on other dates too. Choose one, and the place is booked:\n{Site}{TrainingLinks.Instead(tokens.For(b.Id))}" : "")}
        """, ct, Entry.Ends);

    /// <param name="changeId">The change, so that each is told once.</param>
    /// <param name="before">The dates there were: calendars drop those that there are no more.</param>
    internal Task<IReadOnlyList<Mail>> Moved(Guid changeId, Guid sessionId, IReadOnlyList<Booked> bookings, IReadOnlyList<SessionDate> before, CancellationToken ct) => Write(sessionId, bookings, _ => ("session-moved", changeId), "Session changed", b => $"""
        The date, the time, the venue or the joining link of the session has changed. What follows is right now. Your booking {b.Reference} stands.
        """, ct, Entry.Stands, before);

    /// <summary>They were at a session that has been cancelled or merged, and are now at this one.</summary>
    /// <param name="before">The dates they had a place on.</param>
    internal Task<IReadOnlyList<Mail>> Carried(Guid sessionId, IReadOnlyList<Booked> bookings, bool booked, string reason, IReadOnlyList<SessionDate> before, CancellationToken ct) => Write(sessionId, bookings, b => ($"carried-over-{sessionId:N}", b.Id), booked ? "Your booking has a new date" : "Waiting for a new date", b => $"""
        The session you had asked for does not take place. {(booked ? "Your place has been moved to the date below." : "You are now on the waiting list of the date below, in the order you had.")}

        Reason: {reason}

        Your new reference: {b.Reference}{(booked ? "" : $"\n\nTo see your place in the list, or to leave it:\n{Answer(b.Id)}")}
        """, ct, booked ? Entry.Stands : Entry.None, before);

    /// <param name="changeId">The act, so that each is told once of each; the same two may change places again.</param>
    internal Task<IReadOnlyList<Mail>> HandedOver(Guid changeId, Guid sessionId, Booked booking, string to, CancellationToken ct) => Write(sessionId, [booking], _ => ("place-handed-over", changeId), "A colleague has taken your place", b => $"""
        Your place {b.Reference} is now {to}'s, so you are no longer expected. Nothing is charged.
        """, ct, Entry.Ends, theirs: false);

    internal Task<IReadOnlyList<Mail>> TakenOver(Guid changeId, Guid sessionId, Booked booking, string from, CancellationToken ct) => Write(sessionId, [booking], _ => ("place-taken-over", changeId), "Booked", b => $"""
        You have the place that was {from}'s.

        Your reference: {b.Reference}
        """, ct, Entry.Stands);

    /// <summary>They gave up a place at another date of the course for one at this.</summary>
    internal Task<IReadOnlyList<Mail>> MovedHere(Guid sessionId, Booked booking, DateTime from, CancellationToken ct) => Write(sessionId, [booking], b => ("booking-moved", b.Id), "Your booking has a new date", b => $"""
        You have a place on the date below. Your place on {Show.Date(from)} has been given up.

        Your new reference: {b.Reference}
        """, ct, Entry.Stands);

    /// <summary>Takes the dates they gave up out of their calendar, which an invitation to another booking can't. Where no calendar was told of them there is nothing to send.</summary>
    internal async Task<IReadOnlyList<Mail>> MovedAway(Guid sessionId, Booked booking, DateTime to, CancellationToken ct) => [.. (await Write(sessionId, [booking], b => ("booking-moved-away", b.Id), "Moved to another date", b => $"""
        You have a place on {Show.Date(to)} instead of the date below. This message takes the date below out of your calendar.

        Your reference was: {b.Reference}
        """, ct, Entry.Ends)).Where(m => m.Calendar is not null)];

    string Answer(Guid bookingId) => Site + TrainingLinks.Answer(tokens.For(bookingId));

    /// <param name="theirs">Whoever is told may open the booking.</param>
    async Task<IReadOnlyList<Mail>> Write(Guid sessionId, IReadOnlyList<Booked> bookings, Func<Booked, (string Kind, Guid Cause)> cause, string subject, Func<Booked, string> words, CancellationToken ct, Entry entry = Entry.None, IReadOnlyList<SessionDate>? before = null, bool theirs = true) {
        if (bookings.Count == 0) return [];
        var dates = await db.List<Date>(SelectDates, new { Id = sessionId }, ct);
        var session = dates[0];
        var people = bookings.Select(b => b.Person).OfType<PersonCard>().DistinctBy(p => p.Id).ToDictionary(p => p.Id);
        var asked = bookings.SelectMany(b => new[] { b.PersonId, b.Person?.Email is null ? b.Otherwise : null, b.Instead }).OfType<Guid>().Where(id => !people.ContainsKey(id)).Distinct();
        foreach (var batch in asked.ToList().Chunk(1000))
            foreach (var person in await mediator.Send(new FindPeople(batch), ct)) people[person.Id] = person;
        var revisions = entry switch {
            Entry.Stands => await appointments.Raise(bookings.Where(b => b.State == BookingState.Booked).Select(b => b.Id), ct),
            Entry.Ends => await appointments.RaiseKnown(bookings.Select(b => b.Id), ct),
            _ => new Dictionary<Guid, Revision>(),
        };
        var when = string.Join('\n', dates.Select(d => Show.Period(d.StartsAt, d.EndsAt)));
        var where = string.Join(", ", new[] { session.VenueName, session.VenueAddress }.Where(t => t.Length > 0));
        return [.. bookings.Select(b => (Booking: b, To: new[] { b.Instead, b.PersonId, b.Otherwise }.OfType<Guid>().Select(id => people.GetValueOrDefault(id)).FirstOrDefault(p => p?.Email is not null))).Where(m => m.To is not null).SelectMany(m => {
            var (booking, to) = m;
            var (kind, id) = cause(booking);
            var mail = new Mail(kind, id, to!.Email!, $"{subject}: {session.Title}", $"""
                Dear {to.Name},
                {(to.Id == booking.PersonId ? "" : $"\nThis is about {people.GetValueOrDefault(booking.PersonId)?.Name}.\n")}
                {words(booking)}

                {session.Title}
                {when}
                {(where.Length > 0 ? where + "\n" : "")}
                {(theirs ? $"The booking, with how to join, a calendar file and how to cancel:\n{Site}{TrainingLinks.Booking(booking.Id)}{(session.Questions > 0 ? $"\n\nThe organiser asks what you need on the day:\n{Site}{TrainingLinks.Questions(booking.Id)}" : "")}" : "")}
                """) { PersonId = to.Id, AboutId = booking.Id, AuthorityId = session.AuthorityId, GoodUntil = booking.Hold?.Until };
            return to.Id == booking.PersonId && revisions.TryGetValue(booking.Id, out var revision) ? Invite(mail, dates, before ?? [], booking, to, revision, entry == Entry.Ends, Site + (theirs ? TrainingLinks.Booking(booking.Id) : TrainingLinks.Bookings)) : [mail];
        })];
    }

    /// <summary>The message with the invitation to the first date, and a short one for each other date: an invitation holds one appointment.</summary>
    IEnumerable<Mail> Invite(Mail mail, IReadOnlyList<Date> session, IReadOnlyList<SessionDate> before, Booked booking, PersonCard to, Revision revision, bool ends, string address) {
        var (title, dates) = (session[0].Title, session.Select(d => new SessionDate { StartsAt = d.StartsAt, EndsAt = d.EndsAt }).ToList());
        var appointment = new Appointment(booking.Id, title, session[0].VenueName, session[0].VenueAddress, ends ? "" : session[0].JoiningLink, booking.Reference, to.Name, address, revision, ends);
        var guest = new CalendarParty(to.Name, to.Email!);
        yield return mail with { Calendar = CalendarFile.Invite(appointment.Entry(dates[0], 1, dates.Count), sender.Organiser, guest) };
        for (var number = 2; number <= Math.Max(dates.Count, before.Count); number++) {
            var (date, gone) = number <= dates.Count ? (dates[number - 1], ends) : (before[number - 1], true);
            yield return mail with {
                Kind = $"{mail.Kind}-{number}", Subject = $"Date {number}{(gone ? " cancelled" : $" of {dates.Count}")}: {title}",
                Body = $"""
                    Dear {to.Name},

                    {(gone ? "This takes a date out of your calendar:" : "This is for your calendar. The session has several dates, and each has a message of its own:")}
                    {Show.Period(date.StartsAt, date.EndsAt)}

                    Your reference: {booking.Reference}
                    {address}
                    """,
                Calendar = CalendarFile.Invite((gone ? appointment with { IsCancelled = true, JoiningLink = "" } : appointment).Entry(date, number, Math.Max(dates.Count, number)), sender.Organiser, guest),
            };
        }
    }

    /// <summary>Where people reach this service: <c>Site:Address</c>, else the first address it listens on.</summary>
    internal string Site => new Site(configuration).Absolute("");

    sealed record Date {
        public string Title { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Questions { get; init; }
    }
}
