using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Lists;

/// <summary>The forums that somebody belongs to, with the meetings ahead, soonest first, what they have replied, and what else they are bound to then.</summary>
internal static class ListMyForums {
    internal sealed record Query : IRequest<View>;

    /// <param name="Resting">Forums without a meeting ahead.</param>
    internal sealed record View(IReadOnlyList<Item> Meetings, IReadOnlyList<Forum> Resting);

    internal sealed record Forum(Guid SeriesId, string SeriesName);

    /// <param name="Position">On the waiting list; 0 for who is not on it.</param>
    /// <param name="Bound">Whether they are bound elsewhere then.</param>
    internal sealed record Item(Guid MeetingId, Guid SeriesId, string SeriesName, DateTime StartsAt, DateTime EndsAt, MeetingMode Mode, string Venue, string Topics, Publication State, Reply? Reply, int Position, bool Bound);

    internal sealed class Handler(Db db, Everyone everyone, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View> {
        const string Select = """
            SELECT s.Id AS SeriesId, s.Name AS SeriesName, m.Id, m.StartsAt, m.EndsAt, m.Mode, m.Venue, m.Topics, m.State, p.Reply,
                (SELECT COUNT(*) FROM forums_Participant w WHERE w.MeetingId = m.Id AND w.WaitNumber <= p.WaitNumber) AS Position
            FROM forums_Member b
            JOIN forums_Series s ON s.Id = b.SeriesId
            LEFT JOIN forums_Meeting m ON m.SeriesId = s.Id AND m.EndsAt >= @Now AND m.State <> 'Draft'
            LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.PersonId = b.PersonId
            WHERE b.PersonId = @Me AND b.Until IS NULL
            ORDER BY m.StartsAt, s.Name, s.Id, m.Id
            """;

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var rows = await db.List<Row>(Select, new { Me = me.PersonId, Now = now }, cancellationToken);
            var meetings = rows.Where(r => r.Id is not null).ToList();
            var bound = meetings.Count == 0 ? [] : await everyone.Ask<FindCommitments, Commitment>(new([me.PersonId], meetings[0].StartsAt!.Value, meetings.Max(m => m.EndsAt)!.Value), cancellationToken);
            return new([.. meetings.Select(m => new Item(m.Id!.Value, m.SeriesId, m.SeriesName, m.StartsAt!.Value, m.EndsAt!.Value, m.Mode, m.Venue ?? "", m.Topics ?? "", m.State, ForumsWording.Standing(m.Reply, m.StartsAt > now), m.StartsAt > now ? m.Position : 0,
                m.State == Publication.Published && m.Reply != Reply.Apologies && bound.Any(c => c.CauseId != m.Id && c.StartsAt < m.EndsAt && c.EndsAt > m.StartsAt)))],
                [.. rows.GroupBy(r => (r.SeriesId, r.SeriesName)).Where(g => g.All(r => r.Id is null || r.State == Publication.Cancelled)).Select(g => new Forum(g.Key.SeriesId, g.Key.SeriesName))]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/my-forums", async (IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(), ct)))
        .WithName("ListMyForums").WithSummary("The forums that you belong to, with the meetings ahead and your replies. Times are UTC.").Produces<View>()
        .Requires(ForumsPermissions.TakePart);

    sealed record Row {
        public Guid SeriesId { get; init; }
        public string SeriesName { get; init; } = "";
        public Guid? Id { get; init; }
        public DateTime? StartsAt { get; init; }
        public DateTime? EndsAt { get; init; }
        public MeetingMode Mode { get; init; }
        public string? Venue { get; init; }
        public string? Topics { get; init; }
        public Publication State { get; init; }
        public Reply? Reply { get; init; }
        public int Position { get; init; }
    }
}
