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

namespace Cpd.Placements.Cohorts;

/// <summary>A student leaves a cohort: what lies ahead is called off and everyone told; what was worked stays.</summary>
internal static class WithdrawStudent {
    internal sealed record Command(Guid StudentId, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Say why the student leaves").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, CurrentUser me, SlotNews news, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT s.Id FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @StudentId AND {Within.Cohorts}
            """;
        const string Update = "UPDATE placements_Student SET State = 'Withdrawn', Version = Version + 1 WHERE Id = @StudentId AND State = 'Active'";
        const string SelectAhead = "SELECT Id FROM placements_Slot WHERE StudentId = @StudentId AND State = 'Published' AND StartsAt > @Now";
        const string Cancel = "UPDATE placements_Slot SET State = 'Cancelled', Reason = @Reason, Version = Version + 1 WHERE StudentId = @StudentId AND State = 'Published' AND StartsAt > @Now";
        const string DropDrafts = "DELETE FROM placements_Slot WHERE StudentId = @StudentId AND State = 'Draft'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), new { request.StudentId }), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Update, request, cancellationToken) == 0) return Outcome.Conflict("The student has left already.");
            var args = new { request.StudentId, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime };
            var ahead = await db.List<Guid>(SelectAhead, args, cancellationToken);
            await db.Execute(Cancel, args, cancellationToken);
            await db.Execute(DropDrafts, args, cancellationToken);
            await news.Tell(ahead, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/students/{id:guid}/withdrawal", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reason), ct)).ToHttp())
        .WithName("WithdrawPlacementStudent").WithSummary("A student whom you send leaves the cohort, with a reason: the slots ahead are called off and everyone is told; what was worked stays.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SendStudents);
}
