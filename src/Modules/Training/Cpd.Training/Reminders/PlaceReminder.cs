using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;
using MediatR;

namespace Cpd.Training.Reminders;

/// <summary>
/// What the reminders of a session have in common: a round becomes a message for each who has a place then, and a message says when and where
/// the session is, in words that are right at the moment it is sent. For someone without an address, whoever booked them is reminded.
/// </summary>
internal sealed class PlaceReminder(Db db, IMediator mediator, PlaceLinks links, Site site, TextMessages texts, TimeProvider clock) {
    const string SelectBooked = """
        SELECT b.Id, b.PersonId, b.SettingId, b.SessionId, s.AuthorityId
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        WHERE b.SessionId IN @Ids AND b.State = 'Booked' AND b.IsWalkIn = 0 AND s.State = 'Published'
        ORDER BY b.Id
        """;
    const string SelectPlaces = """
        SELECT b.Id, b.PersonId, b.BookedBy, b.SettingId, b.SessionId, b.Reference, s.AuthorityId, s.VenueName, s.VenueAddress, s.JoiningLink, c.Title
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.Id IN @Ids AND b.State = 'Booked' AND s.State = 'Published'
        """;
    const string SelectDates = "SELECT SessionId, StartsAt, EndsAt FROM training_SessionDate WHERE SessionId IN @Ids ORDER BY SessionId, StartsAt";

    /// <param name="days">How long before the date.</param>
    /// <param name="isLast">No other follows: rather at an odd hour than not at all.</param>
    /// <param name="byText">On the person's phone, if they want that.</param>
    internal async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, int days, bool isLast, CancellationToken ct, bool byText = false) {
        var answers = new Dictionary<Guid, Saying>();
        if (due.Where(d => d.RecipientId == Planned.Everyone).ToList() is { Count: > 0 } rounds) await Spread(rounds, days, answers, ct);
        if (due.Where(d => d.RecipientId != Planned.Everyone).ToList() is { Count: > 0 } messages) await Write(messages, isLast, byText, answers, ct);
        return answers;
    }

    async Task Spread(List<DueMessage> rounds, int days, Dictionary<Guid, Saying> answers, CancellationToken ct) {
        var booked = await db.List<Place>(SelectBooked, new { Ids = db.Ids(rounds.Select(r => r.CauseId)) }, ct);
        var ofSession = booked.ToLookup(b => b.SessionId);
        var inTerm = await TermTimeOnly(booked, ct);
        // Only the last reminder goes by text as well: two texts about one session would be one too many.
        var mobile = days == RemindTheDayBefore.Days && texts.CanBeSent && booked.Count > 0
            ? (await mediator.Send(new FindPeople([.. booked.Select(b => b.PersonId).Distinct()]), ct)).Where(p => p.Mobile is not null).Select(p => p.Id).ToHashSet() : [];
        var calendar = await ReminderDays.Read(mediator, booked.Select(b => b.AuthorityId), London.Day(rounds.Min(r => r.PlannedFor)).AddDays(-30), London.Day(rounds.Max(r => r.GoodUntil!.Value)).AddDays(30), ct);
        var dates = (await db.List<DateRow>(SelectDates, new { Ids = db.Ids(rounds.Select(r => r.CauseId)) }, ct)).ToLookup(d => d.SessionId, d => d.StartsAt);
        foreach (var round in rounds) {
            // A round a week before is for the first date; one for the day before is good until its date begins.
            var date = days == RemindAWeekBefore.Days ? dates[round.CauseId].FirstOrDefault() : round.GoodUntil!.Value;
            answers[round.Id] = new SaidToEach([.. ofSession[round.CauseId].Select(place => {
                var only = inTerm.Contains(place.SettingId ?? Guid.Empty);
                var own = calendar.Of(place.AuthorityId, only).Before(date, days);
                return (Place: place, Own: own, Missed: only && own < round.PlannedFor);
            }).Where(p => !p.Missed).SelectMany(p => (mobile.Contains(p.Place.PersonId) ? new[] { round.Kind, RemindByText.Name } : [round.Kind])
                .Select(kind => new Planned(kind, p.Place.Id, round.AboutId, p.Place.PersonId, p.Own > round.PlannedFor ? p.Own : round.PlannedFor) { AuthorityId = round.AuthorityId, GoodUntil = round.GoodUntil }))]);
        }
    }

    async Task Write(List<DueMessage> messages, bool isLast, bool byText, Dictionary<Guid, Saying> answers, CancellationToken ct) {
        var places = (await db.List<Place>(SelectPlaces, new { Ids = db.Ids(messages.Select(m => m.CauseId)) }, ct)).ToDictionary(p => p.Id);
        var dates = (await db.List<DateRow>(SelectDates, new { Ids = db.Ids(places.Values.Select(p => p.SessionId)) }, ct)).ToLookup(d => d.SessionId);
        var people = (await mediator.Send(new FindPeople([.. places.Values.SelectMany(p => new[] { p.PersonId, p.BookedBy }).Distinct()]), ct)).ToDictionary(p => p.Id);
        var inTerm = await TermTimeOnly(places.Values, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var calendar = await ReminderDays.Read(mediator, places.Values.Select(p => p.AuthorityId), London.Day(now), London.Day(now).AddDays(30), ct);
        foreach (var message in messages) answers[message.Id] = Answer(message);

        Saying Answer(DueMessage message) {
            // The booking may have passed to somebody else, who was told then.
            if (!places.TryGetValue(message.CauseId, out var place) || place.PersonId != message.RecipientId || place.SessionId != message.AboutId) return new Unsaid("There is no place any more");
            if (dates[place.SessionId].FirstOrDefault(d => d.StartsAt > now) is not { } next) return new Unsaid("The session has begun");
            var at = calendar.Of(place.AuthorityId, inTerm.Contains(place.SettingId ?? Guid.Empty)).Next(now, isLast ? message.GoodUntil : null);
            if (at > now) return SaidLater.Or(at, message.GoodUntil);
            if (byText) {
                return people.GetValueOrDefault(place.PersonId) is { Mobile: { } number } person
                    ? Text(number, person.Name, When(next.StartsAt, now), next.StartsAt, place.Title, BookingMails.Where(place.VenueName, place.VenueAddress), place.Reference, site.Absolute(TrainingLinks.Booking(place.Id)))
                    : new Unsaid("They want no text messages");
            }
            var to = new[] { place.PersonId, place.BookedBy }.Select(id => people.GetValueOrDefault(id)).FirstOrDefault(p => p?.Email is not null);
            if (to is null) return new Unsaid("There is no email address");
            var shown = links.On(new(place.Title, [.. dates[place.SessionId].Where(d => d.EndsAt > now).Select(d => new SessionDate { StartsAt = d.StartsAt, EndsAt = d.EndsAt })], BookingMails.Where(place.VenueName, place.VenueAddress), place.Reference,
                site.Absolute(TrainingLinks.Session(place.SessionId))) {
                About = to.Id == place.PersonId ? null : people.GetValueOrDefault(place.PersonId)?.Name, Join = place.JoiningLink.Length > 0 ? place.JoiningLink : null,
            }, place.Id, place.PersonId);
            // Between the dates of a session nobody cancels any more.
            return BookingLetters.Write(to.Email!, to.Name, dates[place.SessionId].First().StartsAt > now ? shown : shown with { Cancel = null }, Words(When(next.StartsAt, now), isLast));
        }
    }

    internal static Letter Text(string recipient, string name, string when, DateTime starts, string title, string where, string reference, string address) => new(recipient, name, $"{when}: {title}", [
        new Say($"{when} at {Show.Time(starts)}: {title}{(where.Length > 0 ? $", {where}" : "")}. Your reference: {reference}."), new See("The booking, and how to cancel it", address),
    ]);

    internal static BookingLetters.Words Words(string when, bool isLast) => new(when, [
        new Say(isLast ? "You have a place at this session. If you can't come after all, cancel it, so that the trainer knows." : "You have a place at this session. If you can't come, cancel now: there is time for somebody else to take it."),
    ]) { HasPlace = true };

    /// <summary>"Tomorrow", as seen from now in London.</summary>
    static string When(DateTime starts, DateTime now) => (London.Day(starts).DayNumber - London.Day(now).DayNumber) switch {
        <= 0 => "Today", 1 => "Tomorrow", < 7 => $"On {Show.DayAndDate(starts).Split(' ')[0]}", 7 => "In a week", _ => $"On {Show.Date(starts)}",
    };

    async Task<HashSet<Guid>> TermTimeOnly(IEnumerable<Place> places, CancellationToken ct) {
        var settings = places.Select(p => p.SettingId).OfType<Guid>().Distinct().ToList();
        return settings.Count == 0 ? [] : [.. (await mediator.Send(new FindSettings(settings), ct)).Where(s => s.TermTimeOnly).Select(s => s.Id)];
    }

    sealed record Place {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid BookedBy { get; init; }
        public Guid? SettingId { get; init; }
        public Guid SessionId { get; init; }
        public string Reference { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public string Title { get; init; } = "";
    }

    sealed record DateRow {
        public Guid SessionId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }
}
