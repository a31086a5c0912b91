using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Timetables;

/// <summary>
/// Finds a timetable for a cohort around what is pinned or worked, or says why there is none. Nothing is kept: it is found outside a transaction, in the request, since it takes
/// a second or so, and seconds for some hundred students in the same months (docs/adr/0041), and kept with <see cref="KeepTimetable"/> if nobody has changed the draft meanwhile.
/// </summary>
internal static class ProposeTimetable {
    internal sealed record Query(Guid CohortId) : IRequest<Outcome<View>>;

    internal sealed record View(SeePlan.View Plan, Proposal Proposal) {
        /// <summary>What is to be kept of it; none when there is no timetable.</summary>
        internal IReadOnlyList<KeepTimetable.Planned> Planned {
            get {
                var pinned = Plan.Problem.Stands.Where(s => !s.Worked).Select(s => s.Slot).ToHashSet();
                return [.. Proposal.Slots.Except(Plan.Problem.Stands.Where(s => s.Worked).Select(s => s.Slot)).Select(s => new KeepTimetable.Planned(s, pinned.Contains(s)))];
            }
        }

        /// <summary>That there is none, or that none was found; null when there is one.</summary>
        internal string? Why => Proposal.Slots.Count > 0 ? null
            : Proposal.Clashes.Any(c => c.Changes.Count > 0) ? "There is no timetable that keeps to every rule. Below is why, and the least that would help."
            : Proposal.Clashes.Count > 0 ? "There is no timetable that keeps to every rule. Below is why." : "No timetable was found in the time there is.";
    }

    internal sealed class Handler(IMediator mediator) : IRequestHandler<Query, Outcome<View>> {
        // One at a time: it keeps a processor busy, and there may be two.
        static readonly SemaphoreSlim Turn = new(1);
        static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var plan = await mediator.Send(new SeePlan.Query(request.CohortId), cancellationToken);
            if (plan.Refusal is { } refusal) return refusal;
            var problem = plan.Value.Problem;
            if (problem.Students.Count == 0) return Outcome.Conflict("There are no students to plan yet. Import them first.");
            if (problem.Parts.Count == 0) return Outcome.Conflict("The programme is not open on any of their days. Say first when it opens, and in which parts of the day.");
            if (problem.Projects.Count == 0 || problem.Supervisors.Count == 0) return Outcome.Conflict("No project takes part yet, or nobody supervises. Add them first.");
            if (!await Turn.WaitAsync(LongestWait, cancellationToken)) return Outcome.Conflict("Another timetable is being planned at this moment. Try again in a minute.");
            try {
                return new View(plan.Value, await Task.Run(() => Proposal.Of(problem), cancellationToken));
            } finally {
                Turn.Release();
            }
        }
    }

    /// <param name="IsFound">There is a timetable that keeps to every rule, and Slots are what to keep of it; otherwise Why, Clashes and GivenUp say why there is none.</param>
    /// <param name="Version">With which the slots are kept as a draft.</param>
    /// <param name="GivenUp">Students for whom the search was given up before it was known whether there is a timetable.</param>
    internal sealed record Answer(bool IsFound, string? Why, int Version, IReadOnlyList<KeepTimetable.Entry> Slots, Figures? Figures, IReadOnlyList<Reason> Clashes, IReadOnlyList<Guid> GivenUp);

    /// <summary>What the timetable comes to, with what has been worked.</summary>
    /// <param name="Moves">How often students change project, all of them together.</param>
    internal sealed record Figures(int Students, int Minutes, int Moves, IReadOnlyList<Share> Projects, IReadOnlyList<Share> Supervisors);

    internal sealed record Share(Guid Id, string Name, int Slots);

    /// <summary>What can't all hold, and what would make it possible.</summary>
    /// <param name="IsSmallest">Without any one of these it could.</param>
    /// <param name="IsLeast">No smaller change would do.</param>
    internal sealed record Reason(bool IsSmallest, IReadOnlyList<string> Clash, bool IsLeast, IReadOnlyList<string> Changes);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/cohorts/{id:guid}/timetable/proposal", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(found => Results.Ok(Told(found))))
        .WithName("ProposePlacementTimetable").WithSummary("Finds a timetable for a cohort around what is pinned or worked, with what it comes to, or says why there is none and what would help least. Nothing is kept: put its slots into the draft. It may take half a minute.")
        .Produces<Answer>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);

    static Answer Told(View found) {
        var (problem, slots) = (found.Plan.Problem, found.Proposal.Slots);
        return new(found.Why is null, found.Why, found.Plan.Version, [.. found.Planned.Select(KeepTimetable.Entry.Of)], found.Why is null ? Sums() : null,
            [.. found.Proposal.Clashes.Select(c => new Reason(c.Smallest, ClashWords.Sentences(c), c.Least, ClashWords.Proposals(c)))], found.Proposal.GivenUp);

        Figures Sums() {
            var minutes = problem.Parts.ToDictionary(p => p.When, p => p.Minutes);
            var (projects, supervisors) = (slots.CountBy(s => s.ProjectId).ToDictionary(), slots.CountBy(s => s.SupervisorId).ToDictionary());
            return new(problem.Students.Count, slots.Sum(s => minutes[s.When]), slots.GroupBy(s => s.StudentId).Sum(own => Route.Moves([.. own])),
                [.. problem.Projects.Select(p => new Share(p.Id, p.Name, projects.GetValueOrDefault(p.Id)))], [.. problem.Supervisors.Select(s => new Share(s.Id, s.Name, supervisors.GetValueOrDefault(s.Id)))]);
        }
    }
}
