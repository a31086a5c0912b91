using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Cpd.Platform.Web;

namespace Cpd.Placements.Hosts;

/// <summary>
/// A host answers for its project, or an officer for it: it takes part, with so many students in each part of the day, or it does not, and says why. While
/// students are expected it can't leave.
/// </summary>
internal static class AnswerForProject {
    /// <param name="Rooms">Where a part of a weekday differs from the usual; 0 is closed then.</param>
    internal sealed record Command(Guid Id, int Version, ProjectState? State, string? Reason, int? Capacity, bool GivesInduction, IReadOnlyList<Guid> ThemeIds, IReadOnlyList<TypedRoom> Rooms) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class TypedRoom {
        public int Weekday { get; set; }
        public int DayPart { get; set; }
        public int? Capacity { get; set; }
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.State).Must(s => s is ProjectState.Accepted or ProjectState.Refused).WithMessage("Select whether the project takes part");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.State == ProjectState.Refused).WithMessage("Say why the project does not take part").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
            RuleFor(c => c.Capacity).NotNull().WithMessage("Enter how many students it takes at once").InclusiveBetween(1, 1000).WithMessage("Students at once must be between 1 and 1,000");
            RuleForEach(c => c.Rooms).ChildRules(room => {
                room.RuleFor(r => r.Capacity).InclusiveBetween(0, 1000).WithMessage("Students in a part of the day must be between 0 and 1,000");
                room.RuleFor(r => r.Weekday).InclusiveBetween(1, 7).WithMessage("Weekdays are numbers from 1 for Monday to 7");
                room.RuleFor(r => r.DayPart).InclusiveBetween(1, 6).WithMessage("Parts of the day are numbered from 1");
            });
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT h.ProgrammeId FROM placements_ProgrammeHost h JOIN placements_Programme p ON p.Id = h.ProgrammeId WHERE h.Id = @Id AND {Within.Projects}";
        const string Update = """
            UPDATE placements_ProgrammeHost
            SET State = @State, Reason = @Reason, Capacity = @Capacity, GivesInduction = @GivesInduction, AnsweredAt = @Now, AnsweredBy = @By, Version = Version + 1
            WHERE Id = @Id AND Version = @Version
            """;
        const string SelectAhead = "SELECT OnDay, DayPart, StartsAt, EndsAt FROM placements_Slot WHERE ProjectId = @Id AND State = 'Published' AND StartsAt > @Now";
        const string DeleteThemes = "DELETE FROM placements_ProjectTheme WHERE ProjectId = @Id";
        const string InsertThemes = "INSERT INTO placements_ProjectTheme (ProjectId, ThemeId) SELECT @Id, t.Id FROM placements_Theme t WHERE t.ProgrammeId = @ProgrammeId AND t.ByInduction = 0 AND t.Id IN @Themes";
        const string DeleteRooms = "DELETE FROM placements_Room WHERE ProjectId = @Id";
        const string InsertRoom = "INSERT INTO placements_Room (ProjectId, Weekday, DayPart, Capacity) VALUES (@Id, @Weekday, @DayPart, @Capacity)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.AnswerForHost), new { request.Id }), cancellationToken) is not { } programme) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            await db.Execute(Slots.Slot.Hold, new { ProgrammeId = programme }, cancellationToken);
            if (await db.Execute(Update, new {
                request.Id, request.Version, State = request.State!.Value.ToString(), Reason = request.State == ProjectState.Refused ? request.Reason!.Trim() : null, request.Capacity, request.GivesInduction, Now = now, By = me.PersonId,
            }, cancellationToken) == 0) return Outcome.Conflict("Somebody else has answered for this project since you opened it. Open it again to see their answer.");
            var ahead = await db.List<Slots.Slot.Time>(SelectAhead, new { request.Id, Now = now }, cancellationToken);
            if (request.State == ProjectState.Refused && ahead.Count > 0) return Outcome.Conflict(Slots.Slot.InTheWay(ahead.Count, "in this project"));
            var rooms = request.Rooms.Where(r => r.Capacity is not null).DistinctBy(r => (r.Weekday, r.DayPart)).ToList();
            if (Slots.Slot.TooMany(ahead, t => rooms.Find(r => r.Weekday == Words.Weekday(t.OnDay) && r.DayPart == t.DayPart)?.Capacity ?? request.Capacity!.Value) is > 0 and var crowded)
                return Outcome.Invalid(nameof(request.Capacity), Slots.Slot.InTheWay(crowded, "with more students at once than that"));
            await db.Execute(DeleteThemes, new { request.Id }, cancellationToken);
            await db.Execute(InsertThemes, new { request.Id, ProgrammeId = programme, Themes = db.Ids(request.ThemeIds) }, cancellationToken);
            await db.Execute(DeleteRooms, new { request.Id }, cancellationToken);
            await db.Execute(InsertRoom, rooms.Select(r => new { request.Id, r.Weekday, r.DayPart, Capacity = r.Capacity!.Value }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(int Version, ProjectState? State, string? Reason, int? Capacity, bool GivesInduction, IReadOnlyList<Guid>? ThemeIds, IReadOnlyList<TypedRoom>? Rooms);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/projects/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Version, body.State, body.Reason, body.Capacity, body.GivesInduction, body.ThemeIds ?? [], body.Rooms ?? []), ct)).ToHttp())
        .WithName("AnswerForPlacementProject").WithSummary("Says whether a host's project takes part (Accepted or Refused, with a reason), what it covers, and how many students it takes at once; rooms where a part of a weekday differs.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.AnswerForHost);
}
