using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Actions;

/// <summary>The actions of a forum: those that are open by the day they are due, then those closed last; at most 200.</summary>
internal static class ListActions {
    /// <param name="MeetingId">Those taken on at one meeting; null for all.</param>
    internal sealed record Query(Guid SeriesId, Guid? MeetingId, bool OnlyOpen) : IRequest<Outcome<View>>;

    internal sealed record View(OneSeries Series, IReadOnlyList<Action> Actions);

    internal sealed record Action {
        public Guid Id { get; init; }
        public Guid SeriesId { get; init; }
        public string Words { get; init; } = "";
        public Guid? OwnerId { get; init; }
        public string OwnerName { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public DateTime TakenOn { get; init; }
        public DateTime? ClosedAt { get; init; }
        public string Outcome { get; init; } = "";
        public int Version { get; init; }
        /// <summary>Held meetings of the forum since: how often it has been carried over.</summary>
        public int CarriedOver { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT a.Id, a.SeriesId, a.Words, a.OwnerId, a.OwnerName, a.DueOn, m.StartsAt AS TakenOn, a.ClosedAt, a.Outcome, a.Version,
                (SELECT COUNT(*) FROM forums_Meeting l WHERE l.SeriesId = a.SeriesId AND l.State = 'Published' AND l.StartsAt > m.StartsAt AND l.StartsAt <= COALESCE(a.ClosedAt, @Now)) AS CarriedOver
            FROM forums_Action a
            JOIN forums_Meeting m ON m.Id = a.MeetingId
            WHERE a.SeriesId = @SeriesId AND (@MeetingId IS NULL OR a.MeetingId = @MeetingId) AND (@OnlyOpen = 0 OR a.ClosedAt IS NULL)
            ORDER BY CASE WHEN a.ClosedAt IS NULL THEN 0 ELSE 1 END, a.ClosedAt DESC, a.DueOn, a.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) => await OneSeries.Managed(db, me, request.SeriesId, cancellationToken) is { } series
            ? new View(series, await db.List<Action>(db.Page(Select), new { request.SeriesId, request.MeetingId, OnlyOpen = request.OnlyOpen ? 1 : 0, Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = 200 }, cancellationToken)) : Outcome.NotFound;
    }

    internal sealed record Answer(Guid SeriesId, IReadOnlyList<Action> Actions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}/actions", async (Guid id, bool? open, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id, null, open ?? false), ct)).ToHttp(v => Results.Ok(new Answer(v.Series.Id, v.Actions))))
        .WithName("ListForumActions").WithSummary("The actions of a forum, open ones first by the day they are due; at most 200. open=true leaves out closed ones.").Produces<Answer>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
