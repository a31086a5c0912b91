using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Series;

/// <summary>A forum with its meetings: those ahead, soonest first, then those held in the last two years.</summary>
internal static class OpenSeries {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, bool MayManage, IReadOnlyList<Meeting> Ahead, IReadOnlyList<Meeting> Held);

    internal sealed record Meeting {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Venue { get; init; } = "";
        public string Topics { get; init; } = "";
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSeries = "SELECT Id, AuthorityId, Name, Summary, AgeRanges FROM forums_Series WHERE Id = @Id";
        const string SelectMeetings = """
            SELECT Id, StartsAt, EndsAt, Venue, Topics
            FROM forums_Meeting
            WHERE SeriesId = @Id AND EndsAt >= @Since AND State = 'Published'
            ORDER BY StartsAt, Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(SelectSeries, new { request.Id }, cancellationToken) is not { } series) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            var meetings = await db.List<Meeting>(SelectMeetings, new { request.Id, Since = now.AddYears(-2) }, cancellationToken);
            // An authority that was abolished keeps its forums; today's list no longer names it.
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == series.AuthorityId)?.Name ?? "";
            var reach = me.Reach(ForumsPermissions.ManageForums);
            return new View(series.Id, series.Name, series.Summary, authority, series.AgeRanges, reach.All || reach.Authorities.Contains(series.AuthorityId),
                [.. meetings.Where(m => m.EndsAt >= now)], [.. meetings.Where(m => m.EndsAt < now).Reverse()]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenForum").WithSummary("A forum series with its meetings. Times are UTC.").Produces<View>().ProducesProblem(404)
        .IsPublic();

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
    }
}
