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
/// Someone who waits takes the place that is kept for them (or, when it is too late for offers, a free one), or gives it up, or leaves
/// the list. A group that is offered places answers as one. Whatever the answer, the entry in the list has ended for ever.
/// </summary>
internal static class AnswerOffer {
    internal enum Reply { Accept, Decline }

    /// <param name="Id">The booking; not looked at when a token is given.</param>
    /// <param name="Token">Of the link in a message: its reader answers for the booking it names, signed in or not.</param>
    internal sealed record Command(Guid Id, Reply Reply, string? Token = null) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reply).IsInEnum().WithMessage("Select whether to accept the place");
    }

    internal sealed class Handler(Db db, Allotment allotment, AnswerToken tokens, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = """
            SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy, b.State, b.Reference, b.CancelReason, b.GroupId, g.MadeBy, s.StartsAt, h.Kind, h.ExpiresAt
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            LEFT JOIN training_BookingGroup g ON g.Id = b.GroupId
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
            """;
        const string SelectGroup = """
            SELECT b.Id, b.PersonId, b.BookedBy AS Otherwise, b.Reference, h.Kind
            FROM training_Booking b
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.SessionId = @SessionId AND b.GroupId = @GroupId AND b.State = 'Waiting'
            """;
        const string Book = "UPDATE training_Booking SET State = 'Booked', PromotedAt = @Now, WaitingNumber = NULL WHERE Id IN @Ids AND State = 'Waiting'";
        const string End = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = @Reason, WaitingNumber = NULL
            WHERE Id IN @Ids AND State = 'Waiting'
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Taken, WaitingCount = WaitingCount - @Waiting WHERE Id = @SessionId";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var byLink = request.Token is not null;
            var id = byLink ? tokens.Read(request.Token!) ?? Guid.Empty : request.Id;
            var reach = me.Reach(TrainingPermissions.Book);
            var key = new { Id = id, All = byLink || reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Entry>(Select, key, cancellationToken) is not { } seen) return Outcome.NotFound;
            await allotment.Lock(seen.SessionId, cancellationToken);
            var entry = (await db.One<Entry>(Select, key, cancellationToken))!;
            var by = byLink ? entry.MadeBy ?? entry.PersonId : me.PersonId;
            var now = clock.GetUtcNow().UtcDateTime;
            if (entry.State == BookingState.Cancelled) return Outcome.Conflict($"This has come to an end: {entry.CancelReason}.");
            if (entry.State == BookingState.Booked) return request.Reply == Reply.Accept ? entry.Id : Outcome.Conflict("You have the place already. If you can't come, cancel the booking.");
            if (entry.StartsAt <= now) return Outcome.Conflict("The session has started.");
            if (entry.ExpiresAt <= now) return Outcome.Conflict("The time to answer is over, and the place has gone to the next person.");

            var group = entry.GroupId is null ? [new Member { Id = entry.Id, PersonId = entry.PersonId, Otherwise = entry.BookedBy, Reference = entry.Reference, Kind = entry.Kind }]
                : await db.List<Member>(SelectGroup, new { entry.SessionId, entry.GroupId }, cancellationToken);
            if (request.Reply == Reply.Decline) {
                await Leave(entry, entry.Kind == HoldKind.Offer ? group : [.. group.Where(m => m.Id == entry.Id)], by, now, cancellationToken);
                return entry.Id;
            }
            return entry.Kind switch {
                HoldKind.Offer => await Take(entry, group, by, now, cancellationToken),
                HoldKind.Approval => Outcome.Conflict("The place is kept while your manager is asked to approve. You need do nothing."),
                _ => await TakeLast(entry, group, by, cancellationToken),
            };
        }

        async Task<Outcome<Guid>> Take(Entry entry, IReadOnlyList<Member> people, Guid by, DateTime now, CancellationToken ct) {
            await allotment.EndHold([.. people.Select(p => p.Id)], "Taken", ct);
            await db.Execute(Book, new { Now = now, Ids = db.Ids(people.Select(p => p.Id)) }, ct);
            await db.Execute(Count, new { entry.SessionId, Taken = 0, Waiting = people.Count }, ct);
            await history.Add([.. people.Select(p => new Act(p.Id, "Offer accepted"))], ct, by);
            await mailbox.Add(await mails.Confirmed(entry.SessionId, [.. people.Select(Told)], ct), ct);
            await allotment.Settle(entry.SessionId, "An offer was accepted", null, ct);
            return entry.Id;
        }

        /// <summary>Asks for a free place without an offer, as anyone may when the session is near.</summary>
        async Task<Outcome<Guid>> TakeLast(Entry entry, IReadOnlyList<Member> people, Guid by, CancellationToken ct) {
            var settled = await allotment.Settle(entry.SessionId, "Someone took a last place", people.Select(p => p.Id).ToHashSet(), ct);
            if (!settled.Verdicts.TryGetValue(entry.Id, out var verdict) || verdict is not (Verdict.Booked or Verdict.Approval)) return Outcome.Conflict("There is no free place for you now. You are still on the waiting list.");
            await history.Add([.. people.Select(p => new Act(p.Id, verdict == Verdict.Booked ? "Took a last place" : "Approval asked"))], ct, by);
            if (verdict == Verdict.Booked) await mailbox.Add(await mails.Confirmed(entry.SessionId, [.. people.Select(Told)], ct), ct);
            else await mailbox.Add(await mails.ApprovalAsked(entry.SessionId, [.. people.Select(p => Told(p) with { Hold = settled.Held[p.Id] })], ct), ct);
            return entry.Id;
        }

        async Task Leave(Entry entry, IReadOnlyList<Member> people, Guid by, DateTime now, CancellationToken ct) {
            var declined = entry.Kind == HoldKind.Offer;
            var reason = declined ? "The offer of a place was declined" : "Left the waiting list";
            await allotment.EndHold([.. people.Select(p => p.Id)], declined ? "Declined" : "Ended", ct);
            await db.Execute(End, new { Now = now, Me = by, Reason = reason, Ids = db.Ids(people.Select(p => p.Id)) }, ct);
            await db.Execute(Count, new { entry.SessionId, Taken = people.Count(p => p.Kind is not null), Waiting = people.Count }, ct);
            await history.Add([.. people.Select(p => new Act(p.Id, declined ? "Offer declined" : "Left waiting list"))], ct, by);
            await mailbox.Add(await mails.Cancelled(entry.SessionId, [.. people.Select(Told)], reason, ct), ct);
            await allotment.Settle(entry.SessionId, declined ? "An offer was declined" : "Someone left the waiting list", null, ct);
        }

        static BookingMails.Booked Told(Member m) => new() { Id = m.Id, PersonId = m.PersonId, Reference = m.Reference, Otherwise = m.Otherwise };
    }

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPost("/bookings/{id:guid}/accept", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, Reply.Accept), ct)).ToHttp(_ => Results.NoContent()))
            .WithName("AcceptOffer").WithSummary("Accepts the place that is offered to someone who waits; with a few hours left, takes a free one.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).Requires(TrainingPermissions.Book);
        api.MapPost("/bookings/{id:guid}/decline", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, Reply.Decline), ct)).ToHttp(_ => Results.NoContent()))
            .WithName("DeclineOffer").WithSummary("Declines the place that is offered, or leaves the waiting list.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).Requires(TrainingPermissions.Book);
    }

    sealed record Entry {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid BookedBy { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public string CancelReason { get; init; } = "";
        public Guid? GroupId { get; init; }
        public Guid? MadeBy { get; init; }
        public DateTime StartsAt { get; init; }
        public HoldKind? Kind { get; init; }
        public DateTime? ExpiresAt { get; init; }
    }

    sealed record Member {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid Otherwise { get; init; }
        public string Reference { get; init; } = "";
        public HoldKind? Kind { get; init; }
    }
}
