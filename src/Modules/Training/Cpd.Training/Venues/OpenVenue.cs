using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Venues;

/// <summary>A venue of the officer's authority with its rooms, those no longer used included.</summary>
internal static class OpenVenue {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Venue Venue, IReadOnlyList<Room> Rooms);

    internal sealed record Venue {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
        public string MapLink { get; init; } = "";
        public string AccessNotes { get; init; } = "";
        public int Version { get; init; }
    }

    internal sealed record Room {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public int Capacity { get; init; }
        public DateTime? EndedAt { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT Id, AuthorityId, Name, Address, MapLink, AccessNotes, Version FROM training_Venue WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectRooms = "SELECT Id, Name, Capacity, EndedAt FROM training_Room WHERE VenueId = @Id ORDER BY Number";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            return await db.One<Venue>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is { } venue
                ? new View(venue, await db.List<Room>(SelectRooms, new { request.Id }, cancellationToken)) : Outcome.NotFound;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/venues/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenVenue").WithSummary("A venue with its rooms; ended ones can't be chosen any more.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.ManageCourses);
}
