using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>Some months after a session whoever attended says, once, whether it has changed their practice, and how. The figure is kept here; the words go into their CPD record.</summary>
internal static class AnswerImpact {
    /// <param name="Token">From a message; without one it is the sender's own booking.</param>
    internal sealed record Command(Guid BookingId, bool? Changed, string? Words, string? Token = null) : IRequest<Outcome<Done>>, IWrite;

    /// <param name="Token">From a message.</param>
    internal sealed record Query(string Token) : IRequest<Outcome<View>>;

    internal sealed record View {
        public Guid BookingId { get; init; }
        public Guid PersonId { get; init; }
        public string CourseTitle { get; init; } = "";
        public DateTime StartsAt { get; init; }
        /// <summary>UTC; null when this person is not asked.</summary>
        public DateTime? ImpactAt { get; init; }
        public DateTime? ImpactAnsweredAt { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Changed).NotNull().WithMessage("Select whether something has changed");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Changed == true, ApplyConditionTo.CurrentValidator).WithMessage("Write what has changed").MaximumLength(GivenAnswers.Longest).WithMessage("What has changed must be 2,000 characters or fewer");
        }
    }

    const string Select = """
        SELECT e.BookingId, e.PersonId, c.Title AS CourseTitle, s.StartsAt, e.ImpactAt, e.ImpactAnsweredAt
        FROM training_Evaluation e
        JOIN training_Session s ON s.Id = e.SessionId
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE e.BookingId = @BookingId AND e.WithdrawnAt IS NULL AND (@ByLink = 1 OR e.PersonId = @Me)
        """;

    internal sealed class Reader(Db db, ImpactToken tokens) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<View>(Select, new { BookingId = tokens.Read(request.Token) ?? Guid.Empty, ByLink = 1, Me = Guid.Empty }, cancellationToken) is { } found ? found : Outcome.NotFound;
    }

    internal sealed class Handler(Db db, Outbox outbox, ImpactToken tokens, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Claim = """
            UPDATE training_Evaluation SET ImpactAnsweredAt = @Now, ImpactChanged = @Changed
            WHERE BookingId = @BookingId AND PersonId = @PersonId AND ImpactAnsweredAt IS NULL AND WithdrawnAt IS NULL
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var byLink = request.Token is not null;
            var key = new { BookingId = byLink ? tokens.Read(request.Token!) ?? Guid.Empty : request.BookingId, ByLink = byLink ? 1 : 0, Me = me.PersonId };
            if (await db.One<View>(Select, key, cancellationToken) is not { } asked) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (asked.ImpactAt is not { } from) return Outcome.Conflict("You are not asked what this session has changed. You can write it into your CPD record yourself.");
            if (from > now) return Outcome.Conflict($"You can say what has changed from {Show.Date(from)}.");
            if (await db.Execute(Claim, new { asked.BookingId, asked.PersonId, request.Changed, Now = now }, cancellationToken) == 0) return Outcome.Conflict("You have answered already. You can add to it in your CPD record.");
            await outbox.Add(new ImpactDescribed(asked.BookingId, asked.PersonId, request.Changed!.Value, request.Words?.Trim() ?? "", now), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(bool? Changed, string? Words);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id:guid}/impact", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Changed, body.Words), ct)).ToHttp(_ => Results.NoContent()))
        .WithName("AnswerImpact").WithSummary("Says, some months after a session that you attended, whether it has changed your practice, and how. Once. The words become a reflection of your CPD record.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.Book);
}
