using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Series;

/// <summary>Anyone may see which forums there are, the next to meet first; series with no meeting ahead come last.</summary>
internal static class ListSeries {
    internal sealed record Query(Guid? AuthorityId, Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, DateTime? NextStartsAt);

    internal sealed class Handler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string Count = "SELECT COUNT(*) FROM forums_Series WHERE @AuthorityId IS NULL OR AuthorityId = @AuthorityId";
        const string Select = """
            SELECT s.Id, s.Name, s.Summary, s.AuthorityId, s.AgeRanges, n.NextStartsAt
            FROM forums_Series s
            LEFT JOIN (SELECT SeriesId, MIN(StartsAt) AS NextStartsAt FROM forums_Meeting WHERE EndsAt >= @Now GROUP BY SeriesId) n ON n.SeriesId = s.Id
            WHERE @AuthorityId IS NULL OR s.AuthorityId = @AuthorityId
            ORDER BY CASE WHEN n.NextStartsAt IS NULL THEN 1 ELSE 0 END, n.NextStartsAt, s.Name, s.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var total = await db.One<int>(Count, new { request.AuthorityId }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new { request.AuthorityId, Now = clock.GetUtcNow().UtcDateTime, paging.Skip, paging.Take }, cancellationToken);
            var authorities = (await mediator.Send(new ListAuthorities(), cancellationToken)).ToDictionary(a => a.Id, a => a.Name);
            return new([.. rows.Select(r => new View(r.Id, r.Name, r.Summary, authorities.GetValueOrDefault(r.AuthorityId, ""), r.AgeRanges, r.NextStartsAt))], total, paging);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums", async (Guid? authorityId, int? page, IMediator mediator, CancellationToken ct) =>
            Results.Ok(await mediator.Send(new Query(authorityId, new Paging(page ?? 1)), ct)))
        .WithName("ListForums").WithSummary("Forum series, the next to meet first; a page of 20.").Produces<PageOf<View>>()
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
