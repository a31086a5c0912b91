using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Cpd.Training.Bookings;

/// <summary>
/// What must always hold of places, looked at every night: no session is oversold, its counts are those of its rows, every booking has a
/// history, and if places are free and no offer is open, nobody who fits waits (when it is too late for offers: nobody waits untold).
/// What does not hold is logged as an error and shown to the session's officers.
/// </summary>
internal static class CheckPlaces {
    internal static Schedule Schedule => new("training.check-places", "0 40 2 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    /// <param name="SessionIds">Only these; all that have not started when not given.</param>
    internal sealed record Query(IReadOnlyList<Guid>? SessionIds = null) : IRequest<IReadOnlyList<Fault>>;

    internal sealed record Fault(Guid SessionId, string Sentence);

    /// <summary>Looks, and keeps what was found until a later look finds it right. Gives how many faults there are.</summary>
    internal sealed record Command : IRequest<Outcome<int>>;

    /// <summary>What has just been found, in place of what was found before.</summary>
    internal sealed record KeepCommand(IReadOnlyList<Fault> Faults) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<KeepCommand> {
        public Validator() => RuleFor(c => c.Faults).NotNull();
    }

    internal sealed class Checker(Db db, WaitingList waitingList, TimeProvider clock) : IRequestHandler<Query, IReadOnlyList<Fault>> {
        const string SelectCounts = """
            SELECT s.Id, s.Places, s.PlacesTaken, s.WaitingCount, s.DueAt,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked' AND b.IsWalkIn = 0) AS Booked,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Waiting') AS Waiting,
                (SELECT COUNT(*) FROM training_Hold h WHERE h.SessionId = s.Id AND h.EndedAt IS NULL) AS Held,
                (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND NOT EXISTS (SELECT 1 FROM training_BookingHistory t WHERE t.BookingId = b.Id)) AS Untold,
                (SELECT COUNT(*) FROM training_Hold h JOIN training_Booking b ON b.Id = h.BookingId WHERE h.SessionId = s.Id AND h.EndedAt IS NULL AND b.State <> 'Waiting') AS Stray
            FROM training_Session s
            WHERE s.State = 'Published' AND s.StartsAt > @Now AND (@AnyOne = 1 OR s.Id IN @Ids)
            ORDER BY s.Id
            """;

        public async Task<IReadOnlyList<Fault>> Handle(Query request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var rows = await db.List<Row>(SelectCounts, new { Now = now, AnyOne = request.SessionIds is null ? 1 : 0, Ids = db.Ids(request.SessionIds ?? []) }, cancellationToken);
            var faults = new List<Fault>();
            foreach (var row in rows) {
                if (row.Booked + row.Held > row.Places) Say(row, $"{row.Booked + row.Held} places are booked or held and there are {row.Places}");
                if (row.Booked + row.Held != row.PlacesTaken) Say(row, $"{row.Booked} places are booked and {row.Held} held, but {row.PlacesTaken} count as taken");
                if (row.Waiting != row.WaitingCount) Say(row, $"{row.Waiting} people wait, but {row.WaitingCount} are counted");
                if (row.Untold > 0) Say(row, $"{row.Untold} bookings have no history");
                if (row.Stray > 0) Say(row, $"{row.Stray} places are held for people who do not wait");
            }
            // Sessions with free places and a list are few: whoever waits there does not fit, or waits for a group's other places.
            foreach (var row in rows.Where(r => r.WaitingCount > 0 && r.PlacesTaken < r.Places && (r.DueAt is null || r.DueAt > now))) {
                var list = (await waitingList.Read(row.Id, new HashSet<Guid>(), cancellationToken))!;
                var result = list.Decide();
                var fitting = result.Lines.Count(l => l.Verdict is Verdict.Booked or Verdict.Offered or Verdict.Approval || l.Verdict == Verdict.LastCall && list[l.Person.BookingId].LastCallAt is null);
                if (fitting > 0) Say(row, $"{row.Places - row.PlacesTaken} places are free, but {fitting} people who could have one wait");
            }
            return faults;

            void Say(Row row, string sentence) => faults.Add(new(row.Id, sentence));
        }
    }

    internal sealed class Handler(IMediator mediator, ILogger<Handler> log) : IRequestHandler<Command, Outcome<int>> {
        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            // Looking takes longer than a moment, so nobody who writes waits for it.
            var faults = await mediator.Send(new Query(), cancellationToken);
            foreach (var fault in faults) log.LogError("The places of session {Session} are not right: {Fault}", fault.SessionId, fault.Sentence);
            var kept = await mediator.Send(new KeepCommand(faults), cancellationToken);
            return kept.Refusal is { } refusal ? refusal : faults.Count;
        }
    }

    internal sealed class Keeper(Db db, TimeProvider clock) : IRequestHandler<KeepCommand, Outcome<Done>> {
        const string Clear = "UPDATE training_PlaceFault SET ClearedAt = @Now WHERE ClearedAt IS NULL";
        const string Insert = "INSERT INTO training_PlaceFault (Id, SessionId, FoundAt, Fault) VALUES (@Id, @SessionId, @Now, @Sentence)";

        public async Task<Outcome<Done>> Handle(KeepCommand request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            await db.Execute(Clear, new { Now = now }, cancellationToken);
            if (request.Faults.Count > 0) await db.Execute(Insert, request.Faults.Select(f => new { Id = Ids.New(clock), f.SessionId, Now = now, f.Sentence }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public DateTime? DueAt { get; init; }
        public int Booked { get; init; }
        public int Waiting { get; init; }
        public int Held { get; init; }
        public int Untold { get; init; }
        public int Stray { get; init; }
    }
}
