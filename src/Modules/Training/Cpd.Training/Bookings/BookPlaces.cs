using System.Text.Json.Serialization;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>
/// People take places at a session, each with an answer of their own; when it is full they join the waiting list in order of
/// arrival. Never are more booked than there are places, whatever runs at once, and while a place is free nobody waits.
/// </summary>
internal static class BookPlaces {
    internal sealed record Command(Guid SessionId, IReadOnlyList<Guid>? PersonIds) : IRequest<Outcome<IReadOnlyList<Answer>>>, IWrite;

    /// <param name="Outcome">booked, waiting or refused.</param>
    /// <param name="Position">On the waiting list, from 1.</param>
    /// <param name="Why">Why this person was refused.</param>
    internal sealed record Answer(Guid PersonId, string Name, string Outcome, Guid? BookingId, string? Reference, int? Position, string? Why);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonIds).NotEmpty().WithMessage("Select who you want to book")
            .Must(p => p is null || p.Distinct().Count() <= 200).WithMessage("Book at most 200 people at a time");
    }

    internal sealed class Handler(Db db, Bookable bookable, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<IReadOnlyList<Answer>>> {
        // The guarded UPDATE is the claim: of two groups after the last places, one changes a row. Whoever waits comes first.
        const string TakePlaces = """
            UPDATE training_Session SET PlacesTaken = PlacesTaken + @Count
            WHERE Id = @SessionId AND State = 'Published' AND WaitingCount = 0 AND PlacesTaken + @Count <= Places
            """;
        const string GiveBack = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Count WHERE Id = @SessionId";
        // Writes nothing new, but takes the row's lock on both engines, so that what is read of the session and its bookings after it stays so.
        const string Lock = "UPDATE training_Session SET PlacesTaken = PlacesTaken WHERE Id = @SessionId AND State = 'Published'";
        const string JoinWaiting = "UPDATE training_Session SET WaitingCount = WaitingCount + @Count, WaitingTail = WaitingTail + @Count WHERE Id = @SessionId";
        const string SelectSession = """
            SELECT s.State, s.StartsAt, s.OpensAt, s.ClosesAt, s.Places, s.PlacesTaken, s.WaitingCount, s.WaitingTail
            FROM training_Session s
            WHERE s.Id = @SessionId AND s.State <> 'Draft'
            """;
        const string SelectLive = "SELECT PersonId, State, Reference FROM training_Booking WHERE SessionId = @SessionId AND PersonId IN @People AND CancelledAt IS NULL";
        const string SelectTaken = "SELECT Reference FROM training_Booking WHERE Reference IN @References";
        const string Insert = """
            INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, State, Reference, BookedAt, BookedBy, WaitingNumber, CancelReason, MinutesAttended, IsWalkIn, Revision)
            VALUES (@Id, @SessionId, @PersonId, @SettingId, @AuthorityId, @State, @Reference, @Now, @Me, @WaitingNumber, '', 0, 0, 0)
            """;

        public async Task<Outcome<IReadOnlyList<Answer>>> Handle(Command request, CancellationToken cancellationToken) {
            var ids = request.PersonIds!.Distinct().ToList();
            if (await db.One<Session>(SelectSession, new { request.SessionId }, cancellationToken) is not { } session) return Outcome.NotFound;
            var (people, others) = await bookable.Among(ids, cancellationToken);
            var refused = others.ToDictionary();
            if (NotNow(session) is { } sentence) foreach (var person in people) refused[person.Id] = sentence;
            var candidates = people.Where(p => !refused.ContainsKey(p.Id)).ToList();
            var placed = new Dictionary<Guid, Placed>();
            if (candidates.Count > 0) {
                if (await Place(request.SessionId, candidates, refused, placed, cancellationToken) is { } refusal) return refusal;
                await Tell(request.SessionId, [.. placed.Values], cancellationToken);
            }
            var names = people.ToDictionary(p => p.Id, p => p.Name);
            return ids.Select(id => placed.TryGetValue(id, out var p)
                ? new Answer(id, names[id], p.Position is null ? "booked" : "waiting", p.Id, p.Reference, p.Position, null)
                : new Answer(id, names.GetValueOrDefault(id, ""), "refused", null, null, null, refused[id])).ToList();
        }

        string? NotNow(Session session) {
            var now = clock.GetUtcNow().UtcDateTime;
            return session.State == Publication.Cancelled ? "The session has been cancelled."
                : session.StartsAt <= now ? "The session has already started."
                : session.OpensAt > now ? $"Booking opens on {Show.Date(session.OpensAt.Value)}."
                : session.ClosesAt <= now ? $"Booking closed on {Show.Date(session.ClosesAt.Value.AddTicks(-1))}."
                : null;
        }

        async Task<Refusal?> Place(Guid sessionId, List<BookablePerson> candidates, Dictionary<Guid, string> refused, Dictionary<Guid, Placed> placed, CancellationToken ct) {
            // The session is written before its bookings are read or written: every booker passes this row, one after the other.
            var claimed = await db.Execute(TakePlaces, new { SessionId = sessionId, candidates.Count }, ct) == 1;
            if (!claimed && await db.Execute(Lock, new { SessionId = sessionId }, ct) == 0) return Outcome.Conflict("The session has been cancelled.");
            foreach (var live in await db.List<Live>(SelectLive, new { SessionId = sessionId, People = db.Ids(candidates.Select(c => c.Id)) }, ct))
                refused[live.PersonId] = live.State == BookingState.Waiting ? $"They are already on the waiting list: reference {live.Reference}." : $"They are already booked: reference {live.Reference}.";
            var fresh = candidates.Where(c => !refused.ContainsKey(c.Id)).ToList();

            var booked = fresh.Count;
            var session = new Session();
            if (claimed) {
                if (fresh.Count < candidates.Count) await db.Execute(GiveBack, new { SessionId = sessionId, Count = candidates.Count - fresh.Count }, ct);
            } else {
                session = (await db.One<Session>(SelectSession, new { SessionId = sessionId }, ct))!;
                booked = session.WaitingCount > 0 ? 0 : Math.Clamp(session.Places - session.PlacesTaken, 0, fresh.Count);
                if (booked > 0 && await db.Execute(TakePlaces, new { SessionId = sessionId, Count = booked }, ct) == 0)
                    throw new InvalidOperationException("Places that were free under the session's lock could not be taken.");
                if (fresh.Count > booked) await db.Execute(JoinWaiting, new { SessionId = sessionId, Count = fresh.Count - booked }, ct);
            }

            var references = await References(fresh.Count, ct);
            for (var i = 0; i < fresh.Count; i++) {
                var waits = i < booked ? (int?)null : i - booked + 1;
                placed[fresh[i].Id] = new(Ids.New(clock), fresh[i], references[i], session.WaitingTail + waits, session.WaitingCount + waits);
            }
            await db.Execute(Insert, placed.Values.Select(p => new {
                p.Id, SessionId = sessionId, PersonId = p.Person.Id, p.Person.SettingId, p.Person.AuthorityId, State = (p.Position is null ? BookingState.Booked : BookingState.Waiting).ToString(),
                p.Reference, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, p.WaitingNumber,
            }).ToList(), ct);
            return null;
        }

        async Task<IReadOnlyList<string>> References(int count, CancellationToken ct) {
            if (count == 0) return [];
            while (true) {
                var made = Enumerable.Range(0, count).Select(_ => Codes.ForPeople(2)).ToList();
                if (made.Distinct().Count() == count && (await db.List<string>(SelectTaken, new { References = made }, ct)).Count == 0) return made;
            }
        }

        async Task Tell(Guid sessionId, IReadOnlyList<Placed> placed, CancellationToken ct) {
            await history.Add([.. placed.Select(p => new Act(p.Id, p.Position is null ? "Booked" : "Joined waiting list"))], ct);
            var told = placed.ToLookup(p => p.Position is null, p => new BookingMails.Booked { Id = p.Id, PersonId = p.Person.Id, Reference = p.Reference });
            await mailbox.Add(await mails.Confirmed(sessionId, [.. told[true]], ct), ct);
            await mailbox.Add(await mails.Waiting(sessionId, [.. told[false]], ct), ct);
        }
    }

    internal sealed record Body([property: JsonRequired] IReadOnlyList<Guid>? PersonIds);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/{id:guid}/bookings", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonIds), ct)).ToHttp())
        .WithName("BookPlaces").WithSummary("Books people at a session. One answer for each person, in their order: booked, waiting (with the position) or refused (with why).")
        .Produces<IReadOnlyList<Answer>>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);

    sealed record Placed(Guid Id, BookablePerson Person, string Reference, int? WaitingNumber, int? Position);

    sealed record Live {
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
    }

    sealed record Session {
        public Publication State { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public int WaitingTail { get; init; }
    }
}
