using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Changes;

/// <summary>
/// A colleague of the same setting takes over a booked place, until the authority's cut-off or until the session starts. The booking stays,
/// with its reference and history; both are told, and nothing is charged. If the colleague waited for the session, that entry ends.
/// </summary>
internal static class SubstitutePerson {
    /// <param name="InsteadOf">Whose place it is as far as the asker knows: of two who hand over the same place at once, one is told that it is somebody else's now.</param>
    internal sealed record Command(Guid Id, Guid? PersonId, Guid? InsteadOf) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="NotNow">Why the place can't be handed over by the one who asks; null when it can.</param>
    /// <param name="Until">Until when it can.</param>
    /// <param name="Colleagues">Who works at the setting today, by name.</param>
    internal sealed record View(Guid Id, Guid SessionId, Guid PersonId, string PersonName, string CourseTitle, DateTime StartsAt, DateTime Until, string? NotNow, IReadOnlyList<Colleague> Colleagues);

    /// <param name="Booked">Their own booking at the session, if they have one.</param>
    internal sealed record Colleague(Guid PersonId, string Name, JobRole JobRole, BookingState? Booked);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.PersonId).NotNull().WithMessage("Select who takes the place").NotEqual(c => c.InsteadOf).WithMessage("Select somebody else");
            RuleFor(c => c.InsteadOf).NotNull().WithMessage("Say whose place it is");
        }
    }

    const string Select = """
        SELECT b.Id, b.SessionId, b.PersonId, b.BookedBy, b.SettingId, b.AuthorityId, b.JobRole, b.State, b.Reference, b.IsWalkIn, b.Attendance,
            s.StartsAt, s.AuthorityId AS SessionAuthorityId, c.Title, r.SubstituteHours, r.SelfSubstitutes
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        LEFT JOIN training_ChangeRule r ON r.AuthorityId = s.AuthorityId
        WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
        """;

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, WaitingList waitingList, Mailbox mailbox, BookingMails mails, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectTheirs = """
            SELECT b.Id, b.State, b.Reference, h.Id AS HoldId
            FROM training_Booking b
            LEFT JOIN training_Hold h ON h.BookingId = b.Id AND h.EndedAt IS NULL
            WHERE b.SessionId = @SessionId AND b.PersonId = @PersonId AND b.CancelledAt IS NULL
            """;
        const string EndTheirs = """
            UPDATE training_Booking SET State = 'Cancelled', CancelledAt = @Now, CancelledBy = @Me, CancelReason = 'Took over a colleague''s place', WaitingNumber = NULL
            WHERE Id = @Id AND State = 'Waiting'
            """;
        const string Count = "UPDATE training_Session SET PlacesTaken = PlacesTaken - @Taken, WaitingCount = WaitingCount - 1 WHERE Id = @SessionId";
        const string HandOver = "UPDATE training_Booking SET PersonId = @PersonId, JobRole = @JobRole WHERE Id = @Id AND PersonId = @InsteadOf AND State = 'Booked'";
        // What the one before needs is nobody's business any more.
        const string ForgetAnswers = "DELETE FROM training_BookingAnswer WHERE BookingId = @Id";
        // Who waits elsewhere to move from this place has none to give up any more.
        const string Unlink = "UPDATE training_Booking SET MovesFrom = NULL WHERE MovesFrom = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } seen) return Outcome.NotFound;
            await allotment.Lock(seen.SessionId, cancellationToken);
            // What was read before the lock may be gone; even whose booking it is, and with that whether the asker may see it.
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } booking) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (NotNow(booking, reach, now) is { } sentence) return Outcome.Conflict(sentence);
            var (from, to) = (request.InsteadOf!.Value, request.PersonId!.Value);
            var names = (await mediator.Send(new FindPeople([booking.PersonId, from, to]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            if (booking.PersonId != from) return Outcome.Conflict($"Somebody else has handed this place over meanwhile: it is now {names.GetValueOrDefault(booking.PersonId, "somebody else")}'s. Open the booking again.");
            var at = (await mediator.Send(new FindStaff([to], London.Today(clock)), cancellationToken)).FirstOrDefault(p => p.SettingId == booking.SettingId);
            if (at is null) return Outcome.Invalid(nameof(request.PersonId), "Select somebody who works at the same setting");

            var theirs = await db.One<Theirs>(SelectTheirs, new { booking.SessionId, PersonId = to }, cancellationToken);
            if (theirs?.State == BookingState.Booked) return Outcome.Invalid(nameof(request.PersonId), $"{at.Name} is already booked: reference {theirs.Reference}");
            if (theirs is not null) {
                await allotment.EndHold([theirs.Id], "Ended", cancellationToken);
                await db.Execute(EndTheirs, new { theirs.Id, Now = now, Me = me.PersonId }, cancellationToken);
                await db.Execute(Count, new { booking.SessionId, Taken = theirs.HoldId is null ? 0 : 1 }, cancellationToken);
                await history.Add([new Act(theirs.Id, "Left waiting list", "Took over a colleague's place")], cancellationToken);
            }
            var role = at.JobRole.ToString();
            if (role != booking.JobRole && await Reached(booking, at.JobRole, cancellationToken) is { } limit)
                return Outcome.Conflict($"The setting has its {Show.Count(limit.Most, "place")} for the role {Wording.Of(at.JobRole)} already, so {at.Name} can't take this one.");
            if (await db.Execute(HandOver, new { request.Id, PersonId = to, JobRole = role, InsteadOf = from }, cancellationToken) == 0) throw new InvalidOperationException("A booking changed under the lock of its session.");
            await db.Execute(Unlink, new { request.Id }, cancellationToken);
            await db.Execute(ForgetAnswers, new { request.Id }, cancellationToken);
            await history.Add([new Act(request.Id, "Taken over", $"Instead of {names.GetValueOrDefault(from, "")}", from)], cancellationToken);
            var change = Ids.New(clock);
            var told = new BookingMails.Booked { Id = booking.Id, PersonId = to, Reference = booking.Reference, Otherwise = booking.BookedBy };
            await mailbox.Add(await mails.HandedOver(change, booking.SessionId, told with { PersonId = from }, at.Name, cancellationToken), cancellationToken);
            await mailbox.Add(await mails.TakenOver(change, booking.SessionId, told, names.GetValueOrDefault(from, ""), cancellationToken), cancellationToken);
            await allotment.Settle(booking.SessionId, "A colleague took over a place", null, cancellationToken);
            return Outcome.Done;
        }

        /// <summary>The limit of the colleague's own role, if the setting has reached it. That of all roles is not touched: the place stays the setting's.</summary>
        async Task<PlaceLimit?> Reached(Row booking, JobRole role, CancellationToken ct) {
            var list = (await waitingList.Read(booking.SessionId, new HashSet<Guid>(), ct))!;
            return list.Rules.Limits.FirstOrDefault(l => l.JobRole == role && list.Tally.Of(booking.SettingId!.Value, role) >= l.Most);
        }
    }

    internal sealed class Reader(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectLive = "SELECT PersonId, State FROM training_Booking WHERE SessionId = @SessionId AND PersonId IN @People AND CancelledAt IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            if (await db.One<Row>(Select, Key(db, request.Id, reach), cancellationToken) is not { } booking) return Outcome.NotFound;
            var person = await mediator.Send(new FindPeople([booking.PersonId]), cancellationToken) is [var found, ..] ? found.Name : "";
            var not = NotNow(booking, reach, clock.GetUtcNow().UtcDateTime);
            var today = London.Today(clock);
            var staff = not is not null ? [] : (await mediator.Send(new ListStaff([booking.SettingId!.Value], today, today), cancellationToken)).Where(s => s.PersonId != booking.PersonId).DistinctBy(s => s.PersonId).Take(500).ToList();
            var live = staff.Count == 0 ? [] : (await db.List<Live>(SelectLive, new { booking.SessionId, People = db.Ids(staff.Select(s => s.PersonId)) }, cancellationToken)).ToDictionary(l => l.PersonId, l => l.State);
            return new View(booking.Id, booking.SessionId, booking.PersonId, person, booking.Title, booking.StartsAt, Until(booking, reach), not,
                [.. staff.Select(s => new Colleague(s.PersonId, s.Name, s.JobRole, live.TryGetValue(s.PersonId, out var state) ? state : null))]);
        }
    }

    static object Key(Db db, Guid id, Reach reach) => new { Id = id, All = reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) };

    /// <summary>An officer stands at the door and hands places over until the session starts.</summary>
    static DateTime Until(Row booking, Reach reach) => reach.AsOfficer(booking.SessionAuthorityId, booking.AuthorityId) ? booking.StartsAt : booking.StartsAt.AddHours(-(booking.SubstituteHours ?? ChangeRules.Default.SubstituteHours));

    static string? NotNow(Row booking, Reach reach, DateTime now) =>
        booking.State == BookingState.Cancelled ? "This booking has been cancelled."
        : booking.State == BookingState.Waiting || booking.IsWalkIn ? "Only someone who is booked has a place to hand over."
        : booking.StartsAt <= now ? "The session has started, so the place can no longer be handed over."
        : booking.Attendance is not null ? "The register has been filled in for this booking."
        : booking.SettingId is null ? "This booking belongs to no setting, so there is no colleague to take it over."
        : !reach.AsOfficer(booking.SessionAuthorityId, booking.AuthorityId) && !reach.AsManager(booking.SettingId) && !(booking.SelfSubstitutes ?? ChangeRules.Default.SelfSubstitutes) ? "Ask your manager, or your local authority, to let a colleague take your place."
        : Until(booking, reach) <= now ? $"Places could be handed over until {Show.DateAndTime(Until(booking, reach))}. Ask your local authority."
        : null;

    internal sealed record Body(Guid? PersonId, Guid? InsteadOf);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/bookings/{id:guid}/substitutes", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("ListSubstitutes").WithSummary("Which colleagues may take over a booked place, until when, or why not now. Times are UTC.").Produces<View>().ProducesProblem(404)
            .Requires(TrainingPermissions.Book);
        api.MapPost("/bookings/{id:guid}/substitute", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonId, body.InsteadOf), ct)).ToHttp())
            .WithName("SubstitutePerson").WithSummary("Hands a booked place to a colleague of the same setting (personId), instead of whose it is as far as you know (insteadOf).")
            .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
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
        public Guid SessionAuthorityId { get; init; }
        public string Title { get; init; } = "";
        public int? SubstituteHours { get; init; }
        public bool? SelfSubstitutes { get; init; }
    }

    sealed record Theirs {
        public Guid Id { get; init; }
        public BookingState State { get; init; }
        public string Reference { get; init; } = "";
        public Guid? HoldId { get; init; }
    }

    sealed record Live {
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
    }
}
