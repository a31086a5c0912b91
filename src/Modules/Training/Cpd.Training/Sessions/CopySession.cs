using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>
/// An officer copies a session to a new date: the same times, venue, places and trainer, as a draft. Of several dates, the later
/// ones keep their distance from the first, and so do the days on which booking opens and closes.
/// </summary>
internal static class CopySession {
    internal sealed record Command(Guid Id, DateOnly? On) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator(TimeProvider clock) => RuleFor(c => c.On).NotNull().WithMessage("Enter the new date")
            .Must(on => on is null || on >= London.Today(clock)).WithMessage("The new date must be today or in the future")
            .Must(on => on is null || on.Value.Year < 2100).WithMessage("The year must be between 2000 and 2099");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = """
            SELECT s.CourseId, s.AuthorityId, s.StartsAt, s.Places, s.OpensAt, s.ClosesAt, s.RoomId, s.VenueName, s.VenueAddress, s.JoiningLink, s.TrainerPersonId, s.CertificateAfterEvaluation
            FROM training_Session s
            WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;
        const string Insert = """
            INSERT INTO training_Session (Id, CourseId, AuthorityId, StartsAt, EndsAt, Places, PlacesTaken, WaitingCount, WaitingTail, OpensAt, ClosesAt,
                RoomId, VenueName, VenueAddress, JoiningLink, TrainerPersonId, CertificateAfterEvaluation, State, CancelReason, CreatedAt, CreatedBy, Version)
            VALUES (@Id, @CourseId, @AuthorityId, @StartsAt, @EndsAt, @Places, 0, 0, 0, @OpensAt, @ClosesAt,
                @RoomId, @VenueName, @VenueAddress, @JoiningLink, @TrainerPersonId, @CertificateAfterEvaluation, 'Draft', '', @Now, @Me, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var held = await db.Execute(SessionParts.HoldCourse, scope, cancellationToken) == 1;
            if (await db.One<Row>(Select, scope, cancellationToken) is not { } from) return Outcome.NotFound;
            if (!held) return Outcome.Conflict("The course has been cancelled, so it can't have new sessions.");
            var days = request.On!.Value.DayNumber - London.Day(from.StartsAt).DayNumber;
            var id = Ids.New(clock);
            var dates = (await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, cancellationToken))
                .Select(d => new { SessionId = id, StartsAt = Moved(d.StartsAt, days), EndsAt = Moved(d.EndsAt, days) }).ToList();
            var now = clock.GetUtcNow().UtcDateTime;
            var opens = from.OpensAt is { } o ? Moved(o, days) : (DateTime?)null;
            await db.Execute(Insert, new {
                Id = id, from.CourseId, from.AuthorityId, dates[0].StartsAt, dates[^1].EndsAt, from.Places, OpensAt = opens,
                ClosesAt = from.ClosesAt is { } c ? Moved(c, days) : (DateTime?)null,
                from.RoomId, from.VenueName, from.VenueAddress, from.JoiningLink, from.TrainerPersonId, from.CertificateAfterEvaluation, Now = now, Me = me.PersonId,
            }, cancellationToken);
            await db.Execute(SessionParts.InsertDate, dates, cancellationToken);
            return id;
        }

        // By the clock on the wall: 10am stays 10am when the clocks change in between.
        static DateTime Moved(DateTime utc, int days) => London.FromUtc(utc) is var local
            ? London.ToUtc(DateOnly.FromDateTime(local).AddDays(days), TimeOnly.FromDateTime(local)) : default;
    }

    sealed record Row {
        public Guid CourseId { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public int Places { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public Guid? RoomId { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string JoiningLink { get; init; } = "";
        public Guid? TrainerPersonId { get; init; }
        public bool CertificateAfterEvaluation { get; init; }
    }
}
