using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>The newsletters of an officer's authority, newest first.</summary>
internal static class ListNewsletters {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public string Subject { get; init; } = "";
        public string AuthorityName { get; init; } = "";
        public NewsletterState State { get; init; }
        public DateTime CreatedAt { get; init; }
        public DateTime? SentAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, PageOf<View>> {
        const string Those = """
            FROM people_Newsletter n
            JOIN people_Authority a ON a.Id = n.AuthorityId
            WHERE @All = 1 OR n.AuthorityId IN @Authorities
            """;
        const string Count = "SELECT COUNT(*) " + Those;
        const string Select = "SELECT n.Id, n.Subject, a.Name AS AuthorityName, n.State, n.CreatedAt, n.SentAt " + Those + " ORDER BY n.Id DESC";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var total = await db.One<int>(Count, Newsletter.Reach(me, db, new { }), cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await db.List<View>(db.Page(Select), Newsletter.Reach(me, db, new { paging.Skip, paging.Take }), cancellationToken), total, paging);
        }
    }
}
