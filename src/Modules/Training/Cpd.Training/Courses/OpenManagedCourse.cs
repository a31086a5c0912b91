using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>A course of the officer's authority as they wrote it, with its sessions, latest first.</summary>
internal static class OpenManagedCourse {
    internal sealed record Query(Guid Id, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Course Course, IReadOnlyList<JobRole> Audience, IReadOnlyList<string> Topics, PageOf<Session> Sessions);

    internal sealed record Course {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public string Title { get; init; } = "";
        public string Summary { get; init; } = "";
        public string LearningOutcomes { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
        public CourseMode Mode { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public int PricePence { get; init; }
        public Publication State { get; init; }
        public int Version { get; init; }
    }

    internal sealed record Session {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public Publication State { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectCourse = """
            SELECT Id, AuthorityId, TrainingProviderId, Title, Summary, LearningOutcomes, AgeRanges, Mode, Minutes, ParticipatoryMinutes, PricePence, State, Version
            FROM training_Course
            WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string CountSessions = "SELECT COUNT(*) FROM training_Session WHERE CourseId = @Id";
        const string SelectSessions = """
            SELECT Id, StartsAt, EndsAt, Places, PlacesTaken, WaitingCount, State, RegisterClosedAt
            FROM training_Session
            WHERE CourseId = @Id
            ORDER BY StartsAt DESC, Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (await db.One<Course>(SelectCourse, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } course) return Outcome.NotFound;
            var total = await db.One<int>(CountSessions, new { request.Id }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new View(course,
                await CourseParts.ReadAudience(db, request.Id, cancellationToken),
                await db.List<string>(CourseParts.SelectTopics, new { request.Id }, cancellationToken),
                new(await db.List<Session>(db.Page(SelectSessions), new { request.Id, paging.Skip, paging.Take }, cancellationToken), total, paging));
        }
    }
}
