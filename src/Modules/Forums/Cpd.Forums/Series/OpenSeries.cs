using Cpd.Forums.Members;
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

/// <summary>A forum with its meetings: those ahead, soonest first, then those held in the last two years. Its officers also see drafts, and how many have replied. What was called off stands there only while the forum lives.</summary>
internal static class OpenSeries {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Authorities">By name, those that take part besides its own.</param>
    /// <param name="MaySeeMembers">It lives, and is asked of by an officer of its own authority or of one that takes part.</param>
    /// <param name="Members">How many, of a forum that has ended until then; told to its officers only.</param>
    /// <param name="IsMember">Whoever asks; of a forum that has ended, until it did.</param>
    /// <param name="Held">Without those that were called off.</param>
    /// <param name="MayJoin">By themselves. Of whoever is not signed in nothing is known yet, so they may try.</param>
    /// <param name="WhyNot">Why somebody who is no member can't.</param>
    /// <param name="EndedAt">UTC; null while it lives.</param>
    internal sealed record View(Guid Id, string Name, string Summary, string AuthorityName, AgeRanges AgeRanges, bool MayManage, IReadOnlyList<Meeting> Ahead, IReadOnlyList<Meeting> Held,
        IReadOnlyList<JobRole> Audience, IReadOnlyList<string> Authorities, MeetingMode Mode, bool CountsHours, int? PlacesPerSetting, int? Places, string TermsOfReference, bool MaySeeMembers, int? Members, bool IsMember,
        bool MayJoin, string WhyNot, DateTime? EndedAt, string? EndReason);

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
        /// <summary>How many it takes in all; null for as many as like.</summary>
        public int? Places { get; init; }
        /// <summary>Told to its officers only.</summary>
        public int? Coming { get; init; }
        /// <summary>How many wait for a place; told to its officers only.</summary>
        public int? Waiting { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectParts = """
            SELECT '' AS JobRole, AuthorityId, 0 AS Members, 0 AS Mine, 0 AS Removed FROM forums_SeriesAuthority WHERE SeriesId = @SeriesId
            UNION ALL
            SELECT JobRole, NULL AS AuthorityId, 0 AS Members, 0 AS Mine, 0 AS Removed FROM forums_SeriesAudience WHERE SeriesId = @SeriesId
            UNION ALL
            SELECT '' AS JobRole, NULL AS AuthorityId, COUNT(*) AS Members, COUNT(CASE WHEN PersonId = @PersonId THEN 1 END) AS Mine, 0 AS Removed FROM forums_Member WHERE SeriesId = @SeriesId AND (Until IS NULL OR Until = @EndedAt)
            UNION ALL
            SELECT '' AS JobRole, NULL AS AuthorityId, 0 AS Members, 0 AS Mine, COUNT(*) AS Removed
            """ + "\n" + Joining.Removal;
        const string SelectMeetings = """
            SELECT m.Id, m.StartsAt, m.EndsAt, m.Mode, m.Venue, m.Topics, m.Term, m.State, m.CancelReason, m.Places,
                (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Coming') AS Coming,
                (SELECT COUNT(*) FROM forums_Participant p WHERE p.MeetingId = m.Id AND p.Reply = 'Waiting') AS Waiting
            FROM forums_Meeting m
            WHERE m.SeriesId = @Id AND m.EndsAt >= @Since AND (m.State = 'Published' OR @Lives = 1 AND m.EndsAt >= @Now AND (m.State = 'Cancelled' OR @Manages = 1))
            ORDER BY m.StartsAt, m.Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<OpenManagedSeries.Series>(OpenManagedSeries.SelectSeries, new { request.Id }, cancellationToken) is not { } series) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var manages = reach.All || reach.Authorities.Contains(series.AuthorityId);
            var parts = await db.List<Part>(SelectParts, new { SeriesId = request.Id, me.PersonId, series.EndedAt }, cancellationToken);
            var taking = parts.Select(p => p.AuthorityId).OfType<Guid>().ToHashSet();
            var meetings = await db.List<Meeting>(SelectMeetings, new { request.Id, Now = now, Since = now.AddYears(-2), Manages = manages ? 1 : 0, Lives = series.EndedAt is null ? 1 : 0 }, cancellationToken);
            if (!manages) meetings = [.. meetings.Select(m => m with { Coming = null, Waiting = null })];
            // An authority that was abolished keeps its forums; today's list no longer names it.
            var authorities = await mediator.Send(new ListAuthorities(), cancellationToken);
            var jobs = parts.Where(p => p.JobRole.Length > 0).Select(p => Enum.Parse<JobRole>(p.JobRole)).Order().ToList();
            var member = parts.Sum(p => p.Mine) > 0;
            var (mayJoin, whyNot) = (series.EndedAt is null && !member && !manages, "");
            if (mayJoin && me.IsSignedIn) {
                var fit = KeepMembership.Judge(series.EndedAt, parts.Sum(p => p.Removed) > 0, series.AgeRanges, jobs.ToHashSet(), [series.AuthorityId, .. taking], await mediator.Send(new FindHomes([me.PersonId], London.Day(now)), cancellationToken));
                (mayJoin, whyNot) = (fit.Home is not null, fit.WhyNot);
            }
            return new View(series.Id, series.Name, series.Summary, authorities.FirstOrDefault(a => a.Id == series.AuthorityId)?.Name ?? "", series.AgeRanges, manages,
                [.. meetings.Where(m => m.EndsAt >= now)], [.. meetings.Where(m => m.EndsAt < now).Reverse()],
                jobs, [.. authorities.Where(a => taking.Contains(a.Id)).Select(a => a.Name)], series.Mode, series.CountsHours, series.PlacesPerSetting, series.Places, series.TermsOfReference,
                series.EndedAt is null && (manages || reach.Authorities.Any(taking.Contains)), manages ? parts.Sum(p => p.Members) : null, member, mayJoin, whyNot, series.EndedAt, series.EndReason);
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
        public int Removed { get; init; }
    }
}
