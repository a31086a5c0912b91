using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Venues;

/// <summary>The venues of an officer's authority, by name.</summary>
internal static class ListVenues {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    /// <summary>For programs: an authority's, in the order they were added.</summary>
    internal sealed record AllQuery(Guid AuthorityId, Guid? After) : IRequest<Outcome<Slice<View>>>;

    /// <param name="Rooms">In use.</param>
    /// <param name="Largest">How many people its largest room in use holds; 0 when there is none.</param>
    internal sealed record View(Guid Id, string Name, string Address, string AuthorityName, int Rooms, int Largest);

    const string Columns = """
        SELECT v.Id, v.AuthorityId, v.Name, v.Address,
            (SELECT COUNT(*) FROM training_Room r WHERE r.VenueId = v.Id AND r.EndedAt IS NULL) AS Rooms,
            (SELECT COALESCE(MAX(r.Capacity), 0) FROM training_Room r WHERE r.VenueId = v.Id AND r.EndedAt IS NULL) AS Largest
        FROM training_Venue v

        """;

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, PageOf<View>> {
        const string Count = "SELECT COUNT(*) FROM training_Venue WHERE @All = 1 OR AuthorityId IN @Authorities";
        const string Select = Columns + "WHERE @All = 1 OR v.AuthorityId IN @Authorities\nORDER BY v.NameKey, v.Id";

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            var total = await db.One<int>(Count, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            return new(await Views(mediator, await db.List<Row>(db.Page(Select), Db.Args(scope, new { paging.Skip, paging.Take }), cancellationToken), cancellationToken), total, paging);
        }
    }

    internal sealed class AllHandler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<AllQuery, Outcome<Slice<View>>> {
        const string Select = Columns + "WHERE v.AuthorityId = @AuthorityId AND v.Id > @After\nORDER BY v.Id";

        public async Task<Outcome<Slice<View>>> Handle(AllQuery request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            var rows = await db.List<Row>(db.Page(Select), new { request.AuthorityId, After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<View>.Size + 1 }, cancellationToken);
            return Slice<View>.Of(await Views(mediator, rows, cancellationToken), v => v.Id);
        }
    }

    static async Task<IReadOnlyList<View>> Views(IMediator mediator, IReadOnlyList<Row> rows, CancellationToken ct) {
        var names = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
        return [.. rows.Select(r => new View(r.Id, r.Name, r.Address, names.GetValueOrDefault(r.AuthorityId, ""), r.Rooms, r.Largest))];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/authorities/{authorityId:guid}/venues", async (Guid authorityId, Guid? after, IMediator mediator, CancellationToken ct) => (await mediator.Send(new AllQuery(authorityId, after), ct)).ToHttp())
        .WithName("ListVenues").WithSummary("The venues of an authority, in the order they were added; at most 100, and next goes into the next call's after.").Produces<Slice<View>>().ProducesProblem(404)
        .Requires(TrainingPermissions.ManageCourses);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
        public int Rooms { get; init; }
        public int Largest { get; init; }
    }
}
