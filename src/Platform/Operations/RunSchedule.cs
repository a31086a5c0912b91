using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>An administrator runs a schedule now, whatever its hour. It goes on by itself; if it runs already, nothing happens.</summary>
static class RunSchedule {
    // Not an IWrite: what it starts has transactions of its own.
    internal sealed record Command(string? Name) : IRequest<Outcome<Done>>;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(IReadOnlyList<Schedule> schedules, ScheduleRuns runs) : IRequestHandler<Command, Outcome<Done>> {
        public Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (schedules.FirstOrDefault(s => s.Name == request.Name) is not { } schedule) return Task.FromResult<Outcome<Done>>(Outcome.NotFound);
            runs.Start(schedule);
            return Task.FromResult(Outcome.Done);
        }
    }
}
