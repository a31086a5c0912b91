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
/// order they were added.
/// </summary>
internal static class ListSeries {
    internal sealed record Query(Guid? AuthorityId, Paging Paging) : IRequest<PageOf<View>>;

    /// <param name="After">The last id already read; null begins at the first.</param>
    internal sealed record Next(Guid? AuthorityId, Guid? After) : IRequest<Slice<View>>;

    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, DateTime? NextStartsAt);

    internal sealed class Handler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<Query, PageOf<View>>, IRequestHandler<Next, Slice<View>> {
        const string Count = "SELECT COUNT(*) FROM forums_Series WHERE @AuthorityId IS NULL OR AuthorityId = @AuthorityId";
        const string Columns = """
            SELECT s.Id, s.Name, s.Summary, s.AuthorityId, s.AgeRanges, n.NextStartsAt
            FROM forums_Series s
            LEFT JOIN (SELECT SeriesId, MIN(StartsAt) AS NextStartsAt FROM forums_Meeting WHERE EndsAt >= @Now AND State = 'Published' GROUP BY SeriesId) n ON n.SeriesId = s.Id

            """;
        const string SelectPage = Columns + """
            WHERE @AuthorityId IS NULL OR s.AuthorityId = @AuthorityId
            ORDER BY CASE WHEN n.NextStartsAt IS NULL THEN 1 ELSE 0 END, n.NextStartsAt, s.Name, s.Id
            """;
        const string SelectNext = Columns + """
            WHERE s.Id > @After AND (@AuthorityId IS NULL OR s.AuthorityId = @AuthorityId)
            ORDER BY s.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var total = await db.One<int>(Count, new { request.AuthorityId }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(SelectPage), new { request.AuthorityId, Now = clock.GetUtcNow().UtcDateTime, paging.Skip, paging.Take }, cancellationToken);
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
