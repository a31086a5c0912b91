using Cpd.People.Contracts;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;
using MediatR;
using static Cpd.Training.Bookings.BookingLetters;

namespace Cpd.Training.Bookings;

/// <summary>
/// What people are told of their bookings by email. For someone without an address, whoever booked them is told; people without either
/// are left out. Whoever has a place gets an invitation for their calendar with it, which is changed and called off as the place is; a
/// message about somebody else carries none, for it would land in the wrong calendar.
/// </summary>
internal sealed class BookingMails(Db db, IMediator mediator, PlaceLinks links, Site site, Appointments appointments, Sender sender) {
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

    internal Task<IReadOnlyList<Mail>> Confirmed(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, bookings, ConfirmedKind, b => b.Id, (_, p) => BookingLetters.Confirmed(p), ct, Entry.Stands);

    internal Task<IReadOnlyList<Mail>> Waiting(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, bookings, WaitingKind, b => b.Id, (_, p) => BookingLetters.Waiting(p), ct);

    internal Task<IReadOnlyList<Mail>> Promoted(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, [.. bookings.Select(b => b with { Instead = null, Otherwise = b.Instead ?? b.Otherwise })], PromotedKind, b => b.Id, (_, p) => BookingLetters.Promoted(p), ct, Entry.Stands);

    internal Task<IReadOnlyList<Mail>> Offered(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, bookings, OfferedKind, b => b.Hold!.Id, (b, p) => BookingLetters.Offered(p, b.Hold!.Until, b.GroupId is not null), ct);

    internal Task<IReadOnlyList<Mail>> Lapsed(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, bookings, LapsedKind, b => b.Id, (_, p) => BookingLetters.Lapsed(p), ct);

    internal Task<IReadOnlyList<Mail>> LastCall(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) =>
        Write(sessionId, bookings, LastCallKind, b => b.Cause!.Value, (_, p) => BookingLetters.LastCall(p), ct);

    /// <summary>Tells the person that a place is held, and asks the managers of their setting.</summary>
    internal async Task<IReadOnlyList<Mail>> ApprovalAsked(Guid sessionId, IReadOnlyList<Booked> bookings, CancellationToken ct) {
        if (bookings.Count == 0) return [];
        var managers = (await mediator.Send(new FindHolders(Role.SettingManager, [.. bookings.Select(b => b.SettingId).OfType<Guid>().Distinct()]), ct)).ToLookup(h => h.OrganisationId);
        var mails = new List<Mail>();
        foreach (var some in bookings.GroupBy(b => b.Hold is not null)) {
            var held = some.Key;
            mails.AddRange(await Write(sessionId, [.. some], held ? ApprovalHeldKind : ApprovalJoinedKind, b => b.Hold?.Id ?? b.Id, (b, _) => BookingLetters.ApprovalAsked(b.Hold?.Until), ct));
            mails.AddRange(await Write(sessionId, [.. some.SelectMany(b => managers[b.SettingId ?? Guid.Empty].Select(m => b with { Instead = m.PersonId }))], held ? ApprovalDueKind : ApprovalWantedKind,
                b => b.Hold?.Id ?? b.Id, (b, p) => BookingLetters.ApprovalWanted(p, b.Hold?.Until, site.Absolute(TrainingLinks.Approvals)), ct));
        }
        return mails;
    }

    internal Task<IReadOnlyList<Mail>> Approved(Guid sessionId, IReadOnlyList<Booked> bookings, bool booked, CancellationToken ct) =>
        Write(sessionId, bookings, booked ? ApprovedKind : WaitApprovedKind, b => b.Id, (_, _) => BookingLetters.Approved(booked), ct, booked ? Entry.Stands : Entry.None);

    internal Task<IReadOnlyList<Mail>> NotApproved(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct) =>
        Write(sessionId, bookings, NotApprovedKind, b => b.Id, (_, p) => BookingLetters.NotApproved(p, reason), ct);

    /// <param name="pence">What it costs.</param>
    internal Task<IReadOnlyList<Mail>> Cancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, CancellationToken ct, int pence = 0) =>
        Write(sessionId, bookings, CancelledKind, b => b.Id, (_, _) => BookingLetters.Cancelled(reason, pence), ct, Entry.Ends);

    /// <param name="instead">There are other sessions of the course to go to.</param>
    internal Task<IReadOnlyList<Mail>> SessionCancelled(Guid sessionId, IReadOnlyList<Booked> bookings, string reason, bool instead, CancellationToken ct) =>
        Write(sessionId, bookings, SessionCancelledKind, b => b.Id, (_, p) => BookingLetters.SessionCancelled(instead ? p : p with { Instead = null }, reason), ct, Entry.Ends);

    /// <param name="changeId">The change, so that each is told once.</param>
    /// <param name="before">The dates there were: calendars drop those that there are no more.</param>
    internal Task<IReadOnlyList<Mail>> Moved(Guid changeId, Guid sessionId, IReadOnlyList<Booked> bookings, IReadOnlyList<SessionDate> before, CancellationToken ct) =>
        Write(sessionId, bookings, MovedKind, _ => changeId, (b, p) => BookingLetters.Moved(p, b.State == BookingState.Waiting), ct, Entry.Stands, before);

    /// <summary>They were at a session that has been cancelled or merged, and are now at this one.</summary>
    /// <param name="before">The dates they had a place on.</param>
    internal Task<IReadOnlyList<Mail>> Carried(Guid sessionId, IReadOnlyList<Booked> bookings, bool booked, string reason, IReadOnlyList<SessionDate> before, CancellationToken ct) =>
        Write(sessionId, bookings, CarriedKind, b => b.Id, (_, p) => BookingLetters.Carried(p, booked, reason), ct, booked ? Entry.Stands : Entry.None, before, again: $"{sessionId:N}");

    /// <param name="changeId">The act, so that each is told once of each; the same two may change places again.</param>
    internal Task<IReadOnlyList<Mail>> HandedOver(Guid changeId, Guid sessionId, Booked booking, string to, CancellationToken ct) =>
        Write(sessionId, [booking], HandedOverKind, _ => changeId, (_, _) => BookingLetters.HandedOver(to), ct, Entry.Ends, theirs: false);

    internal Task<IReadOnlyList<Mail>> TakenOver(Guid changeId, Guid sessionId, Booked booking, string from, CancellationToken ct) =>
        Write(sessionId, [booking], TakenOverKind, _ => changeId, (_, _) => BookingLetters.TakenOver(from), ct, Entry.Stands);

    /// <summary>They gave up a place at another date of the course for one at this.</summary>
    internal Task<IReadOnlyList<Mail>> MovedHere(Guid sessionId, Booked booking, DateTime from, CancellationToken ct) =>
        Write(sessionId, [booking], MovedHereKind, b => b.Id, (_, _) => BookingLetters.MovedHere(from), ct, Entry.Stands);

    /// <summary>Takes the dates they gave up out of their calendar, which an invitation to another booking can't. Where no calendar was told of them there is nothing to send.</summary>
    internal async Task<IReadOnlyList<Mail>> MovedAway(Guid sessionId, Booked booking, DateTime to, CancellationToken ct) =>
        [.. (await Write(sessionId, [booking], MovedAwayKind, b => b.Id, (_, _) => BookingLetters.MovedAway(to), ct, Entry.Ends)).Where(m => m.Letter.Calendar is not null)];

    /// <param name="theirs">Whoever is told may open the booking.</param>
    async Task<IReadOnlyList<Mail>> Write(Guid sessionId, IReadOnlyList<Booked> bookings, LetterKind kind, Func<Booked, Guid> cause, Func<Booked, Place, Words> words, CancellationToken ct, Entry entry = Entry.None, IReadOnlyList<SessionDate>? before = null, bool theirs = true, string? again = null) {
        if (bookings.Count == 0) return [];
        var session = await db.List<Date>(SelectDates, new { Id = sessionId }, ct);
        var dates = session.Select(d => new SessionDate { StartsAt = d.StartsAt, EndsAt = d.EndsAt }).ToList();
        var people = bookings.Select(b => b.Person).OfType<PersonCard>().DistinctBy(p => p.Id).ToDictionary(p => p.Id);
        var asked = bookings.SelectMany(b => new[] { b.PersonId, b.Person?.Email is null ? b.Otherwise : null, b.Instead }).OfType<Guid>().Where(id => !people.ContainsKey(id)).Distinct();
        foreach (var person in await mediator.Send(new FindPeople([.. asked]), ct)) people[person.Id] = person;
        var revisions = entry switch {
            Entry.Stands => await appointments.Raise(bookings.Where(b => b.State == BookingState.Booked).Select(b => b.Id), ct),
            Entry.Ends => await appointments.RaiseKnown(bookings.Select(b => b.Id), ct),
            _ => new Dictionary<Guid, Revision>(),
        };
        var shared = new Place(session[0].Title, dates, Where(session[0].VenueName, session[0].VenueAddress), "", site.Absolute(TrainingLinks.Session(sessionId)));
        return [.. bookings.Select(b => (Booking: b, To: new[] { b.Instead, b.PersonId, b.Otherwise }.OfType<Guid>().Select(id => people.GetValueOrDefault(id)).FirstOrDefault(p => p?.Email is not null))).Where(m => m.To is not null).SelectMany(m => {
            var (booking, to) = m;
            var place = links.On(shared with {
                Reference = booking.Reference, About = to!.Id == booking.PersonId ? null : people.GetValueOrDefault(booking.PersonId)?.Name,
                Questions = theirs && session[0].Questions > 0 ? site.Absolute(TrainingLinks.Questions(booking.Id)) : null,
            }, booking.Id, booking.PersonId, theirs);
            var letter = BookingLetters.Write(to.Email!, to.Name, place, words(booking, place));
            var mail = new Mail(kind, cause(booking), letter) { Again = again, PersonId = to.Id, AboutId = booking.Id, AuthorityId = session[0].AuthorityId, GoodUntil = booking.Hold?.Until };
            return to.Id == booking.PersonId && revisions.TryGetValue(booking.Id, out var revision) ? Invite(mail, session[0], place, before ?? [], booking, to, revision, entry == Entry.Ends) : [mail];
        })];
    }

    /// <summary>The message with the invitation to the first date, and a short one for each other date: an invitation holds one appointment.</summary>
    IEnumerable<Mail> Invite(Mail mail, Date session, Place place, IReadOnlyList<SessionDate> before, Booked booking, PersonCard to, Revision revision, bool ends) {
        var dates = place.Dates;
        var address = place.Open ?? site.Absolute(TrainingLinks.Bookings);
        var appointment = new Appointment(booking.Id, place.Title, session.VenueName, session.VenueAddress, ends ? "" : session.JoiningLink, booking.Reference, to.Name, address, revision, ends);
        var guest = new CalendarParty(to.Name, to.Email!);
        yield return mail with { Letter = mail.Letter with { Calendar = CalendarFile.Invite(appointment.Entry(dates[0], 1, dates.Count), sender.Organiser, guest) } };
        for (var number = 2; number <= Math.Max(dates.Count, before.Count); number++) {
            var (date, gone) = number <= dates.Count ? (dates[number - 1], ends) : (before[number - 1], true);
            var words = BookingLetters.OneDate(number, dates.Count, gone);
            yield return mail with {
                Again = mail.Again is { } again ? $"{again}-{number}" : $"{number}",
                Letter = BookingLetters.Write(to.Email!, to.Name, place with { Dates = [date], Questions = null }, words) with {
                    Calendar = CalendarFile.Invite((gone ? appointment with { IsCancelled = true, JoiningLink = "" } : appointment).Entry(date, number, Math.Max(dates.Count, number)), sender.Organiser, guest),
                },
            };
        }
    }

    internal static string Where(string venueName, string venueAddress) => string.Join(", ", new[] { venueName, venueAddress }.Where(t => t.Length > 0));

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
