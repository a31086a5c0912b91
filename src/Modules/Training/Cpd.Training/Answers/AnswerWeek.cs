using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Answers;

/// <summary>
/// What the weekly message says of training. To a setting: whose staff is booked when, which places are kept until somebody answers, how many evaluations are not given
/// yet (never whose: they are without names). To an authority: its sessions of the week, those with too few people, waiting lists, and registers that are open.
/// </summary>
internal sealed class AnswerWeek(Db db, IMediator mediator) : IPartOf<FindWeek, WeekPart> {
    // After so long an open register is no news.
    const int RegisterDays = 60;

    const string SelectBooked = """
        SELECT b.SettingId AS OrganisationId, b.PersonId, d.StartsAt AS At, c.Title
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_SessionDate d ON d.SessionId = s.Id
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.SettingId IN @Settings AND b.State = 'Booked' AND s.State = 'Published' AND d.StartsAt >= @From AND d.StartsAt < @To
        ORDER BY d.StartsAt, b.Id
        """;
    const string SelectKept = """
        SELECT b.SettingId AS OrganisationId, b.PersonId, h.ExpiresAt AS At, c.Title
        FROM training_Hold h
        JOIN training_Booking b ON b.Id = h.BookingId
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.SettingId IN @Settings AND h.EndedAt IS NULL AND h.Kind IN ('Offer', 'Approval') AND h.ExpiresAt > @From
        ORDER BY h.ExpiresAt, h.Id
        """;
    const string SelectEvaluations = """
        SELECT b.SettingId AS OrganisationId, COUNT(*) AS People
        FROM training_Evaluation e
        JOIN training_Booking b ON b.Id = e.BookingId
        WHERE b.SettingId IN @Settings AND e.Answered = 0 AND e.WithdrawnAt IS NULL AND e.ClosesAt > @From
        GROUP BY b.SettingId
        """;
    const string SelectSessions = """
        SELECT s.AuthorityId AS OrganisationId, d.StartsAt AS At, c.Title, s.Places, s.PlacesTaken AS People
        FROM training_Session s
        JOIN training_SessionDate d ON d.SessionId = s.Id
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.AuthorityId IN @Authorities AND s.State = 'Published' AND d.StartsAt >= @From AND d.StartsAt < @To
        ORDER BY d.StartsAt, s.Id
        """;
    const string SelectLow = """
        SELECT s.AuthorityId AS OrganisationId, s.StartsAt AS At, c.Title, s.LeastPeople AS Places,
            (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS People
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.AuthorityId IN @Authorities AND s.State = 'Published' AND s.DecideAt IS NOT NULL AND s.DecideAt < @To AND s.StartsAt > @From
          AND s.LeastPeople > (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked')
        ORDER BY s.StartsAt, s.Id
        """;
    const string SelectWaiting = """
        SELECT s.AuthorityId AS OrganisationId, s.StartsAt AS At, c.Title, s.WaitingCount AS People
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.AuthorityId IN @Authorities AND s.State = 'Published' AND s.StartsAt > @From AND s.WaitingCount > 0
        ORDER BY s.StartsAt, s.Id
        """;
    const string SelectOpen = """
        SELECT s.AuthorityId AS OrganisationId, s.EndsAt AS At, c.Title
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.AuthorityId IN @Authorities AND s.State = 'Published' AND s.RegisterClosedAt IS NULL AND s.EndsAt < @From AND s.EndsAt > @Since
          AND EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked')
        ORDER BY s.EndsAt, s.Id
        """;

    public async Task<IReadOnlyList<WeekPart>> Answer(FindWeek question, CancellationToken ct) {
        var asked = new { Settings = db.Ids(question.SettingIds), Authorities = db.Ids(question.AuthorityIds), question.From, question.To, Since = question.From.AddDays(-RegisterDays) };
        var parts = new List<WeekPart>();
        if (question.SettingIds.Count > 0) {
            var (booked, kept) = (await db.List<Row>(SelectBooked, asked, ct), await db.List<Row>(SelectKept, asked, ct));
            var names = new Dictionary<Guid, string>();
            foreach (var people in booked.Concat(kept).Select(r => r.PersonId).Distinct().Chunk(1000))
                foreach (var person in await mediator.Send(new FindPeople(people), ct)) names[person.Id] = person.Name;
            parts.AddRange(WeekPart.Of(booked.GroupBy(r => (r.OrganisationId, r.At, r.Title)).Select(g => (g.Key.OrganisationId, $"{Show.DayAndDate(g.Key.At)} at {Show.Time(g.Key.At)}, {g.Key.Title}: {string.Join(", ", g.Select(Name))}")), 1, "Booked this week", TrainingLinks.StaffBookings));
            parts.AddRange(WeekPart.Of(kept.Select(r => (r.OrganisationId, $"{Name(r)}, {r.Title}, until {Show.DateAndTime(r.At)}")), 2, "Places kept until somebody answers", TrainingLinks.StaffBookings));
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectEvaluations, asked, ct)).Select(r => (r.OrganisationId, $"{Show.Count(r.People, "evaluation has", "evaluations have")} not been given yet")), 4, "Evaluations", TrainingLinks.StaffBookings));

            string Name(Row row) => names.GetValueOrDefault(row.PersonId, "");
        }
        if (question.AuthorityIds.Count > 0) {
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectSessions, asked, ct)).Select(r => (r.OrganisationId, $"{Show.DayAndDate(r.At)} at {Show.Time(r.At)}, {r.Title}: {r.People} of {Show.Count(r.Places, "place")} taken")), 1, "Sessions this week", TrainingLinks.ManagedCourses));
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectLow, asked, ct)).Select(r => (r.OrganisationId, $"{r.Title} on {Show.Date(r.At)}: {r.People} booked, {r.Places} needed")), 2, "Too few people", TrainingLinks.ManagedCourses));
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectOpen, asked, ct)).Select(r => (r.OrganisationId, $"{r.Title}, ended {Show.Date(r.At)}")), 3, "Registers still open", TrainingLinks.Registers));
            parts.AddRange(WeekPart.Of((await db.List<Row>(SelectWaiting, asked, ct)).Select(r => (r.OrganisationId, $"{r.Title} on {Show.Date(r.At)}: {Show.Count(r.People, "person waits", "people wait")}")), 4, "Waiting lists", TrainingLinks.ManagedCourses));
        }
        return parts;
    }

    sealed record Row {
        public Guid OrganisationId { get; init; }
        public Guid PersonId { get; init; }
        public DateTime At { get; init; }
        public string Title { get; init; } = "";
        public int Places { get; init; }
        public int People { get; init; }
    }
}
