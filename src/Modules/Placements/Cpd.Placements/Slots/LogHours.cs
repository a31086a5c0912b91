using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Placements.Reminders;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>
/// A student writes how long they were there and what they made of it; the supervisor then signs it off or returns it. Never more than the slot, nor in all more than
/// the placement has; and nothing but the induction before the induction and the entry checks.
/// </summary>
internal static class LogHours {
    internal sealed record Command(Guid SlotId, int Version, int? Minutes, string? Reflection) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Minutes).NotNull().WithMessage("Enter the minutes").GreaterThan(0).WithMessage("The minutes must be 1 or more");
            RuleFor(c => c.Reflection).NotEmpty().WithMessage("Write what you did and what you learnt").MaximumLength(4000).WithMessage("What you write must be 4,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, HourReminders reminders, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT t.StudentId, t.SupervisorId, t.Kind, t.Minutes, t.StartsAt, t.State, t.Hours, t.LoggedMinutes, p.AuthorityId
            FROM placements_Slot t
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            WHERE t.Id = @SlotId AND s.PersonId = @Me AND t.State <> 'Draft'
            """;
        const string Update = """
            UPDATE placements_Slot SET Hours = 'Logged', LoggedMinutes = @Minutes, Reflection = @Reflection, LoggedAt = @Now, Returned = NULL, Version = Version + 1
            WHERE Id = @SlotId AND Version = @Version AND State IN ('Published', 'Attended') AND Hours <> 'Signed'
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, new { request.SlotId, Me = me.Reach(PlacementsPermissions.LogHours).Self ?? Guid.Empty }, cancellationToken) is not { } slot) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (slot.Hours == HoursState.Signed) return Outcome.Conflict("These hours are signed off. If something is wrong, ask your supervisor to return them.");
            if (slot.State is SlotState.Missed or SlotState.Cancelled) return Outcome.Conflict("Nothing can be logged here: you were not there, or it was cancelled.");
            if (slot.StartsAt > now) return Outcome.Conflict($"You can log these hours from {Show.DateAndTime(slot.StartsAt)}.");
            if (request.Minutes > slot.Minutes) return Outcome.Invalid(nameof(request.Minutes), $"The minutes must be {slot.Minutes} or fewer");
            var claim = new { slot.StudentId, Kind = slot.Kind.ToString(), Delta = request.Minutes!.Value - (slot.LoggedMinutes ?? 0) };
            if (await db.Execute(Slot.ClaimMinutes, claim, cancellationToken) == 0)
                return Outcome.Conflict((await db.One<Slot.Gate>(Slot.SelectGate, claim, cancellationToken))!.Words(slot.Kind, claim.Delta));
            if (await db.Execute(Update, new { request.SlotId, request.Version, request.Minutes, Reflection = request.Reflection!.Trim(), Now = now }, cancellationToken) == 0)
                return Outcome.Conflict("This slot has been changed since you opened it. Open it again to see how it stands.");
            await reminders.PlanToSign(slot.SupervisorId, slot.AuthorityId, cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public Guid StudentId { get; init; }
            public Guid SupervisorId { get; init; }
            public Guid AuthorityId { get; init; }
            public SlotKind Kind { get; init; }
            public int Minutes { get; init; }
            public DateTime StartsAt { get; init; }
            public SlotState State { get; init; }
            public HoursState Hours { get; init; }
            public int? LoggedMinutes { get; init; }
        }
    }

    internal sealed record Body(int Version, int? Minutes, string? Reflection);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/slots/{id:guid}/hours", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version, body.Minutes, body.Reflection), ct)).ToHttp())
        .WithName("LogPlacementHours").WithSummary("Logs the minutes of one of your own slots with a reflection, for the supervisor to sign off.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.LogHours);
}
