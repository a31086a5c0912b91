using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Members;

/// <summary>Who belongs to a forum, by name: all of them to the officers of its own authority, their own people to those of one that takes part.</summary>
internal static class ListMembers {
    /// <param name="Text">What a name of somebody to add begins with; null for nobody.</param>
    internal sealed record Query(Guid SeriesId, Paging Paging, string? Text = null) : IRequest<Outcome<View>>;

    /// <param name="IsOwn">The forum is the officer's own.</param>
    /// <param name="Found">Who could be added.</param>
    internal sealed record View(Guid SeriesId, string SeriesName, bool IsOwn, bool HasEnded, PageOf<Member> Members, IReadOnlyList<Found> Found);

    internal sealed record Member(Guid PersonId, string Name, ForumRole Role, string AuthorityName, string SettingName, DateTime Since);

    internal sealed record Found(Guid PersonId, string Name, string From, ForumRole Role);

    /// <param name="After">The last id already read; null begins at the first.</param>
    internal sealed record Next(Guid SeriesId, Guid? After) : IRequest<Outcome<Slice<Item>>>;

    /// <param name="Id">Of the membership.</param>
    internal sealed record Item(Guid Id, Guid PersonId, string Name, ForumRole Role, Guid AuthorityId, Guid? SettingId, DateTime Since);

    internal sealed class Handler(Db db, IMediator mediator, ForumScope scope, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Next, Outcome<Slice<Item>>> {
        // All of one forum: some hundreds at most, and their names, by which they are ordered, are People's.
        const string SelectAll = """
            SELECT Id, PersonId, AuthorityId, SettingId, Role, Since
            FROM forums_Member
            WHERE SeriesId = @SeriesId AND Until IS NULL AND (@IsOwn = 1 OR AuthorityId IN @Mine)
            """;
        const string SelectNext = """
            SELECT Id, PersonId, AuthorityId, SettingId, Role, Since
            FROM forums_Member
            WHERE SeriesId = @SeriesId AND Until IS NULL AND (@IsOwn = 1 OR AuthorityId IN @Mine) AND Id > @After
            ORDER BY Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            var rows = await db.List<Row>(SelectAll, new { request.SeriesId, IsOwn = found.Series.IsOwn ? 1 : 0, Mine = db.Ids(found.Mine) }, cancellationToken);
            var names = await Names(rows, cancellationToken);
            var paging = request.Paging.Skip < rows.Count ? request.Paging : new Paging(1);
            var shown = rows.OrderBy(r => names.GetValueOrDefault(r.PersonId, ""), StringComparer.OrdinalIgnoreCase).ThenBy(r => r.Id).Skip(paging.Skip).Take(paging.Take).ToList();
            var authorities = (await mediator.Send(new ListAuthorities(), cancellationToken)).ToDictionary(a => a.Id, a => a.Name);
            var settings = (await mediator.Send(new FindSettings([.. shown.Select(r => r.SettingId).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            return new View(found.Series.Id, found.Series.Name, found.Series.IsOwn, found.Series.EndedAt is not null, new([.. shown.Select(r => new Member(r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.Role, authorities.GetValueOrDefault(r.AuthorityId, ""),
                r.SettingId is { } s ? settings.GetValueOrDefault(s, "") : "", r.Since))], rows.Count, paging), await Candidates(request.Text, found, rows, authorities, cancellationToken));
        }

        public async Task<Outcome<Slice<Item>>> Handle(Next request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            var rows = await db.List<Row>(db.Page(SelectNext), new {
                request.SeriesId, IsOwn = found.Series.IsOwn ? 1 : 0, Mine = db.Ids(found.Mine), After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<Item>.Size + 1,
            }, cancellationToken);
            var names = await Names(rows, cancellationToken);
            return Slice<Item>.Of([.. rows.Select(r => new Item(r.Id, r.PersonId, names.GetValueOrDefault(r.PersonId, ""), r.Role, r.AuthorityId, r.SettingId, r.Since))], i => i.Id);
        }

        async Task<Dictionary<Guid, string>> Names(IReadOnlyList<Row> rows, CancellationToken ct) {
            return (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), ct)).ToDictionary(p => p.Id, p => p.Name);
        }

        async Task<IReadOnlyList<Found>> Candidates(string? text, ForumScope.Found found, IReadOnlyList<Row> members, Dictionary<Guid, string> authorities, CancellationToken ct) {
            if (string.IsNullOrWhiteSpace(text)) return [];
            var known = members.Select(m => m.PersonId).ToHashSet();
            return [.. (await mediator.Send(new SearchHomes(found.Mine, text.Trim(), London.Today(clock)), ct)).Where(h => !known.Contains(h.PersonId)).DistinctBy(h => h.PersonId)
                .Select(h => new Found(h.PersonId, h.Name, h.SettingId is null ? authorities.GetValueOrDefault(h.AuthorityId, "") : h.SettingName, AddMember.Usual(h)))];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}/members", async (Guid id, Guid? after, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Next(id, after), ct)).ToHttp())
        .WithName("ListForumMembers").WithSummary("Who belongs to a forum, in the order they joined; 100 at a time, the next with after. Officers of an authority that takes part are told of their own people. Times are UTC.")
        .Produces<Slice<Item>>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public ForumRole Role { get; init; }
        public DateTime Since { get; init; }
    }
}
