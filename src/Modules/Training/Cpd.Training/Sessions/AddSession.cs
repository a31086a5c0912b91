using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Venues;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>An officer plans a session of one of their courses, on one date or several; it is a draft until they publish it.</summary>
internal static class AddSession {
    internal sealed record Command : SessionFields, IRequest<Outcome<Guid>>, IWrite {
        public Guid CourseId { get; init; }
    }

    internal sealed class Validator : SessionRules<Command> {
        public Validator() => RuleFor(c => c.CourseId).NotEmpty();
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        // Whoever cancels the course meanwhile waits, and finds this session too.
        const string HoldCourse = "UPDATE training_Course SET Version = Version WHERE Id = @CourseId AND State <> 'Cancelled' AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectCourse = "SELECT AuthorityId, Mode FROM training_Course WHERE Id = @CourseId AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Insert = """
            INSERT INTO training_Session (Id, CourseId, AuthorityId, StartsAt, EndsAt, Places, PlacesTaken, WaitingCount, WaitingTail, OpensAt, ClosesAt,
                RoomId, VenueName, VenueAddress, JoiningLink, TrainerPersonId, State, CancelReason, CreatedAt, CreatedBy, Version)
            VALUES (@Id, @CourseId, @AuthorityId, @StartsAt, @EndsAt, @Places, 0, 0, 0, @OpensAt, @ClosesAt,
                @RoomId, @VenueName, @VenueAddress, @JoiningLink, @TrainerPersonId, 'Draft', '', @Now, @Me, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { request.CourseId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var held = await db.Execute(HoldCourse, scope, cancellationToken) == 1;
            var course = await db.One<CourseRow>(SelectCourse, scope, cancellationToken);
            if (course is null) return Outcome.NotFound;
            if (!held) return Outcome.Conflict("The course has been cancelled, so it can't have new sessions.");
            if (London.Day(request.Given[0].StartsAt) < London.Today(clock)) return Outcome.Invalid("Dates[0].On", "The date must be today or in the future");
            if (await SessionParts.Problem(mediator, course.Mode, request, cancellationToken) is var (field, sentence)) return Outcome.Invalid(field, sentence);
            if (request.RoomId is { } roomId) {
                if (await RoomUse.Find(db, course.AuthorityId, roomId, null, cancellationToken) is not { } room) return Outcome.Invalid(nameof(request.RoomId), SessionParts.NoSuchRoom);
                request = request with { VenueName = room.VenueName, VenueAddress = room.VenueAddress };
            }
            var id = Ids.New(clock);
            await db.Execute(Insert, Db.Args(request.Columns(id, clock.GetUtcNow().UtcDateTime), new { request.CourseId, course.AuthorityId, Me = me.PersonId }), cancellationToken);
            await db.Execute(SessionParts.InsertDate, SessionParts.Dates(id, request), cancellationToken);
            if (!request.Anyway && await RoomUse.Warnings(db, id, cancellationToken) is { Count: > 0 } warnings) return Outcome.Invalid(nameof(request.Anyway), string.Join(' ', warnings.Append(SessionParts.SaveAnyway)));
            return id;
        }
    }

    sealed record CourseRow {
        public Guid AuthorityId { get; init; }
        public CourseMode Mode { get; init; }
    }
}
