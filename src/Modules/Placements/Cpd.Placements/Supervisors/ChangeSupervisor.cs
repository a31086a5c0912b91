using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Supervisors;

/// <summary>
/// What a supervisor is in the programme: register, projects, students at once, or no longer there. An officer confirms that the number on the register has been
/// checked; another register or number has to be checked anew.
/// </summary>
internal static class ChangeSupervisor {
    /// <param name="Checked">The number has been looked up on the register; only officers say so.</param>
    internal sealed record Command(Guid Id, int Version, Register Register, string? RegisterNumber, bool Checked, int? Capacity, IReadOnlyList<Guid> ProjectIds, bool Ended) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Register).IsInEnum().WithMessage("Select a register");
            RuleFor(c => c.RegisterNumber).NotEmpty().When(c => c.Register != Register.None).WithMessage("Enter the number on the register").MaximumLength(30).WithMessage("The number on the register must be 30 characters or fewer");
            RuleFor(c => c.Capacity).NotNull().WithMessage("Enter how many students they look after at once").InclusiveBetween(1, 100).WithMessage("Students at once must be between 1 and 100");
            RuleFor(c => c.ProjectIds).NotEmpty().WithMessage("Select at least one project");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE placements_Supervisor
            SET Register = @Register, RegisterNumber = @RegisterNumber, CheckedOn = @CheckedOn, CheckedBy = CASE WHEN @Fresh = 1 THEN @By WHEN @CheckedOn IS NULL THEN NULL ELSE CheckedBy END, Capacity = @Capacity,
                EndedAt = CASE WHEN @Ended = 1 THEN COALESCE(EndedAt, @Now) END, Version = Version + 1
            WHERE Id = @Id AND Version = @Version
            """;
        const string CountLost = """
            SELECT COUNT(*) FROM placements_Slot t
            WHERE t.SupervisorId = @Id AND t.State = 'Published' AND t.StartsAt > @Now
              AND (@Ended = 1 OR (t.ProjectId IS NOT NULL AND NOT EXISTS (SELECT 1 FROM placements_SupervisorProject x WHERE x.SupervisorId = t.SupervisorId AND x.ProjectId = t.ProjectId)))
            """;
        // With those of other programmes, which take places at the same time.
        internal const string SelectAhead = """
            SELECT t.SupervisorId, t.OnDay, t.DayPart, t.StartsAt, t.EndsAt
            FROM placements_Supervisor own
            JOIN placements_Supervisor v ON v.PersonId = own.PersonId
            JOIN placements_Slot t ON t.SupervisorId = v.Id
            WHERE own.Id = @Id AND t.State = 'Published' AND t.StartsAt > @Now
            """;
        // Of other hosts' projects, which the user does not see, nothing changes.
        const string DeleteProjects = "DELETE FROM placements_SupervisorProject WHERE SupervisorId = @Id AND ProjectId IN @Seen";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenSupervisor.Query(request.Id), cancellationToken);
            if (opened.Refusal is { } refusal) return refusal;
            var before = opened.Value;
            if (request.ProjectIds.Except(before.Projects.Select(p => p.Id)).Any()) return Outcome.Invalid(nameof(request.ProjectIds), "Select at least one project");
            await db.Execute(Slots.Slot.Hold, new { before.ProgrammeId }, cancellationToken);
            var number = request.Register == Register.None ? null : request.RegisterNumber!.Trim();
            var same = before.Register == request.Register && before.RegisterNumber == number;
            var fresh = before.MayCheck && request.Checked && number is not null && !(same && before.CheckedOn is not null);
            DateOnly? checkedOn = fresh ? London.Today(clock) : same && (request.Checked || !before.MayCheck) ? before.CheckedOn : null;
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Update, new {
                request.Id, request.Version, Register = request.Register.ToString(), RegisterNumber = number, CheckedOn = checkedOn, Fresh = fresh, By = me.PersonId, request.Capacity, request.Ended, Now = now,
            }, cancellationToken) == 0) return Outcome.Conflict("Somebody else has changed this supervisor since you opened the page. Open it again to see their changes.");
            await db.Execute(DeleteProjects, new { request.Id, Seen = db.Ids(before.Projects.Select(p => p.Id)) }, cancellationToken);
            await db.Execute(AddSupervisor.Handler.InsertProject, request.ProjectIds.Distinct().Select(p => new { SupervisorId = request.Id, ProjectId = p }).ToList(), cancellationToken);
            if (await db.One<int>(CountLost, new { request.Id, request.Ended, Now = now }, cancellationToken) is > 0 and var lost)
                return Outcome.Conflict(Slots.Slot.InTheWay(lost, request.Ended ? $"with {before.Name}" : $"with {before.Name} in projects that are no longer ticked"));
            if (request.Capacity < before.Capacity && Slots.Slot.TooMany(await db.List<Slots.Slot.Time>(SelectAhead, new { request.Id, Now = now }, cancellationToken), t => t.SupervisorId == request.Id ? request.Capacity.Value : int.MaxValue) is > 0 and var crowded)
                return Outcome.Invalid(nameof(request.Capacity), Slots.Slot.InTheWay(crowded, "with more students at once than that"));
            return Outcome.Done;
        }
    }

    internal sealed record Body(int Version, Register Register, string? RegisterNumber, bool Checked, int? Capacity, IReadOnlyList<Guid>? ProjectIds, bool Ended);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/supervisors/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Version, body.Register, body.RegisterNumber, body.Checked, body.Capacity, body.ProjectIds ?? [], body.Ended), ct)).ToHttp())
        .WithName("ChangePlacementSupervisor").WithSummary("What a supervisor is in a programme: register, number, students at once, projects, or no longer there. Only an officer says that the number is checked.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.AnswerForHost);
}
