using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Placements.Timetables;

/// <summary>
/// Finds a timetable for a cohort around what is pinned or worked, or says why there is none. Nothing is kept: it is found outside a transaction, in the request, since it takes
/// a second or so, and seconds for some hundred students in the same months (docs/adr/0041), and kept with <see cref="KeepTimetable"/> if nobody has changed the draft meanwhile.
/// </summary>
internal static class ProposeTimetable {
    internal sealed record Query(Guid CohortId) : IRequest<Outcome<View>>;

    internal sealed record View(SeePlan.View Plan, Proposal Proposal);

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
}
