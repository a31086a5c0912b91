using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>An officer changes a course of their authority, unless somebody else changed it since they opened it.</summary>
internal static class EditCourse {
    internal sealed record Command : CourseFields, IRequest<Outcome<Done>>, IWrite {
        public Guid Id { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Validator : CourseRules<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, IMediator mediator, Appointments appointments, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Course
            SET TrainingProviderId = @TrainingProviderId, Title = @Title, TitleKey = @TitleKey, SearchKey = @SearchKey, Summary = @Summary, LearningOutcomes = @LearningOutcomes,
                AgeRanges = @AgeRanges, Mode = @Mode, Minutes = @Minutes, ParticipatoryMinutes = @ParticipatoryMinutes, PricePence = @PricePence, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND State <> 'Cancelled' AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectState = "SELECT State FROM training_Course WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectTitle = "SELECT Title FROM training_Course WHERE Id = @Id";
        const string SelectBooked = """
            SELECT b.Id
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE s.CourseId = @Id AND b.State = 'Booked' AND s.EndsAt > @Now
            """;
        const string DeleteAudience = "DELETE FROM training_CourseAudience WHERE CourseId = @Id";
        const string DeleteTopics = "DELETE FROM training_CourseTopic WHERE CourseId = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (!await CourseParts.ProviderExists(mediator, request, cancellationToken)) return Outcome.Invalid(nameof(request.TrainingProviderId), "Select a training provider from the list");
            var before = await db.One<string>(SelectTitle, new { request.Id }, cancellationToken);
            var row = Db.Args(request.Columns(request.Id, clock.GetUtcNow().UtcDateTime), new { request.Version, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) });
            if (await db.Execute(Update, row, cancellationToken) == 0) {
                var state = await db.One<string>(SelectState, row, cancellationToken);
                return state is null ? Outcome.NotFound : Outcome.Conflict(state == nameof(Publication.Cancelled)
                    ? "The course has been cancelled, so it can no longer be changed."
                    : "Somebody else has changed the course since you opened it. Open it again to see their changes.");
            }
            await db.Execute(DeleteAudience, new { request.Id }, cancellationToken);
            await db.Execute(DeleteTopics, new { request.Id }, cancellationToken);
            await db.Execute(CourseParts.InsertAudience, CourseParts.Audience(request.Id, request), cancellationToken);
            await db.Execute(CourseParts.InsertTopic, CourseParts.Topics(request.Id, request), cancellationToken);
            // Nobody is written to for a title, but calendars that read a feed take the new one.
            if (before != request.Title!.Trim()) await appointments.RaiseKnown(await db.List<Guid>(SelectBooked, new { request.Id, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }
}
