using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>The courses of an officer's authority in one state, by title.</summary>
internal static class ListManagedCourses {
    internal sealed record Query(Publication State, Paging Paging) : IRequest<View>;

    internal sealed record View(PageOf<Course> Courses, int Drafts, int Published, int Cancelled);

    internal sealed record Course(Guid Id, string Title, string AuthorityName, DateTime? NextStartsAt, int Ahead);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View> {
        const string Count = "SELECT State, COUNT(*) AS Courses FROM training_Course WHERE @All = 1 OR AuthorityId IN @Authorities GROUP BY State";
        const string Select = """
            SELECT c.Id, c.Title, c.AuthorityId,
                (SELECT MIN(s.StartsAt) FROM training_Session s WHERE s.CourseId = c.Id AND s.StartsAt >= @Now AND s.State = 'Published') AS NextStartsAt,
                (SELECT COUNT(*) FROM training_Session s WHERE s.CourseId = c.Id AND s.StartsAt >= @Now AND s.State <> 'Cancelled') AS Ahead
            FROM training_Course c
            WHERE c.State = @State AND (@All = 1 OR c.AuthorityId IN @Authorities)
            ORDER BY c.TitleKey, c.Id
            """;

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var counts = (await db.List<StateRow>(Count, scope, cancellationToken)).ToDictionary(r => r.State, r => r.Courses);
            var total = counts.GetValueOrDefault(request.State);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new {
                scope.All, scope.Authorities, State = request.State.ToString(), Now = clock.GetUtcNow().UtcDateTime, paging.Skip, paging.Take,
            }, cancellationToken);
            var names = (await mediator.Send(new ListAuthorities(), cancellationToken)).ToDictionary(a => a.Id, a => a.Name);
            return new(new([.. rows.Select(r => new Course(r.Id, r.Title, names.GetValueOrDefault(r.AuthorityId, ""), r.NextStartsAt, r.Ahead))], total, paging),
                counts.GetValueOrDefault(Publication.Draft), counts.GetValueOrDefault(Publication.Published), counts.GetValueOrDefault(Publication.Cancelled));
        }
    }

    sealed record StateRow {
        public Publication State { get; init; }
        public int Courses { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public DateTime? NextStartsAt { get; init; }
        public int Ahead { get; init; }
    }
}
