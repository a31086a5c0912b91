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

namespace Cpd.Placements.Timetables;

/// <summary>
/// An officer publishes the draft of a timetable. It must keep to every rule at this moment, with the room that others have left. A slot that stays keeps its id; students and
/// supervisors are told of those that are new, changed or called off, and only of them.
/// </summary>
internal static class PublishTimetable {
    internal sealed record Command(Guid CohortId, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, IMediator mediator, SlotNews news, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Replace = "UPDATE placements_Timetable SET State = 'Replaced', Version = Version + 1 WHERE CohortId = @CohortId AND State = 'Published'";
        const string Publish = "UPDATE placements_Timetable SET State = 'Published', PublishedAt = @Now, PublishedBy = @By, Version = Version + 1 WHERE Id = @DraftId AND State = 'Draft' AND Version = @Version";
        const string SelectDrafts = "SELECT Id, StudentId, ProjectId, SupervisorId, OnDay, DayPart, Kind, Pinned, DraftOf FROM placements_Slot WHERE CohortId = @CohortId AND State = 'Draft' ORDER BY StartsAt, Id";
        const string Cancel = "UPDATE placements_Slot SET State = 'Cancelled', Reason = 'The timetable was changed', Version = Version + 1 WHERE Id = @Id AND State = 'Published'";
        const string Change = """
            UPDATE placements_Slot SET ProjectId = @ProjectId, SupervisorId = @SupervisorId, Kind = @Kind, Pinned = @Pinned, TimetableId = @DraftId, Version = Version + 1
            WHERE Id = @DraftOf AND State = 'Published'
            """;
        const string Make = "UPDATE placements_Slot SET State = 'Published', DraftOf = NULL, Version = Version + 1 WHERE Id = @Id AND State = 'Draft'";
        const string Clear = "DELETE FROM placements_Slot WHERE CohortId = @CohortId AND State = 'Draft'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var found = await mediator.Send(new SeePlan.Query(request.CohortId), cancellationToken);
            if (found.Refusal is { } refusal) return refusal;
            await db.Execute(Slots.Slot.Hold, new { found.Value.ProgrammeId }, cancellationToken);
            var plan = (await mediator.Send(new SeePlan.Query(request.CohortId), cancellationToken)).Value;
            if (plan.DraftId is not { } draft || plan.Version != request.Version) return Outcome.Conflict(KeepTimetable.Changed);
            if (Checker.Check(plan.Problem, plan.Slots) is { Count: > 0 } violations)
                return Outcome.Conflict($"It can't be published yet. {string.Join(' ', violations.Select(v => v.Sentence).Distinct().Take(3))}{(violations.Count > 3 ? " There is more: see the list below." : "")}");
            var those = new { request.CohortId, DraftId = draft, request.Version, Now = clock.GetUtcNow().UtcDateTime, By = me.PersonId };
            await db.Execute(Replace, those, cancellationToken);
            if (await db.Execute(Publish, those, cancellationToken) == 0) return Outcome.Conflict(KeepTimetable.Changed);

            var worked = plan.Problem.Stands.Where(s => s.Worked).Select(s => (s.Slot.StudentId, s.Slot.When)).ToHashSet();
            var drafts = (await db.List<Row>(SelectDrafts, those, cancellationToken)).Where(d => plan.Problem.Students.Any(s => s.Id == d.StudentId) && !worked.Contains((d.StudentId, d.Slot.When))).ToList();
            var stay = drafts.Select(d => d.DraftOf).OfType<Guid>().Where(plan.Published.ContainsKey).ToHashSet();
            var gone = plan.Published.Keys.Where(id => !stay.Contains(id)).Select(id => new { Id = id }).ToList();
            var changes = drafts.Where(d => d.DraftOf is { } of && stay.Contains(of)).ToList();
            var fresh = drafts.Where(d => d.DraftOf is not { } of || !stay.Contains(of)).ToList();
            if (await db.Execute(Cancel, gone, cancellationToken) != gone.Count) return Outcome.Conflict(KeepTimetable.Changed);
            if (await db.Execute(Change, changes.Select(d => new { d.DraftOf, d.ProjectId, d.SupervisorId, Kind = d.Kind.ToString(), d.Pinned, DraftId = draft }).ToList(), cancellationToken) != changes.Count) return Outcome.Conflict(KeepTimetable.Changed);
            await db.Execute(Make, fresh.Select(d => new { d.Id }).ToList(), cancellationToken);
            await db.Execute(Clear, those, cancellationToken);
            await news.Tell([.. gone.Select(g => g.Id), .. fresh.Select(f => f.Id), .. changes.Where(c => plan.Published[c.DraftOf!.Value] != c.Slot).Select(c => c.DraftOf!.Value)], cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(int Version);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/cohorts/{id:guid}/timetable/publication", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version), ct)).ToHttp())
        .WithName("PublishPlacementTimetable").WithSummary("Publishes the draft of a cohort's timetable, of the version that you have seen, if it keeps to every rule. Whoever has new or changed dates is told.")
        .Produces(204).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid StudentId { get; init; }
        public Guid ProjectId { get; init; }
        public Guid SupervisorId { get; init; }
        public DateOnly OnDay { get; init; }
        public int DayPart { get; init; }
        public SlotKind Kind { get; init; }
        public bool Pinned { get; init; }
        public Guid? DraftOf { get; init; }

        internal Slot Slot => new(StudentId, new(OnDay, DayPart), ProjectId, SupervisorId, Kind == SlotKind.Induction);
    }
}
