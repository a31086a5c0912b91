using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Changes;

/// <summary>
/// Someone who is booked goes to another date of the course. With a free place there, it is taken and the one here given up in one
/// transaction; the place that becomes free goes to those who wait here. Is that date full, they may join its waiting list and keep
/// the place here until they have one there. Each date keeps its booking with its history, and each names the other.
/// </summary>
internal static class MoveBooking {
    /// <param name="JoinList">If the other date has no place, join its waiting list and keep this place meanwhile.</param>
    internal sealed record Command(Guid Id, Guid? To, bool JoinList = false) : IRequest<Outcome<Answer>>, IWrite;

    /// <param name="Outcome">moved, or waiting: on the list of the other date, with the place here kept.</param>
    /// <param name="BookingId">The booking at the other date.</param>
    internal sealed record Answer(Guid BookingId, string Outcome, string Reference, int? Position);

    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="NotNow">Why the booking can't be moved by the one who asks; null when it can.</param>
    /// <param name="Until">Until when it can.</param>
    internal sealed record View(Guid Id, Guid SessionId, Guid PersonId, string PersonName, string CourseTitle, DateTime StartsAt, DateTime Until, string? NotNow, IReadOnlyList<ListAlternatives.View> Dates);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.To).NotNull().WithMessage("Select the date to move to");
    }

    const string Select = """
        SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy, b.SettingId, b.AuthorityId, b.JobRole, b.State, b.Reference, b.IsWalkIn, b.Attendance,
            s.StartsAt, s.CourseId, s.AuthorityId AS SessionAuthorityId, c.Title, r.LateHours
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        LEFT JOIN training_ChangeRule r ON r.AuthorityId = s.AuthorityId
        WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
        """;

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, WaitingList waitingList, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Answer>> {
        const string SelectTheirs = "SELECT Id, State, Reference FROM training_Booking WHERE SessionId = @To AND PersonId = @PersonId AND CancelledAt IS NULL";
        const string SelectTarget = "SELECT StartsAt, WaitingTail FROM training_Session WHERE Id = @To";
        const string JoinWaiting = "UPDATE training_Session SET WaitingCount = WaitingCount + 1, WaitingTail = WaitingTail + 1 WHERE Id = @To";
        const string Link = "UPDATE training_Booking SET MovesFrom = @From WHERE Id = @Id AND State = 'Waiting'";
        const string Insert = """
            INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, JobRole, State, Reference, BookedAt, BookedBy, WaitingNumber, CancelReason, MinutesAttended, IsWalkIn, Revision, MovesFrom)
            VALUES (@Id, @To, @PersonId, @SettingId, @AuthorityId, @JobRole, 'Waiting', @Reference, @Now, @Me, @Number, '', 0, 0, 0, @From)
            """;

        public async Task<Outcome<Answer>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } seen) return Outcome.NotFound;
            var to = request.To!.Value;
            if ((await mediator.Send(new ListAlternatives.Query(seen.CourseId, seen.SessionId), cancellationToken)).All(d => d.Id != to)) return Outcome.Invalid(nameof(request.To), "Select one of the other dates of the course");
            await allotment.Lock(seen.SessionId, to, cancellationToken);
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } booking) return Outcome.NotFound;
            if (booking.SessionId != seen.SessionId) return Outcome.Conflict("The booking has been moved meanwhile. Open it again.");
            if (NotNow(booking, reach, clock.GetUtcNow().UtcDateTime) is { } sentence) return Outcome.Conflict(sentence);

            var theirs = await db.One<Theirs>(SelectTheirs, new { To = to, booking.PersonId }, cancellationToken);
            if (theirs?.State == BookingState.Booked) return Outcome.Invalid(nameof(request.To), $"They are already booked on that date: reference {theirs.Reference}");
            if (theirs is not null) return request.JoinList ? await Wait(theirs, booking, to, cancellationToken)
                : Outcome.Conflict($"They are already on the waiting list of that date: reference {theirs.Reference}. Join it with this booking, and the place here is given up as soon as they have one there.");
            return await Ask(request, booking, to, cancellationToken);
        }

        /// <summary>They join the list of the other date, and it is served: the place is theirs if nobody before them can have it.</summary>
        async Task<Outcome<Answer>> Ask(Command request, Row booking, Guid to, CancellationToken ct) {
            var target = (await db.One<Target>(SelectTarget, new { To = to }, ct))!;
            var (id, reference) = (Ids.New(clock), Codes.ForPeople(2));
            await db.Execute(JoinWaiting, new { To = to }, ct);
            await db.Execute(Insert, new {
                Id = id, To = to, booking.PersonId, booking.SettingId, booking.AuthorityId, booking.JobRole, Reference = reference, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, Number = target.WaitingTail + 1, From = booking.Id,
            }, ct);
            var settled = await allotment.Settle(to, "Someone asked to move here", new HashSet<Guid> { id }, ct);
            var from = $"From {Show.Date(booking.StartsAt)}: reference {booking.Reference}";
            if (settled.Verdicts[id] == Verdict.Booked) {
                await history.Add([new Act(id, "Moved here", from)], ct);
                await mediator.Send(new ReleaseMoved.Command(id), ct);
                return new Answer(id, "moved", reference, null);
            }
            if (!request.JoinList) {
                var why = (await waitingList.Read(to, new HashSet<Guid>(), ct))?.Of(id)?.Why ?? "No place is free";
                // Refused, so nothing of the attempt stays.
                return Outcome.Conflict($"That date has no place for them: {why}. They can join its waiting list and keep this place meanwhile.");
            }
            await history.Add([new Act(id, "Joined waiting list", from), Kept(booking, target.StartsAt)], ct);
            await mailbox.Add(await mails.Waiting(to, [new BookingMails.Booked { Id = id, PersonId = booking.PersonId, Reference = reference, SettingId = booking.SettingId, Otherwise = me.PersonId }], ct), ct);
            return new Answer(id, "waiting", reference, settled.Positions.TryGetValue(id, out var position) ? position : null);
        }

        async Task<Outcome<Answer>> Wait(Theirs theirs, Row booking, Guid to, CancellationToken ct) {
            var target = (await db.One<Target>(SelectTarget, new { To = to }, ct))!;
            await db.Execute(Link, new { theirs.Id, From = booking.Id }, ct);
            await history.Add([new Act(theirs.Id, "Moves here", $"From {Show.Date(booking.StartsAt)}: reference {booking.Reference}"), Kept(booking, target.StartsAt)], ct);
            return new Answer(theirs.Id, "waiting", theirs.Reference, (await waitingList.Read(to, new HashSet<Guid>(), ct))?.Of(theirs.Id)?.Position);
        }

        static Act Kept(Row booking, DateTime other) => new(booking.Id, "Asked to move", $"To {Show.Date(other)}. The place is kept until there is one");
    }

    internal sealed class Reader(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } booking) return Outcome.NotFound;
            var person = await mediator.Send(new FindPeople([booking.PersonId]), cancellationToken) is [var found, ..] ? found.Name : "";
            var not = NotNow(booking, reach, clock.GetUtcNow().UtcDateTime);
            return new View(booking.Id, booking.SessionId, booking.PersonId, person, booking.Title, booking.StartsAt, Until(booking, reach), not,
                not is null ? await mediator.Send(new ListAlternatives.Query(booking.CourseId, booking.SessionId), cancellationToken) : []);
        }
    }

    static object Key(Db db, Guid id, Reach reach) => new { Id = id, All = reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };

    // Past the cut-off a place that is moved away stays as empty as one that is cancelled, and could be cancelled at the other date for nothing.
    static DateTime Until(Row booking, Reach reach) => reach.AsOfficer(booking.SessionAuthorityId, booking.AuthorityId) ? booking.StartsAt : booking.StartsAt.AddHours(-(booking.LateHours ?? ChangeRules.Default.LateHours));

    static string? NotNow(Row booking, Reach reach, DateTime now) =>
        booking.State == BookingState.Cancelled ? "This booking has been cancelled."
        : booking.State == BookingState.Waiting || booking.IsWalkIn ? "Only someone who is booked has a place to move."
        : booking.StartsAt <= now ? "The session has started, so the booking can no longer be moved."
        : booking.Attendance is not null ? "The register has been filled in for this booking."
        : Until(booking, reach) <= now ? $"Bookings could be moved until {Show.DateAndTime(Until(booking, reach))}. A colleague can take the place, or ask your local authority."
        : null;

    internal sealed record Body(Guid? SessionId, bool JoinList);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/bookings/{id:guid}/dates", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("ListDatesToMoveTo").WithSummary("To which other dates of its course a booking may be moved, until when, or why not now. Times are UTC.").Produces<View>().ProducesProblem(404)
            .Requires(TrainingPermissions.Book);
        api.MapPost("/bookings/{id:guid}/move", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.SessionId, body.JoinList), ct)).ToHttp())
            .WithName("MoveBooking").WithSummary("Moves a booking to another session of its course: moved; or, with joinList when that session has no free place, waiting there while the place here is kept.")
            .Produces<Answer>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(TrainingPermissions.Book);
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public Guid BookedBy { get; init; }
        public Guid? SettingId { get; init; }
        public Guid? AuthorityId { get; init; }
        public string? JobRole { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public bool IsWalkIn { get; init; }
        public Attendance? Attendance { get; init; }
        public DateTime StartsAt { get; init; }
        public Guid CourseId { get; init; }
        public Guid SessionAuthorityId { get; init; }
        public string Title { get; init; } = "";
        public int? LateHours { get; init; }
    }

    sealed record Theirs {
        public Guid Id { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
    }

    sealed record Target {
        public DateTime StartsAt { get; init; }
        public int WaitingTail { get; init; }
    }
}
