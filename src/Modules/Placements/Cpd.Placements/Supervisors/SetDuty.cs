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

/// <summary>When a supervisor is on duty, or is not after all: from a day to a day, on these weekdays, in these parts of the day. While students are expected duty can't be taken away.</summary>
internal static class SetDuty {
    internal const int MostDays = 400;

    /// <param name="Weekdays">From 1 for Monday to 7.</param>
    /// <param name="DayParts">Their numbers in the programme.</param>
    internal sealed record Command(Guid SupervisorId, DateOnly? From, DateOnly? To, IReadOnlyList<int> Weekdays, IReadOnlyList<int> DayParts, bool OnDuty) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.From).NotNull().WithMessage("Enter the first day");
            RuleFor(c => c.To).Cascade(CascadeMode.Stop).NotNull().WithMessage("Enter the last day")
                .Must((c, to) => c.From is null || to >= c.From).WithMessage("The last day must be the same as or after the first day")
                .Must((c, to) => c.From is null || to!.Value.DayNumber - c.From.Value.DayNumber < MostDays).WithMessage($"Enter at most {MostDays} days at once");
            RuleFor(c => c.Weekdays).Must(d => d.Count > 0 && d.All(n => n is >= 1 and <= 7)).WithMessage("Select the days of the week");
            RuleFor(c => c.DayParts).NotEmpty().WithMessage("Select the parts of the day");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator) : IRequestHandler<Command, Outcome<int>> {
        const string Insert = """
            INSERT INTO placements_Duty (SupervisorId, OnDay, DayPart)
            SELECT @SupervisorId, @OnDay, @DayPart
            WHERE NOT EXISTS (SELECT 1 FROM placements_Duty WHERE SupervisorId = @SupervisorId AND OnDay = @OnDay AND DayPart = @DayPart)
            """;
        const string Delete = "DELETE FROM placements_Duty WHERE SupervisorId = @SupervisorId AND OnDay = @OnDay AND DayPart = @DayPart";
        const string CountLost = """
            SELECT COUNT(*) FROM placements_Slot s
            WHERE s.SupervisorId = @SupervisorId AND s.State = 'Published' AND s.DayPart IS NOT NULL AND s.OnDay >= @From AND s.OnDay <= @To
              AND NOT EXISTS (SELECT 1 FROM placements_Duty d WHERE d.SupervisorId = s.SupervisorId AND d.OnDay = s.OnDay AND d.DayPart = s.DayPart)
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenSupervisor.Query(request.SupervisorId), cancellationToken);
            if (opened.Refusal is { } refusal) return refusal;
            if (request.DayParts.Except(opened.Value.Parts.Select(p => p.Number)).Any()) return Outcome.Invalid(nameof(request.DayParts), "Select the parts of the day");
            await db.Execute(Slots.Slot.Hold, new { opened.Value.ProgrammeId }, cancellationToken);
            var rows = (from offset in Enumerable.Range(0, request.To!.Value.DayNumber - request.From!.Value.DayNumber + 1)
                        let day = request.From.Value.AddDays(offset)
                        where request.Weekdays.Contains(Words.Weekday(day))
                        from part in request.DayParts.Distinct()
                        select new { request.SupervisorId, OnDay = day, DayPart = part }).ToList();
            if (rows.Count == 0) return Outcome.Invalid(nameof(request.Weekdays), "None of these days of the week lies between the first and the last day");
            var changed = await db.Execute(request.OnDuty ? Insert : Delete, rows, cancellationToken);
            if (!request.OnDuty && await db.One<int>(CountLost, request, cancellationToken) is > 0 and var lost)
                return Outcome.Conflict(Slots.Slot.InTheWay(lost, $"on days on which {opened.Value.Name} would not be there"));
            return changed;
        }
    }

    internal sealed record Body(DateOnly? From, DateOnly? To, IReadOnlyList<int>? Weekdays, IReadOnlyList<int>? DayParts, bool OnDuty);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/supervisors/{id:guid}/duty", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.From, body.To, body.Weekdays ?? [], body.DayParts ?? [], body.OnDuty), ct)).ToHttp(_ => Results.NoContent()))
        .WithName("SetPlacementDuty").WithSummary("Puts a supervisor on duty, or takes the duty away: from a day to a day, on weekdays from 1 for Monday, in parts of the day by their numbers.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.AnswerForHost);
}
