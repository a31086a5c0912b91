using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Series;

/// <summary>
/// Anyone may see which forums there are: people the next to meet first, with those that have no meeting ahead last; programs in the
/// order they were added. One that has ended stands in no list but that of its officers.
/// </summary>
internal static class ListSeries {
    /// <param name="Ended">Those that have ended instead, of the authorities whose forums the reader looks after.</param>
    internal sealed record Query(Guid? AuthorityId, Paging Paging, bool Ended = false) : IRequest<PageOf<View>>;

    /// <param name="After">The last id already read; null begins at the first.</param>
    internal sealed record Next(Guid? AuthorityId, Guid? After) : IRequest<Slice<View>>;

    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, DateTime? NextStartsAt);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>>, IRequestHandler<Next, Slice<View>> {
        const string Shown = """
            WHERE (@AuthorityId IS NULL OR s.AuthorityId = @AuthorityId)
              AND (@Ended = 0 AND s.EndedAt IS NULL OR @Ended = 1 AND s.EndedAt IS NOT NULL AND (@All = 1 OR s.AuthorityId IN @Authorities))

            """;
        const string Count = "SELECT COUNT(*) FROM forums_Series s\n" + Shown;
        const string Columns = """
            SELECT s.Id, s.Name, s.Summary, s.AuthorityId, s.AgeRanges, n.NextStartsAt
            FROM forums_Series s
            LEFT JOIN (SELECT SeriesId, MIN(StartsAt) AS NextStartsAt FROM forums_Meeting WHERE EndsAt >= @Now AND State = 'Published' GROUP BY SeriesId) n ON n.SeriesId = s.Id

            """;
        const string SelectPage = Columns + Shown + """
            ORDER BY CASE WHEN n.NextStartsAt IS NULL THEN 1 ELSE 0 END, n.NextStartsAt, s.Name, s.Id
            """;
        const string SelectNext = Columns + """
            WHERE s.Id > @After AND s.EndedAt IS NULL AND (@AuthorityId IS NULL OR s.AuthorityId = @AuthorityId)
            ORDER BY s.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var asked = new { request.AuthorityId, Ended = request.Ended ? 1 : 0, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Now = clock.GetUtcNow().UtcDateTime };
            var total = await db.One<int>(Count, asked, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(SelectPage), Db.Args(asked, new { paging.Skip, paging.Take }), cancellationToken);
            return new(await Views(rows, cancellationToken), total, paging);
        }

        public async Task<Slice<View>> Handle(Next request, CancellationToken cancellationToken) {
            var rows = await db.List<Row>(db.Page(SelectNext), new {
                request.AuthorityId, After = request.After ?? Guid.Empty, Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = Slice<View>.Size + 1,
            }, cancellationToken);
            return Slice<View>.Of(await Views(rows, cancellationToken), v => v.Id);
        }

        async Task<IReadOnlyList<View>> Views(IReadOnlyList<Row> rows, CancellationToken ct) {
            var authorities = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
            return [.. rows.Select(r => new View(r.Id, r.Name, r.Summary, authorities.GetValueOrDefault(r.AuthorityId, ""), r.AgeRanges, r.NextStartsAt))];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums", async (Guid? authorityId, Guid? after, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Next(authorityId, after), ct)))
        .WithName("ListForums").WithSummary("Forum series in the order they were added, of one authority or all; 100 at a time, the next with after. Times are UTC.").Produces<Slice<View>>()
        .IsPublic();

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public DateTime? NextStartsAt { get; init; }
    }
}
