using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>The messages that were tried eight times and are parked, newest first: an officer's are those of their authority.</summary>
static class ListParkedMessages {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        /// <summary>Empty for a reminder, which gets its words when it is sent.</summary>
        public string Recipient { get; init; } = "";
        public string Subject { get; init; } = "";
        public DateTime DueAt { get; init; }
        public string Error { get; init; } = "";
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, PageOf<View>> {
        const string Parked = """
            FROM platform_Message
            WHERE State = 'Parked' AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string Count = "SELECT COUNT(*) " + Parked;
        const string Select = "SELECT Id, Kind, Recipient, Subject, DueAt, COALESCE(Error, '') AS Error " + Parked + " ORDER BY DueAt DESC, Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(OperationsPermissions.RetryMessages);
            var scope = new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var total = await db.One<int>(Count, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(Select), Db.Args(scope, new { paging.Skip, paging.Take }), cancellationToken), total, paging);
        }
    }
}
