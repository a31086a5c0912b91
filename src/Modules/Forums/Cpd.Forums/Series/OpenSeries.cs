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

/// <summary>A forum with its meetings: those ahead, soonest first, then those held in the last two years. Its officers also see drafts, and how many have replied.</summary>
internal static class OpenSeries {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Authorities">By name, those that take part besides its own.</param>
    /// <param name="MaySeeMembers">An officer of its own authority or of one that takes part.</param>
    /// <param name="Members">How many; told to its officers only.</param>
    /// <param name="IsMember">Whoever asks.</param>
    /// <param name="Held">Without those that were called off.</param>
    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, bool MayManage, IReadOnlyList<Meeting> Ahead, IReadOnlyList<Meeting> Held,
        IReadOnlyList<JobRole> Audience, IReadOnlyList<string> Authorities, MeetingMode Mode, bool CountsHours, int? PlacesPerSetting, string TermsOfReference, bool MaySeeMembers, int? Members, bool IsMember);

    internal sealed record Meeting {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public MeetingMode Mode { get; init; }
        public string Venue { get; init; } = "";
        public string Topics { get; init; } = "";
        public string Term { get; init; } = "";
        public Publication State { get; init; }
        public string CancelReason { get; init; } = "";
        /// <summary>Told to its officers only.</summary>
        public int? Coming { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectParts = """
            SELECT '' AS JobRole, AuthorityId, 0 AS Members, 0 AS Mine FROM forums_SeriesAuthority WHERE SeriesId = @Id
            UNION ALL
            SELECT JobRole, NULL AS AuthorityId, 0 AS Members, 0 AS Mine FROM forums_SeriesAudience WHERE SeriesId = @Id
            UNION ALL
            SELECT '' AS JobRole, NULL AS AuthorityId, COUNT(*) AS Members, COUNT(CASE WHEN PersonId = @Me THEN 1 END) AS Mine FROM forums_Member WHERE SeriesId = @Id AND Until IS NULL
            """;
        const string SelectMeetings = """
            SELECT m.Id, m.StartsAt, m.EndsAt, m.Mode, m.Venue, m.Topics, m.Term, m.State, m.CancelReason, (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Coming') AS Coming
            FROM forums_Meeting m
            WHERE m.SeriesId = @Id AND m.EndsAt >= @Since AND (m.State = 'Published' OR m.EndsAt >= @Now AND (m.State = 'Cancelled' OR @Manages = 1))
            ORDER BY m.StartsAt, m.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<OpenManagedSeries.Series>(OpenManagedSeries.SelectSeries, new { request.Id }, cancellationToken) is not { } series) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var manages = reach.All || reach.Authorities.Contains(series.AuthorityId);
            var parts = await db.List<Part>(SelectParts, new { request.Id, Me = me.PersonId }, cancellationToken);
            var taking = parts.Select(p => p.AuthorityId).OfType<Guid>().ToHashSet();
            var meetings = await db.List<Meeting>(SelectMeetings, new { request.Id, Now = now, Since = now.AddYears(-2), Manages = manages ? 1 : 0 }, cancellationToken);
            if (!manages) meetings = [.. meetings.Select(m => m with { Coming = null })];
            // An authority that was abolished keeps its forums; today's list no longer names it.
            var authorities = await mediator.Send(new ListAuthorities(), cancellationToken);
            return new View(series.Id, series.Name, series.Summary, authorities.FirstOrDefault(a => a.Id == series.AuthorityId)?.Name ?? "", series.AgeRanges, manages,
                [.. meetings.Where(m => m.EndsAt >= now)], [.. meetings.Where(m => m.EndsAt < now).Reverse()],
                [.. parts.Where(p => p.JobRole.Length > 0).Select(p => Enum.Parse<JobRole>(p.JobRole)).Order()], [.. authorities.Where(a => taking.Contains(a.Id)).Select(a => a.Name)], series.Mode, series.CountsHours, series.PlacesPerSetting, series.TermsOfReference,
                manages || reach.Authorities.Any(taking.Contains), manages ? parts.Sum(p => p.Members) : null, parts.Sum(p => p.Mine) > 0);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenForum").WithSummary("A forum series with its meetings. Times are UTC.").Produces<View>().ProducesProblem(404)
        .IsPublic();

    sealed record Part {
        public string JobRole { get; init; } = "";
        public Guid? AuthorityId { get; init; }
        public int Members { get; init; }
        public int Mine { get; init; }
    }
}
