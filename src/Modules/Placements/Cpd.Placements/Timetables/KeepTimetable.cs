using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Timetables;

/// <summary>
/// An officer keeps a draft of a cohort's timetable: proposed, changed by hand, or begun from what is published. It may still break rules; publishing does not let it. Of two who keep
/// one at the same time, the second is told and nothing of theirs is written.
/// </summary>
internal static class KeepTimetable {
    /// <param name="Version">Of the draft that was changed; 0 when there was none. No two drafts of a cohort ever have the same.</param>
    internal sealed record Command(Guid CohortId, int Version, IReadOnlyList<Planned> Slots) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Planned(Slot Slot, bool Pinned);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Slots).Must(slots => slots.DistinctBy(s => (s.Slot.StudentId, s.Slot.When)).Count() == slots.Count).WithMessage("A student can be in one place at a time");
    }

    internal const string Changed = "Somebody else has changed this timetable since you opened it. Nothing of yours has been saved; look at their changes first.";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Begin = """
            INSERT INTO placements_Timetable (Id, CohortId, Number, State, MadeAt, MadeBy, Version)
            SELECT @Id, @CohortId, COALESCE(MAX(t.Number), 0) + 1, 'Draft', @Now, @By, COALESCE(MAX(t.Version), 0) + 1 FROM placements_Timetable t WHERE t.CohortId = @CohortId
            """;
        const string Touch = "UPDATE placements_Timetable SET Version = Version + 1, MadeAt = @Now, MadeBy = @By WHERE Id = @Id AND CohortId = @CohortId AND State = 'Draft' AND Version = @Version";
        const string Clear = "DELETE FROM placements_Slot WHERE CohortId = @CohortId AND State = 'Draft'";
        const string Insert = """
            INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, TimetableId, ProjectId, SupervisorId, OnDay, DayPart, StartsAt, EndsAt, Minutes, Kind, Pinned, State, DraftOf, Hours, Revision, Version)
            VALUES (@Id, @ProgrammeId, @CohortId, @StudentId, @TimetableId, @ProjectId, @SupervisorId, @OnDay, @DayPart, @StartsAt, @EndsAt, @Minutes, @Kind, @Pinned, 'Draft', @DraftOf, 'None', 0, 1)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var found = await mediator.Send(new SeePlan.Query(request.CohortId), cancellationToken);
            if (found.Refusal is { } refusal) return refusal;
            var plan = found.Value;
            var (now, id) = (clock.GetUtcNow().UtcDateTime, plan.DraftId ?? Ids.New(clock));
            var those = new { Id = id, request.CohortId, request.Version, Now = now, By = me.PersonId };
            try {
                if (await db.Execute(request.Version == 0 ? Begin : Touch, those, cancellationToken) == 0) return Outcome.Conflict(Changed);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict(Changed);
            }
            // Only what the cohort can be planned with: all else was never offered.
            var (students, projects, supervisors) = (plan.Problem.Students.Select(s => s.Id).ToHashSet(), plan.Problem.Projects.Select(p => p.Id).ToHashSet(), plan.Problem.Supervisors.Select(s => s.Id).ToHashSet());
            var minutes = plan.Problem.Parts.ToDictionary(p => p.When, p => p.Minutes);
            var worked = plan.Problem.Stands.Where(s => s.Worked).Select(s => (s.Slot.StudentId, s.Slot.When)).ToHashSet();
            var slots = request.Slots.Where(s => !worked.Contains((s.Slot.StudentId, s.Slot.When))).ToList();
            if (slots.Any(s => !students.Contains(s.Slot.StudentId) || !projects.Contains(s.Slot.ProjectId) || !supervisors.Contains(s.Slot.SupervisorId))) return Outcome.NotFound;
            if (slots.FirstOrDefault(s => !plan.Times.ContainsKey(s.Slot.When)) is { } shut) return Outcome.Invalid(nameof(request.Slots), $"The programme is not open on {plan.Problem.Words(shut.Slot.When)}");
            var known = plan.Published.ToDictionary(p => (p.Value.StudentId, p.Value.When), p => p.Key);
            await db.Execute(Clear, those, cancellationToken);
            await db.Execute(Insert, slots.Select(s => new {
                Id = Ids.New(clock), plan.ProgrammeId, request.CohortId, s.Slot.StudentId, TimetableId = id, s.Slot.ProjectId, s.Slot.SupervisorId, OnDay = s.Slot.When.Day, DayPart = s.Slot.When.Part,
                StartsAt = plan.Times[s.Slot.When].Starts, EndsAt = plan.Times[s.Slot.When].Ends, Minutes = minutes[s.Slot.When], Kind = (s.Slot.Induction ? SlotKind.Induction : SlotKind.Project).ToString(), s.Pinned,
                DraftOf = known.TryGetValue((s.Slot.StudentId, s.Slot.When), out var live) ? live : (Guid?)null,
            }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }

    /// <summary>A planned slot as programs read and write it.</summary>
    internal sealed record Entry(Guid StudentId, DateOnly OnDay, int DayPart, Guid ProjectId, Guid SupervisorId, bool Induction, bool Pinned) {
        internal static Entry Of(Planned planned) => new(planned.Slot.StudentId, planned.Slot.When.Day, planned.Slot.When.Part, planned.Slot.ProjectId, planned.Slot.SupervisorId, planned.Slot.Induction, planned.Pinned);

        internal Planned Planned => new(new(StudentId, new(OnDay, DayPart), ProjectId, SupervisorId, Induction), Pinned);
    }

    internal sealed record Body(int Version, IReadOnlyList<Entry?>? Slots);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/cohorts/{id:guid}/timetable/draft", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version, [.. (body.Slots ?? []).Select(s => s?.Planned!)]), ct)).ToHttp())
        .WithName("KeepPlacementTimetable").WithSummary("Keeps these slots as the draft of a cohort's timetable, in place of all that it held; what has been worked stands anyway. version is that of the draft, 0 when there was none. The draft then says what is not right yet.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
