using Cpd.Placements.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>
/// What a supervisor, or an officer, says of one slot: the student came, or did not and why; it is called off; the hours are returned to be mended. Hours that were signed are
/// taken back by returning them: the CPD record follows. What the student had logged of a slot that did not take place is given back to their allowance.
/// </summary>
internal static class ChangeSlot {
    internal enum Change { Attended, Missed, Cancelled, Returned }

    internal sealed record Command(Guid Id, int Version, Change? What, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.What).NotNull().WithMessage("Select what happened").IsInEnum().WithMessage("Select what happened");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.What is not null and not Change.Attended).WithMessage("Say why").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, SlotNews news, HourReminders reminders, Ledger ledger, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Attend = "UPDATE placements_Slot SET State = 'Attended', Reason = NULL, Version = Version + 1 WHERE Id = @Id AND Version = @Version AND State IN ('Published', 'Missed') AND NOT EXISTS (SELECT 1 FROM placements_Slot g WHERE g.RescheduledFrom = placements_Slot.Id AND g.State IN ('Published', 'Attended'))";
        const string Undo = """
            UPDATE placements_Slot SET State = @State, Reason = @Reason, Hours = 'None', LoggedMinutes = NULL, LoggedAt = NULL, Returned = NULL, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND Hours <> 'Signed' AND State IN ('Published', 'Attended')
            """;
        const string Return = "UPDATE placements_Slot SET Hours = 'Returned', Returned = @Reason, Version = Version + 1 WHERE Id = @Id AND Version = @Version AND Hours = 'Logged'";
        const string TakeBack = """
            UPDATE placements_Slot SET Hours = 'Returned', Returned = @Reason, SignedAt = NULL, SignedBy = NULL, Revision = Revision + 1, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND Hours = 'Signed'
            """;
        const string Uninduct = "UPDATE placements_Student SET InductedOn = NULL WHERE Id = @StudentId AND NOT EXISTS (SELECT 1 FROM placements_Slot t WHERE t.StudentId = placements_Student.Id AND t.Kind = 'Induction' AND t.State = 'Attended')";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenSlot.Query(request.Id), cancellationToken);
            if (opened.Refusal is { } refusal) return refusal;
            var (view, slot) = (opened.Value, opened.Value.Slot);
            var now = clock.GetUtcNow().UtcDateTime;
            var key = new { request.Id, request.Version, Reason = (request.Reason ?? "").Trim(), slot.StudentId, Kind = slot.Kind.ToString(), view.OnDay };
            switch (request.What!.Value) {
                case Change.Attended:
                    if (slot.StartsAt > now) return Outcome.Conflict($"It begins only on {Show.DateAndTime(slot.StartsAt)}.");
                    if (view.IsMadeGood) return Outcome.Conflict("Another time has been planned for this slot. Call that off first.");
                    // Nothing is claimed, but the gate is the same.
                    if (await db.Execute(Slot.ClaimMinutes, new { slot.StudentId, key.Kind, Delta = 0 }, cancellationToken) == 0)
                        return Outcome.Conflict((await db.One<Slot.Gate>(Slot.SelectGate, key, cancellationToken))!.Words(slot.Kind, 0));
                    try {
                        if (await db.Execute(Attend, key, cancellationToken) == 0) return Changed;
                    } catch (Exception e) when (db.IsUniqueViolation(e)) {
                        return Outcome.Conflict("The student is somewhere else at that time.");
                    }
                    if (slot.Kind == SlotKind.Induction) await db.Execute(Slot.SetInducted, key, cancellationToken);
                    return Outcome.Done;
                case Change.Missed or Change.Cancelled:
                    if (request.What == Change.Missed && slot.StartsAt > now) return Outcome.Conflict($"It begins only on {Show.DateAndTime(slot.StartsAt)}. If the student can't come, call it off.");
                    if (slot.Hours == HoursState.Signed) return Outcome.Conflict("The hours are signed off. Return them first.");
                    if (slot.LoggedMinutes is > 0 and var logged) await db.Execute(Release, new { slot.StudentId, Minutes = logged }, cancellationToken);
                    if (await db.Execute(Undo, new { key.Id, key.Version, key.Reason, State = request.What == Change.Missed ? nameof(SlotState.Missed) : nameof(SlotState.Cancelled) }, cancellationToken) == 0) return Changed;
                    if (slot.Kind == SlotKind.Induction) await db.Execute(Uninduct, key, cancellationToken);
                    if (request.What == Change.Cancelled) await news.Tell([request.Id], cancellationToken);
                    return Outcome.Done;
                default:
                    var signed = slot.Hours == HoursState.Signed;
                    if (await db.Execute(signed ? TakeBack : Return, key, cancellationToken) == 0) return Changed;
                    if (signed) await ledger.Tell([request.Id], cancellationToken);
                    await reminders.PlanToLog(slot.StudentId, view.AuthorityId, now, cancellationToken);
                    return Outcome.Done;
            }
        }

        const string Release = "UPDATE placements_Student SET MinutesLogged = MinutesLogged - @Minutes WHERE Id = @StudentId AND MinutesLogged >= @Minutes";

        static Refusal Changed => Outcome.Conflict("This slot has been changed since you opened it. Open it again to see how it stands.");
    }

    internal sealed record Body(int Version, Change? What, string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/slots/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version, body.What, body.Reason), ct)).ToHttp())
        .WithName("ChangePlacementSlot").WithSummary("Says of a slot that you supervise or plan that the student attended or missed it, that it is cancelled, or that its hours are returned (signed ones are taken back).")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SignHours);
}
