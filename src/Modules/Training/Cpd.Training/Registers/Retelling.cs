using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>
/// Tells of attendance again, with a higher revision, when not the attendance but what follows from it has changed: a certificate that waited. The
/// caller's transaction holds the session's row, so that no correction takes the same revision.
/// </summary>
internal sealed class Retelling(Db db, IMediator mediator, Outbox outbox, TimeProvider clock) {
    const string Raise = "UPDATE training_Booking SET Revision = Revision + 1 WHERE Id IN @Ids AND Revision > 0 AND State = 'Booked'";
    const string Select = """
        SELECT b.Id, b.Revision, b.PersonId, b.SettingId, b.SessionId, s.CourseId, s.AuthorityId, c.TrainingProviderId, c.Title, c.LearningOutcomes, c.Mode, c.AgeRanges, s.StartsAt, s.EndsAt,
            b.MinutesAttended, b.Attendance, c.Minutes, c.ParticipatoryMinutes, s.TrainerPersonId
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.Id IN @Ids AND b.Revision > 0 AND b.State = 'Booked'
        """;

    /// <param name="bookingIds">Of one session; those that nothing was told of yet are left out.</param>
    internal async Task Again(IReadOnlyList<Guid> bookingIds, CancellationToken ct) {
        foreach (var batch in bookingIds.Chunk(1000)) {
            var key = new { Ids = db.Ids(batch) };
            await db.Execute(Raise, key, ct);
            var rows = await db.List<Row>(Select, key, ct);
            if (rows.Count == 0) continue;
            var trainer = rows[0].TrainerPersonId is { } id ? await mediator.Send(new FindPeople([id]), ct) is [var person, ..] ? person.Name : null : null;
            var now = clock.GetUtcNow().UtcDateTime;
            await outbox.Add(rows.Select(r => new AttendanceRecorded(
                r.Id, r.Revision, r.PersonId, r.SettingId, r.SessionId, r.CourseId, r.AuthorityId, r.TrainingProviderId, r.Title, r.LearningOutcomes, r.Mode, r.AgeRanges, r.StartsAt, r.EndsAt,
                r.MinutesAttended, SaveRegister.Participatory(r.MinutesAttended, r.Minutes, r.ParticipatoryMinutes), r.Attendance == Attendance.Attended, trainer, now)), ct);
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public int Revision { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public Guid SessionId { get; init; }
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public string Title { get; init; } = "";
        public string LearningOutcomes { get; init; } = "";
        public CourseMode Mode { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int MinutesAttended { get; init; }
        public Attendance? Attendance { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public Guid? TrainerPersonId { get; init; }
    }
}
