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

/// <summary>
/// When a student is there, and their number, changed by whoever sends them; how many hours they complete, only by whoever plans the programme. Never less than is logged, and no slot ahead is left
/// outside.
/// </summary>
internal static class ChangeStudent {
    /// <param name="Hours">As they are when null.</param>
    internal sealed record Command(Guid Id, int Version, string? Reference, DateOnly? StartsOn, DateOnly? EndsOn, int? Hours) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Reference).MaximumLength(50).WithMessage("The student number must be 50 characters or fewer");
            RuleFor(c => c.StartsOn).NotNull().WithMessage("Enter the first day");
            RuleFor(c => c.EndsOn).NotNull().WithMessage("Enter the last day").Must((c, end) => end is null || c.StartsOn is null || end >= c.StartsOn).WithMessage("The last day must be the same as or after the first day");
            RuleFor(c => c.Hours).InclusiveBetween(1, 2300).WithMessage("The hours must be between 1 and 2,300");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT s.CohortId, c.Version, c.ProgrammeId, p.AuthorityId, c.StartsOn, c.EndsOn, s.MinutesLogged, s.MinutesAllowed
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @Id AND s.State = 'Active' AND {Within.Cohorts}
            """;
        // What has been logged meanwhile counts: the row itself refuses to allow less.
        const string Update = """
            UPDATE placements_Student SET Reference = @Reference, StartsOn = @StartsOn, EndsOn = @EndsOn, MinutesAllowed = @Minutes, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND State = 'Active' AND MinutesLogged <= @Minutes
            """;
        const string CountOutside = "SELECT COUNT(*) FROM placements_Slot WHERE StudentId = @Id AND State = 'Published' AND StartsAt > @Now AND (OnDay < @StartsOn OR OnDay > @EndsOn)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), new { request.Id }), cancellationToken) is not { } student) return Outcome.NotFound;
            if (request.StartsOn < student.StartsOn || request.StartsOn > student.EndsOn) return Outcome.Invalid(nameof(request.StartsOn), $"The first day must be in the days of the cohort, {Show.Date(student.StartsOn)} to {Show.Date(student.EndsOn)}");
            if (request.EndsOn > student.EndsOn) return Outcome.Invalid(nameof(request.EndsOn), $"The last day must be in the days of the cohort, {Show.Date(student.StartsOn)} to {Show.Date(student.EndsOn)}");
            var (minutes, manage) = (request.Hours * 60 ?? student.MinutesAllowed, me.Reach(PlacementsPermissions.ManagePlacements));
            if (minutes != student.MinutesAllowed && !manage.All && !manage.Authorities.Contains(student.AuthorityId)) return Outcome.Invalid(nameof(request.Hours), "Ask the local authority to change the hours");
            if (minutes < student.MinutesLogged) return Outcome.Invalid(nameof(request.Hours), $"The student has logged {Show.Duration(student.MinutesLogged)} already");
            await db.Execute(Slots.Slot.Hold, new { student.ProgrammeId }, cancellationToken);
            if (await db.Execute(ChangeCohort.Hold, new { student.CohortId, student.Version }, cancellationToken) == 0) return ChangeCohort.Changed;
            if (await db.Execute(Update, new { request.Id, request.Version, Reference = string.IsNullOrWhiteSpace(request.Reference) ? null : request.Reference.Trim(), request.StartsOn, request.EndsOn, Minutes = minutes }, cancellationToken) == 0)
                return Outcome.Conflict("Somebody else has changed this student since you opened the page. Open it again to see their changes.");
            return await db.One<int>(CountOutside, new { request.Id, Now = clock.GetUtcNow().UtcDateTime, request.StartsOn, request.EndsOn }, cancellationToken) is > 0 and var outside
                ? Outcome.Conflict(Slots.Slot.InTheWay(outside, "outside these days")) : Outcome.Done;
        }

        sealed record Row {
            public Guid CohortId { get; init; }
            public int Version { get; init; }
            public Guid ProgrammeId { get; init; }
            public Guid AuthorityId { get; init; }
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
            public int MinutesLogged { get; init; }
            public int MinutesAllowed { get; init; }
        }
    }

    internal sealed record Body(int Version, string? Reference, DateOnly? StartsOn, DateOnly? EndsOn, int? Hours);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/students/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version, body.Reference, body.StartsOn, body.EndsOn, body.Hours), ct)).ToHttp())
        .WithName("ChangePlacementStudent").WithSummary("Changes the number and the days of a student whom you send, within the days of the cohort, and as an officer the hours, not below what is logged; left out they stay.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SendStudents);
}
