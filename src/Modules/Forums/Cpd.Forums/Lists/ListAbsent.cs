using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Lists;

/// <summary>The settings of an authority of which nobody has come to any forum, its own or another's, in the last terms, by name.</summary>
internal static class ListAbsent {
    internal const int MostTerms = 6;

    /// <param name="AuthorityId">The first in reach when null.</param>
    /// <param name="Terms">How many, the one that has begun last among them.</param>
    internal sealed record Query(Guid? AuthorityId, int Terms, Paging Paging) : IRequest<Outcome<View>>;

    /// <param name="Since">When the first of these terms began; null for an authority without terms.</param>
    /// <param name="Open">How many settings there are.</param>
    internal sealed record View(Guid AuthorityId, string AuthorityName, int Terms, DateOnly? Since, int Open, PageOf<Setting> Settings);

    /// <param name="Members">How many of its staff belong to a forum, and yet did not come.</param>
    internal sealed record Setting(Guid Id, string Name, string Urn, int Members);

    /// <summary>All of them, for whoever writes to them. Null for an authority that is out of reach.</summary>
    internal sealed class Finder(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) {
        const string SelectCame = """
            SELECT DISTINCT p.SettingId
            FROM forums_Participant p
            JOIN forums_Meeting m ON m.Id = p.MeetingId
            WHERE p.AuthorityId = @AuthorityId AND p.SettingId IS NOT NULL AND p.Attendance IN ('Attended', 'Part') AND m.StartsAt >= @Since
            """;

        internal sealed record Result(AuthorityCard Authority, DateOnly? Since, int Open, IReadOnlyList<SettingCard> Absent);

        internal async Task<Result?> Find(Guid? authorityId, int terms, CancellationToken ct) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var authority = (await mediator.Send(new ListAuthorities(), ct)).FirstOrDefault(a => (reach.All || reach.Authorities.Contains(a.Id)) && (authorityId is null || a.Id == authorityId));
            if (authority is null) return null;
            var today = London.Today(clock);
            var last = (await mediator.Send(new ListTerms(authority.Id, today.AddYears(-4), today), ct)).Where(t => t.StartsOn <= today).TakeLast(Math.Clamp(terms, 1, MostTerms)).ToList();
            var settings = await mediator.Send(new ListOpenSettings(authority.Id, today), ct);
            if (last.Count == 0) return new(authority, null, settings.Count, []);
            var came = (await db.List<Guid>(SelectCame, new { AuthorityId = authority.Id, Since = London.StartOf(last[0].StartsOn) }, ct)).ToHashSet();
            return new(authority, last[0].StartsOn, settings.Count, [.. settings.Where(s => !came.Contains(s.Id))]);
        }
    }

    internal sealed class Handler(Db db, Finder finder) : IRequestHandler<Query, Outcome<View>> {
        const string CountMembers = "SELECT SettingId, COUNT(*) AS Members FROM forums_Member WHERE SettingId IN @Ids AND Until IS NULL GROUP BY SettingId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await finder.Find(request.AuthorityId, request.Terms, cancellationToken) is not { } found) return Outcome.NotFound;
            var paging = request.Paging.Skip < found.Absent.Count ? request.Paging : new Paging(1);
            var shown = found.Absent.Skip(paging.Skip).Take(paging.Take).ToList();
            var members = (await db.List<Row>(CountMembers, new { Ids = db.Ids(shown.Select(s => s.Id)) }, cancellationToken)).ToDictionary(r => r.SettingId, r => r.Members);
            return new View(found.Authority.Id, found.Authority.Name, Math.Clamp(request.Terms, 1, MostTerms), found.Since, found.Open,
                new([.. shown.Select(s => new Setting(s.Id, s.Name, s.Urn, members.GetValueOrDefault(s.Id)))], found.Absent.Count, paging));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums-missed", async (Guid? authorityId, int? terms, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(authorityId, terms ?? 3, new Paging(page ?? 1)), ct)).ToHttp())
        .WithName("ListAbsentSettings").WithSummary("Settings of an authority of which nobody has come to a forum in the last terms (1 to 6, 3 unless said), by name, 20 a page.").Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);

    sealed record Row {
        public Guid SettingId { get; init; }
        public int Members { get; init; }
    }
}
