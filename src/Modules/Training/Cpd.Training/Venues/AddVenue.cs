using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Venues;

/// <summary>An officer adds a venue of their authority with its rooms, so that sessions can choose it.</summary>
internal static class AddVenue {
    internal sealed record Command : VenueFields, IRequest<Outcome<Guid>>, IWrite {
        public Guid? AuthorityId { get; init; }
    }

    internal sealed class Validator : VenueRules<Command> {
        public Validator() => RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO training_Venue (Id, AuthorityId, Name, NameKey, Address, MapLink, AccessNotes, CreatedAt, CreatedBy, Version)
            VALUES (@Id, @AuthorityId, @Name, @NameKey, @Address, @MapLink, @AccessNotes, @Now, @Me, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var authorityId = request.AuthorityId!.Value;
            if (!reach.All && !reach.Authorities.Contains(authorityId)) return Outcome.NotFound;
            var id = Ids.New(clock);
            await db.Execute(Insert, Db.Args(request.Columns(id, clock.GetUtcNow().UtcDateTime), new { AuthorityId = authorityId, Me = me.PersonId }), cancellationToken);
            await db.Execute(VenueParts.InsertRoom, VenueParts.NewRooms(id, request.Given, 1, clock), cancellationToken);
            return id;
        }
    }

    internal sealed record Body(string? Name, string? Address, string? MapLink, string? AccessNotes, IReadOnlyList<BodyRoom?>? Rooms);

    /// <param name="Id">Of a room that is known; a new room has none.</param>
    internal sealed record BodyRoom(Guid? Id, string? Name, int? Capacity, bool Ended) {
        internal TypedRoom Typed => new() { Id = Id, Name = Name, Capacity = Capacity, Ended = Ended };
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/authorities/{authorityId:guid}/venues", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command {
            AuthorityId = authorityId, Name = body.Name, Address = body.Address, MapLink = body.MapLink, AccessNotes = body.AccessNotes, Rooms = [.. (body.Rooms ?? []).Select(r => r?.Typed!)],
        }, ct)).ToHttp(id => Results.Created($"/api/v1/venues/{id}", new { id })))
        .WithName("AddVenue").WithSummary("Adds a venue of an authority with its rooms and how many people each holds.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404)
        .Requires(TrainingPermissions.ManageCourses);
}
