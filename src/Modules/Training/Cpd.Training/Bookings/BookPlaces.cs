using System.Text.Json.Serialization;
using Cpd.People.Contracts;
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
/// People take places at a session, each with an answer of their own, or all together or not at all; whoever gets none joins the
/// waiting list. Never are more booked than there are places, whatever runs at once, and nobody waits who could have a free place.
/// </summary>
internal static class BookPlaces {
    /// <param name="Together">All of them get places, or all of them wait.</param>
    /// <param name="Token">Of the link in the message that a session is cancelled: its reader books the person who lost their place there at another date of the course, signed in or not.</param>
    internal sealed record Command(Guid SessionId, IReadOnlyList<Guid>? PersonIds, bool Together = false, string? Token = null) : IRequest<Outcome<IReadOnlyList<Answer>>>, IWrite;

    /// <param name="Outcome">booked, held (a place is kept until the manager approves), waiting or refused.</param>
    /// <param name="Position">On the waiting list, from 1.</param>
    /// <param name="Why">Why this person was refused.</param>
    internal sealed record Answer(Guid PersonId, string Name, string Outcome, Guid? BookingId, string? Reference, int? Position, string? Why);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonIds).Must((c, p) => c.Token is not null || p is { Count: > 0 }).WithMessage("Select who you want to book")
            .Must(p => p is null || p.Distinct().Count() <= 200).WithMessage("Book at most 200 people at a time");
    }

    internal sealed class Handler(Db db, IMediator mediator, Bookable bookable, Allotment allotment, InsteadToken tokens, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<IReadOnlyList<Answer>>> {
        Guid by;

        // The guarded UPDATE is the claim: of two groups after the last places, one changes a row. Whoever waits comes first, and where
        // limits or quotas apply they are looked at under the row's lock instead.
        const string TakePlaces = """
            UPDATE training_Session SET PlacesTaken = PlacesTaken + @Count
            WHERE Id = @SessionId AND State = 'Published' AND Ruled = 0 AND WaitingCount = 0 AND PlacesTaken + @Count <= Places
            """;
        const string GiveBack = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Count WHERE Id = @SessionId";
        const string JoinWaiting = "UPDATE training_Session SET WaitingCount = WaitingCount + @Count, WaitingTail = WaitingTail + @Count WHERE Id = @SessionId";
        const string SelectSession = """
            SELECT s.State, s.AuthorityId, s.StartsAt, s.OpensAt, s.ClosesAt, s.Places, s.PlacesTaken, s.WaitingCount, s.WaitingTail, s.DueAt, COALESCE(r.AsksApproval, 0) AS AsksApproval
            FROM training_Session s
            LEFT JOIN training_BookingRule r ON r.AuthorityId = s.AuthorityId
            WHERE s.Id = @SessionId AND s.State <> 'Draft'
            """;
        // One question for both: who has a booking already, and which of the references just made are in use.
        const string SelectKnown = """
            SELECT PersonId, State, Reference, 1 AS IsLive FROM training_Booking WHERE SessionId = @SessionId AND PersonId IN @People AND CancelledAt IS NULL
            UNION ALL
            SELECT PersonId, State, Reference, 0 AS IsLive FROM training_Booking WHERE Reference IN @References
            """;
        // Who lost their place by no act of their own, at a session of the same course.
        const string SelectBumped = """
            SELECT b.PersonId
            FROM training_Booking b
            JOIN training_Session lost ON lost.Id = b.SessionId
            JOIN training_Session other ON other.CourseId = lost.CourseId
            WHERE b.Id = @Id AND b.State = 'Cancelled' AND lost.State = 'Cancelled' AND other.Id = @SessionId
            """;
        const string SelectAsking = "SELECT SettingId FROM training_SettingRule WHERE SettingId IN @Settings AND AsksApproval = 1";
        const string SelectLocked = """
            SELECT s.State, s.AuthorityId, s.StartsAt, s.OpensAt, s.ClosesAt, s.Places, s.PlacesTaken, s.WaitingCount, s.WaitingTail, s.DueAt,
                (SELECT COUNT(*) FROM training_Band b WHERE b.AuthorityId = s.AuthorityId) AS Bands,
                (SELECT COUNT(*) FROM training_Hold h WHERE h.SessionId = s.Id AND h.EndedAt IS NULL AND h.Kind <> 'Kept') AS Answering
            FROM training_Session s
            WHERE s.Id = @SessionId
            """;
        const string InsertGroup = "INSERT INTO training_BookingGroup (Id, SessionId, MadeAt, MadeBy, Passes) VALUES (@Id, @SessionId, @Now, @Me, 0)";
        const string Insert = """
            INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, JobRole, GroupId, Approval, State, Reference, BookedAt, BookedBy, WaitingNumber, CancelReason, MinutesAttended, IsWalkIn, Revision)
            VALUES (@Id, @SessionId, @PersonId, @SettingId, @AuthorityId, @JobRole, @GroupId, @Approval, @State, @Reference, @Now, @Me, @WaitingNumber, '', 0, 0, 0)
            """;

        public async Task<Outcome<IReadOnlyList<Answer>>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Session>(SelectSession, new { request.SessionId }, cancellationToken) is not { } session) return Outcome.NotFound;
            IReadOnlyList<Guid> ids = request.PersonIds?.Distinct().ToList() ?? [];
            by = me.PersonId;
            if (request.Token is not null) {
                if (await db.One<Guid?>(SelectBumped, new { Id = tokens.Read(request.Token) ?? Guid.Empty, request.SessionId }, cancellationToken) is not { } bumped) return Outcome.NotFound;
                (ids, by) = ([bumped], bumped);
            }
            var (people, others) = await bookable.Among(ids, cancellationToken, self: request.Token is null ? null : by);
            var refused = others.ToDictionary();
            if (NotNow(session) is { } sentence) foreach (var person in people) refused[person.Id] = sentence;
            var candidates = people.Where(p => !refused.ContainsKey(p.Id)).ToList();
            if (request.Together && candidates.Count > session.Places) return Outcome.Conflict($"The session has {Show.Count(session.Places, "place")}, so a group of {candidates.Count} can never come together.");
            var placed = new List<Placed>();
            if (candidates.Count > 0) {
                var approve = await AskApproval(session, candidates, cancellationToken);
                var placing = await Place(request, candidates, approve, refused, placed, cancellationToken);
                if (placing is not null) return placing;
                await Tell(request.SessionId, placed, cancellationToken);
            }
            var names = people.ToDictionary(p => p.Id, p => p.Name);
            var answers = placed.ToDictionary(p => p.Person.Id);
            return ids.Select(id => answers.TryGetValue(id, out var p)
                ? new Answer(id, names[id], p.State switch { Verdict.Booked => "booked", Verdict.Approval => "held", _ => "waiting" }, p.Id, p.Reference, p.Position, null)
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

        /// <summary>Of those who ask for themselves, whose manager must approve: the authority or the setting wants it, and there is a manager to ask.</summary>
        async Task<HashSet<Guid>> AskApproval(Session session, List<BookablePerson> people, CancellationToken ct) {
            var own = people.Where(p => p is { Decided: false, SettingId: not null }).ToList();
            if (own.Count == 0) return [];
            var settings = own.Select(p => p.SettingId!.Value).Distinct().ToList();
            var asking = session.AsksApproval ? settings : await db.List<Guid>(SelectAsking, new { Settings = db.Ids(settings) }, ct);
            if (asking.Count == 0) return [];
            var managed = (await mediator.Send(new FindHolders(Role.SettingManager, asking), ct)).Where(h => own.All(p => p.Id != h.PersonId)).Select(h => h.OrganisationId).ToHashSet();
            return [.. own.Where(p => managed.Contains(p.SettingId!.Value)).Select(p => p.Id)];
        }

        async Task<Refusal?> Place(Command request, List<BookablePerson> candidates, HashSet<Guid> approve, Dictionary<Guid, string> refused, List<Placed> placed, CancellationToken ct) {
            // The session is written before its bookings are read or written: every booker passes this row, one after the other.
            var claimed = approve.Count == 0 && await db.Execute(TakePlaces, new { request.SessionId, candidates.Count }, ct) == 1;
            var session = new Session();
            if (!claimed) {
                if (!await allotment.Lock(request.SessionId, ct)) return Outcome.NotFound;
                session = (await db.One<Session>(SelectLocked, new { request.SessionId }, ct))!;
                if (session.State == Publication.Cancelled) return Outcome.Conflict("The session has been cancelled.");
            }
            var references = await References(request.SessionId, candidates, refused, ct);
            var fresh = candidates.Where(c => !refused.ContainsKey(c.Id)).ToList();
            if (claimed) {
                if (fresh.Count < candidates.Count) await db.Execute(GiveBack, new { request.SessionId, Count = candidates.Count - fresh.Count }, ct);
                placed.AddRange(fresh.Select((p, i) => new Placed(Ids.New(clock), p, references[i], null, Verdict.Booked, null, null)));
                await Write(request.SessionId, placed, null, ct);
                return null;
            }
            if (fresh.Count == 0) return null;

            var group = request.Together && fresh.Count > 1 ? Ids.New(clock) : (Guid?)null;
            if (group is not null) await db.Execute(InsertGroup, new { Id = group, request.SessionId, Now = clock.GetUtcNow().UtcDateTime, Me = by }, ct);
            var entries = fresh.Select((p, i) => new Placed(Ids.New(clock), p, references[i], session.WaitingTail + i + 1, Verdict.Behind, null, approve.Contains(p.Id) ? Approval.Asked : null)).ToList();
            await db.Execute(JoinWaiting, new { request.SessionId, entries.Count }, ct);
            await Write(request.SessionId, entries, group, ct);
            placed.AddRange(await Decide(request.SessionId, session, entries, ct));
            return null;
        }

        /// <summary>Everyone who asks joins the list, and the list is served: so whoever waits already comes first, and whoever fits has their place at once.</summary>
        async Task<IEnumerable<Placed>> Decide(Guid sessionId, Session session, List<Placed> entries, CancellationToken ct) {
            // A full session with a list that waits for nothing but a place: there is nothing to decide.
            if (session.PlacesTaken >= session.Places && session.DueAt > clock.GetUtcNow().UtcDateTime && session.Bands == 0)
                return entries.Select((p, i) => p with { Position = session.WaitingCount - session.Answering + i + 1 });
            var settled = await allotment.Settle(sessionId, "Someone asked for a place", entries.Select(p => p.Id).ToHashSet(), ct);
            return entries.Select(p => p with {
                State = settled.Verdicts[p.Id], Position = settled.Positions.TryGetValue(p.Id, out var at) ? at : null, Hold = settled.Held.GetValueOrDefault(p.Id),
            });
        }

        async Task Write(Guid sessionId, IReadOnlyList<Placed> placed, Guid? group, CancellationToken ct) => await db.Execute(Insert, placed.Select(p => new {
            p.Id, SessionId = sessionId, PersonId = p.Person.Id, p.Person.SettingId, p.Person.AuthorityId, JobRole = p.Person.JobRole?.ToString(), GroupId = group, Approval = p.Approval?.ToString(),
            State = (p.WaitingNumber is null ? BookingState.Booked : BookingState.Waiting).ToString(), p.Reference, Now = clock.GetUtcNow().UtcDateTime, Me = by, p.WaitingNumber,
        }).ToList(), ct);

        /// <summary>References for all of them, and a refusal for each who has a booking here already.</summary>
        async Task<IReadOnlyList<string>> References(Guid sessionId, List<BookablePerson> people, Dictionary<Guid, string> refused, CancellationToken ct) {
            while (true) {
                var made = Enumerable.Range(0, people.Count).Select(_ => Codes.ForPeople(2)).ToList();
                var known = await db.List<Known>(SelectKnown, new { SessionId = sessionId, People = db.Ids(people.Select(p => p.Id)), References = made }, ct);
                foreach (var live in known.Where(k => k.IsLive))
                    refused[live.PersonId] = live.State == BookingState.Waiting ? $"They are already on the waiting list: reference {live.Reference}." : $"They are already booked: reference {live.Reference}.";
                if (made.Distinct().Count() == made.Count && known.All(k => k.IsLive)) return made;
            }
        }

        async Task Tell(Guid sessionId, IReadOnlyList<Placed> placed, CancellationToken ct) {
            await history.Add([.. placed.Select(p => p.State switch {
                Verdict.Booked => new Act(p.Id, "Booked"),
                Verdict.Approval => new Act(p.Id, "Approval asked", $"A place is held until {Show.DateAndTime(p.Hold!.Until)}"),
                _ => new Act(p.Id, "Joined waiting list", p.Approval is null ? "" : "The manager has been asked to approve"),
            })], ct, by);
            var told = placed.ToLookup(p => p.Approval is not null ? "asked" : p.State == Verdict.Booked ? "booked" : "waiting", p => new BookingMails.Booked {
                Id = p.Id, PersonId = p.Person.Id, Reference = p.Reference, SettingId = p.Person.SettingId, Otherwise = by, Hold = p.Hold, Person = p.Person.Card,
            });
            await mailbox.Add(await mails.Confirmed(sessionId, [.. told["booked"]], ct), ct);
            await mailbox.Add(await mails.Waiting(sessionId, [.. told["waiting"]], ct), ct);
            await mailbox.Add(await mails.ApprovalAsked(sessionId, [.. told["asked"]], ct), ct);
        }
    }

    internal sealed record Body([property: JsonRequired] IReadOnlyList<Guid>? PersonIds, bool Together);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/{id:guid}/bookings", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonIds, body.Together), ct)).ToHttp())
        .WithName("BookPlaces").WithSummary("Books people at a session. One answer for each person, in their order: booked, held (until the manager approves), waiting (with the position) or refused (with why). With together, all get places or all wait.")
        .Produces<IReadOnlyList<Answer>>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);

    sealed record Placed(Guid Id, BookablePerson Person, string Reference, int? WaitingNumber, Verdict State, int? Position, Approval? Approval, Allotment.Held? Hold = null);

    sealed record Known {
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public bool IsLive { get; init; }
    }

    sealed record Session {
        public Publication State { get; init; }
        public Guid AuthorityId { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
        public int Places { get; init; }
        public int PlacesTaken { get; init; }
        public int WaitingCount { get; init; }
        public int WaitingTail { get; init; }
        public DateTime? DueAt { get; init; }
        public bool AsksApproval { get; init; }
        public int Bands { get; init; }
        /// <summary>Who wait, but have a place to answer for.</summary>
        public int Answering { get; init; }
    }
}
