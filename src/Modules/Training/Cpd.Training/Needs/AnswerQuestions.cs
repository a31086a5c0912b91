using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Needs;

/// <summary>
/// Someone answers what the organiser of a session asks of them, and may let the service remember it. Whoever booked them may answer for
/// them, but never reads what has been answered.
/// </summary>
internal static class AnswerQuestions {
    /// <param name="Answers">Of those asked. Empty: nothing, if one answers for oneself; left as it was, if for somebody else.</param>
    /// <param name="Remember">For later sessions that ask the same. Only of one's own answers.</param>
    internal sealed record Command(Guid BookingId, IReadOnlyList<Need>? Answers, bool Remember) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query(Guid BookingId) : IRequest<Outcome<View>>;

    /// <param name="Done">All has been answered, for this session or to be remembered.</param>
    internal sealed record View(Guid BookingId, Guid SessionId, string PersonName, bool IsMine, string CourseTitle, DateTime StartsAt, IReadOnlyList<Question> Questions, bool Done);

    /// <param name="Answer">One's own; null for somebody else's, and where there is none.</param>
    internal sealed record Question(NeedKind Kind, string Words, string? Answer);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Answers).Must(a => a is null || a.Select(x => x.Kind).Distinct().Count() == a.Count).WithMessage("Answer each question once");
            RuleForEach(c => c.Answers).ChildRules(a => a.RuleFor(x => x.Answer).MaximumLength(500).WithMessage("The answer must be 500 characters or fewer"));
        }
    }

    const string SelectBooking = """
        SELECT b.Id, b.SessionId, b.PersonId, b.State, s.StartsAt, s.EndsAt, c.Title
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE b.Id = @Id AND (@All = 1 OR b.PersonId = @Self OR b.SettingId IN @Settings OR b.AuthorityId IN @Authorities OR s.AuthorityId IN @Authorities)
        """;
    const string SelectQuestions = """
        SELECT q.Kind, q.Question, a.Answer, n.Answer AS Remembered
        FROM training_SessionQuestion q
        LEFT JOIN training_BookingAnswer a ON a.BookingId = @Id AND a.Kind = q.Kind
        LEFT JOIN training_PersonNeed n ON n.PersonId = @PersonId AND n.Kind = q.Kind
        WHERE q.SessionId = @SessionId
        ORDER BY q.Kind
        """;

    internal sealed class Handler(Db db, IMediator mediator, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>>, IRequestHandler<Query, Outcome<View>> {
        const string Touch = "UPDATE training_Booking SET PersonId = PersonId WHERE Id = @Id AND PersonId = @PersonId AND CancelledAt IS NULL";
        const string Update = "UPDATE training_BookingAnswer SET Answer = @Answer, AnsweredAt = @Now, AnsweredBy = @Me WHERE BookingId = @Id AND Kind = @Kind";
        const string Insert = """
            INSERT INTO training_BookingAnswer (BookingId, Kind, Answer, AnsweredAt, AnsweredBy)
            SELECT @Id, @Kind, @Answer, @Now, @Me WHERE NOT EXISTS (SELECT 1 FROM training_BookingAnswer WHERE BookingId = @Id AND Kind = @Kind)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Booking(request.BookingId, cancellationToken) is not { } booking) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            // The booking's row is the lock, and it says that the place is still this person's.
            if (await db.Execute(Touch, new { booking.Id, booking.PersonId }, cancellationToken) == 0 || booking.EndsAt <= now) return Outcome.Conflict("The booking has been cancelled, or the session is over, so there is nothing to answer.");
            var asked = (await db.List<Asked>(SelectQuestions, new { booking.Id, booking.PersonId, booking.SessionId }, cancellationToken)).Select(q => q.Kind).ToHashSet();
            var mine = booking.PersonId == me.PersonId;
            var answers = (request.Answers ?? []).Where(a => asked.Contains(a.Kind) && (mine || !string.IsNullOrWhiteSpace(a.Answer))).Select(a => new Need(a.Kind, (a.Answer ?? "").Trim())).ToList();
            foreach (var statement in new[] { Update, Insert })
                await db.Execute(statement, answers.Select(a => new { booking.Id, Kind = a.Kind.ToString(), a.Answer, Now = now, Me = me.PersonId }).ToList(), cancellationToken);
            if (answers.Count > 0) await history.Add([new Act(booking.Id, "Questions answered")], cancellationToken);
            if (mine && request.Remember) return await mediator.Send(new KeepMyNeeds.Command([.. answers.Where(a => NeedWording.Remembered.Contains(a.Kind))]), cancellationToken);
            return Outcome.Done;
        }

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await Booking(request.BookingId, cancellationToken) is not { } booking) return Outcome.NotFound;
            var asked = booking.State == BookingState.Cancelled || booking.EndsAt <= clock.GetUtcNow().UtcDateTime ? []
                : await db.List<Asked>(SelectQuestions, new { booking.Id, booking.PersonId, booking.SessionId }, cancellationToken);
            var name = await mediator.Send(new FindPeople([booking.PersonId]), cancellationToken) is [var person, ..] ? person.Name : "";
            var mine = booking.PersonId == me.PersonId;
            return new View(booking.Id, booking.SessionId, name, mine, booking.Title, booking.StartsAt, [.. asked.OrderBy(q => q.Kind).Select(q => new Question(q.Kind, q.Question, mine ? q.Answer ?? q.Remembered : null))],
                asked.All(q => q.Answer is not null || q.Remembered is not null));
        }

        Task<Row?> Booking(Guid id, CancellationToken ct) {
            var reach = me.Reach(TrainingPermissions.Book);
            return db.One<Row>(SelectBooking, new { Id = id, All = reach.All ? 1 : 0, Self = reach.Self ?? Guid.Empty, Settings = db.Ids(reach.Settings), Authorities = db.Ids(reach.Authorities) }, ct);
        }
    }

    internal sealed record Body(IReadOnlyList<Need>? Answers, bool Remember);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/bookings/{id:guid}/questions", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("SeeQuestions").WithSummary("What the organiser of a session asks of someone who is booked; answers are shown to the person alone. Times are UTC.").Produces<View>().ProducesProblem(404)
            .Requires(TrainingPermissions.Book);
        api.MapPut("/bookings/{id:guid}/questions", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Answers, body.Remember), ct)).ToHttp())
            .WithName("AnswerQuestions").WithSummary("Answers what the organiser of a session asks; with remember, your own answers are used for later sessions too.")
            .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(TrainingPermissions.Book);
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid SessionId { get; init; }
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Title { get; init; } = "";
    }

    sealed record Asked {
        public NeedKind Kind { get; init; }
        public string Question { get; init; } = "";
        public string? Answer { get; init; }
        public string? Remembered { get; init; }
    }
}
