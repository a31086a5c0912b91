using Cpd.Accreditation.Contracts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Catalogue;

/// <summary>Anyone may open a published session, or read why it was cancelled; only those who are booked see how to join it online.</summary>
internal static class OpenSession {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="JoiningLink">Null unless you are booked.</param>
    /// <param name="NotBookable">Why it can't be booked now; null when it can.</param>
    internal sealed record View(
        Guid Id, Guid CourseId, string CourseTitle, string Summary, Guid AuthorityId, string AuthorityName, CourseMode Mode, int Minutes, int PricePence, IReadOnlyList<SessionDate> Dates, int Places, int PlacesLeft, int Waiting,
        DateTime? OpensAt, DateTime? ClosesAt, string VenueName, string VenueAddress, string? TrainerName, IReadOnlyList<string> AccreditedBy, string? NotBookable, string? JoiningLink, Guid? MyBookingId, BookingState? MyBookingState, bool MayKeepRegister, string MapLink, string AccessNotes);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT s.Id, s.CourseId, c.Title AS CourseTitle, c.Summary, s.AuthorityId, c.Mode, c.Minutes, c.PricePence, s.StartsAt, s.Places, s.PlacesTaken, s.WaitingCount, s.OpensAt, s.ClosesAt,
                s.VenueName, s.VenueAddress, v.MapLink, v.AccessNotes, s.JoiningLink, s.TrainerPersonId, s.State, s.CancelReason
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            LEFT JOIN training_Room r ON r.Id = s.RoomId
            LEFT JOIN training_Venue v ON v.Id = r.VenueId
            WHERE s.Id = @Id AND s.State <> 'Draft'
            """;
        const string SelectMine = "SELECT Id, State FROM training_Booking WHERE SessionId = @Id AND PersonId = @Me AND CancelledAt IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, new { request.Id }, cancellationToken) is not { } s) return Outcome.NotFound;
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == s.AuthorityId)?.Name ?? "";
            var trainer = s.TrainerPersonId is { } id ? await mediator.Send(new FindPeople([id]), cancellationToken) is [var person, ..] ? person.Name : null : null;
            var accredited = await mediator.Send(new FindAccreditations([s.CourseId], London.Day(s.StartsAt)), cancellationToken);
            var mine = me.IsSignedIn ? await db.One<Mine>(SelectMine, new { request.Id, Me = me.PersonId }, cancellationToken) : null;
            var now = clock.GetUtcNow().UtcDateTime;
            var notNow = s.State == Publication.Cancelled ? $"This session has been cancelled: {s.CancelReason}"
                : s.StartsAt <= now ? "This session has started or is over."
                : s.OpensAt > now ? $"Booking opens on {Show.Date(s.OpensAt.Value)}."
                : s.ClosesAt <= now ? $"Booking closed on {Show.Date(s.ClosesAt.Value.AddTicks(-1))}." : null;
            return new View(s.Id, s.CourseId, s.CourseTitle, s.Summary, s.AuthorityId, authority, s.Mode, s.Minutes, s.PricePence, await db.List<SessionDate>(SessionParts.SelectDates, new { request.Id }, cancellationToken),
                s.Places, s.Places - s.PlacesTaken, s.WaitingCount, s.OpensAt, s.ClosesAt, s.VenueName, s.VenueAddress, trainer, [.. accredited.Select(a => a.AccreditorName).Distinct().Order(StringComparer.Ordinal)], notNow,
                mine is { State: BookingState.Booked } && s.JoiningLink.Length > 0 ? s.JoiningLink : null, mine?.Id, mine?.State,
                me.Reach(TrainingPermissions.KeepRegister) is var reach && (reach.All || reach.Authorities.Contains(s.AuthorityId) || (reach.Self is { } self && s.TrainerPersonId == self)),
                TrainingLinks.Map(s.MapLink, s.VenueName, s.VenueAddress), s.AccessNotes ?? "");
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenSession").WithSummary("A published session: its dates, venue and places left. Times are UTC. The joining link is there for those who are booked.").Produces<View>().ProducesProblem(404)
        .IsPublic();

    sealed record Mine {
        public Guid Id { get; init; }
        public BookingState State { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid CourseId { get; init; }
        public string CourseTitle { get; init; } = "";
        public string Summary { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public CourseMode Mode { get; init; }
        public int Minutes { get; init; }
        public int PricePence { get; init; }
        public DateTime StartsAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public string VenueName { get; init; } = "";
        public string VenueAddress { get; init; } = "";
        public string? MapLink { get; init; }
        public string? AccessNotes { get; init; }
        public string JoiningLink { get; init; } = "";
        public Guid? TrainerPersonId { get; init; }
        public Publication State { get; init; }
        public string CancelReason { get; init; } = "";
    }
}
