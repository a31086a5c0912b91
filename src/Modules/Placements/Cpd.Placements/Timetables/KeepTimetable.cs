using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Placements.Timetables;

/// <summary>
/// An officer keeps a draft of a cohort's timetable: proposed, changed by hand, or begun from what is published. It may still break rules; publishing does not let it. Of two who keep
/// one at the same time, the second is told and nothing of theirs is written.
/// </summary>
internal static class KeepTimetable {
    /// <param name="DraftId">The draft that was changed; null when there was none.</param>
    /// <param name="Version">Its version.</param>
    internal sealed record Command(Guid CohortId, Guid? DraftId, int Version, IReadOnlyList<Planned> Slots) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Planned(Slot Slot, bool Pinned);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Slots).Must(slots => slots.DistinctBy(s => (s.Slot.StudentId, s.Slot.When)).Count() == slots.Count).WithMessage("A student can be in one place at a time");
    }

    internal const string Changed = "Somebody else has changed this timetable since you opened it. Nothing of yours has been saved; look at their changes first.";

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Begin = """
            INSERT INTO placements_Timetable (Id, CohortId, Number, State, MadeAt, MadeBy, Version)
            SELECT @Id, @CohortId, COALESCE(MAX(t.Number), 0) + 1, 'Draft', @Now, @By, 1 FROM placements_Timetable t WHERE t.CohortId = @CohortId
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
            var (now, id) = (clock.GetUtcNow().UtcDateTime, request.DraftId ?? Ids.New(clock));
            var those = new { Id = id, request.CohortId, request.Version, Now = now, By = me.PersonId };
            try {
                if (await db.Execute(request.DraftId is null ? Begin : Touch, those, cancellationToken) == 0) return Outcome.Conflict(Changed);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict(Changed);
            }
            // Only what the cohort can be planned with: all else was never offered.
            var (students, projects, supervisors) = (plan.Problem.Students.Select(s => s.Id).ToHashSet(), plan.Problem.Projects.Select(p => p.Id).ToHashSet(), plan.Problem.Supervisors.Select(s => s.Id).ToHashSet());
            var minutes = plan.Problem.Parts.ToDictionary(p => p.When, p => p.Minutes);
            var worked = plan.Problem.Stands.Where(s => s.Worked).Select(s => (s.Slot.StudentId, s.Slot.When)).ToHashSet();
            var slots = request.Slots.Where(s => !worked.Contains((s.Slot.StudentId, s.Slot.When))).ToList();
            if (slots.Any(s => !students.Contains(s.Slot.StudentId) || !projects.Contains(s.Slot.ProjectId) || !supervisors.Contains(s.Slot.SupervisorId) || !plan.Times.ContainsKey(s.Slot.When))) return Outcome.NotFound;
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
}
