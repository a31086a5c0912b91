using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>The registers someone keeps: to be kept and closed (oldest first), of sessions ahead, or closed (latest first).</summary>
internal static class ListRegisters {
    internal enum Which { Open, Ahead, Closed }

    internal sealed record Query(Which Which, Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int PlacesTaken { get; init; }
        public DateTime? RegisterClosedAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string Scope = """
            WHERE s.State = 'Published' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
              AND ((@Which = 'Open' AND s.RegisterClosedAt IS NULL AND s.StartsAt < @Tomorrow) OR (@Which = 'Ahead' AND s.StartsAt >= @Tomorrow) OR (@Which = 'Closed' AND s.RegisterClosedAt IS NOT NULL))

            """;
        const string Count = "SELECT COUNT(*) FROM training_Session s\n" + Scope;
        const string Columns = """
            SELECT s.Id, c.Title AS CourseTitle, s.StartsAt, s.EndsAt, s.PlacesTaken, s.RegisterClosedAt
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId

            """;
        const string SelectSoonest = Columns + Scope + "ORDER BY s.StartsAt, s.Id";
        const string SelectLatest = Columns + Scope + "ORDER BY s.StartsAt DESC, s.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            var args = new {
                All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty, Which = request.Which.ToString(), Tomorrow = London.StartOf(London.Today(clock).AddDays(1)),
            };
            var total = await db.One<int>(Count, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(request.Which == Which.Closed ? SelectLatest : SelectSoonest), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken), total, paging);
        }
    }
}
