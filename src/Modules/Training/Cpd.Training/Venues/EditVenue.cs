using Cpd.Platform.Calendars;
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

/// <summary>
/// An officer changes a venue of their authority. Sessions that are still to come are shown with its new name and address; nobody is emailed,
/// because a spelling that is put right is no news. Whoever moves a session chooses another room on the session, and then people are told.
/// </summary>
internal static class EditVenue {
    internal sealed record Command : VenueFields, IRequest<Outcome<Done>>, IWrite {
        public Guid Id { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Validator : VenueRules<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, Appointments appointments, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = "SELECT Name, Address FROM training_Venue WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Update = """
            UPDATE training_Venue
            SET Name = @Name, NameKey = @NameKey, Address = @Address, MapLink = @MapLink, AccessNotes = @AccessNotes, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectRooms = "SELECT Id, Name, Number, EndedAt FROM training_Room WHERE VenueId = @Id ORDER BY Number";
        const string UpdateRoom = "UPDATE training_Room SET Name = @Name, Capacity = @Capacity, EndedAt = @EndedAt WHERE Id = @Id";
        // The version goes up, so that a form that is open elsewhere does not put the old words back.
        const string Rename = """
            UPDATE training_Session SET VenueName = @VenueName, VenueAddress = @Address, Version = Version + 1
            WHERE RoomId = @RoomId AND EndsAt > @Now AND State <> 'Cancelled' AND RegisterClosedAt IS NULL
            """;
        const string SelectBooked = """
            SELECT b.Id
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE s.RoomId IN @Rooms AND b.State = 'Booked' AND s.EndsAt > @Now AND s.RegisterClosedAt IS NULL
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Row>(Select, Db.Args(new { request.Id }, scope), cancellationToken) is not { } before) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Update, Db.Args(request.Columns(request.Id, now), scope, new { request.Version }), cancellationToken) == 0)
                return Outcome.Conflict("Somebody else has changed the venue since you opened it. Open it again to see their changes.");

            var rooms = (await db.List<RoomRow>(SelectRooms, new { request.Id }, cancellationToken)).ToDictionary(r => r.Id);
            var kept = request.Given.Where(r => r.Id is not null).ToList();
            if (kept.Any(r => !rooms.ContainsKey(r.Id!.Value)) || kept.Select(r => r.Id).Distinct().Count() < rooms.Count)
                return Outcome.Conflict("The rooms have changed since you opened the venue. Open it again to see them.");
            await db.Execute(UpdateRoom, kept.Select(r => new {
                Id = r.Id!.Value, Name = r.Name!.Trim(), Capacity = r.Capacity!.Value, EndedAt = r.Ended ? rooms[r.Id.Value].EndedAt ?? now : (DateTime?)null,
            }).ToList(), cancellationToken);
            await db.Execute(VenueParts.InsertRoom, VenueParts.NewRooms(request.Id, request.Given.Where(r => r.Id is null), rooms.Count == 0 ? 1 : rooms.Values.Max(r => r.Number) + 1, clock), cancellationToken);
            var (name, address) = (request.Name!.Trim(), request.Address!.Trim());
            var renamed = kept.Where(r => before.Name != name || before.Address != address || rooms[r.Id!.Value].Name != r.Name!.Trim())
                .Select(r => new { RoomId = r.Id!.Value, VenueName = RoomUse.Words(name, r.Name!.Trim()), Address = address, Now = now }).ToList();
            await db.Execute(Rename, renamed, cancellationToken);
            // Nobody is written to for a name, but calendars that read a feed take the new one.
            if (renamed.Count > 0) await appointments.RaiseKnown(await db.List<Guid>(SelectBooked, new { Rooms = db.Ids(renamed.Select(r => r.RoomId)), Now = now }, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(int Version, string? Name, string? Address, string? MapLink, string? AccessNotes, IReadOnlyList<AddVenue.BodyRoom?>? Rooms);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/venues/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command {
            Id = id, Version = body.Version, Name = body.Name, Address = body.Address, MapLink = body.MapLink, AccessNotes = body.AccessNotes, Rooms = [.. (body.Rooms ?? []).Select(r => r?.Typed!)],
        }, ct)).ToHttp())
        .WithName("EditVenue").WithSummary("Changes a venue and its rooms. Every room it has is named with its id; rooms without one are new; ended rooms can't be chosen any more.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ManageCourses);

    sealed record Row {
        public string Name { get; init; } = "";
        public string Address { get; init; } = "";
    }

    sealed record RoomRow {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public int Number { get; init; }
        public DateTime? EndedAt { get; init; }
    }
}
