using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>All that runs by the clock, by name, with its last run and its next.</summary>
static class ListSchedules {
    internal sealed record Query : IRequest<IReadOnlyList<View>>;

    /// <param name="IsLate">It should have begun by now.</param>
    internal sealed record View(string Name, string Cron, DateTime? NextAt, DateTime? StartedAt, DateTime? EndedAt, int Failures, string? Error, bool IsLate);

    internal sealed class Handler(Db db, IReadOnlyList<Schedule> schedules, TimeProvider clock) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = "SELECT Name, Cron, NextAt, StartedAt, EndedAt, Failures, Error FROM platform_Schedule";

        public async Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) {
            var rows = (await db.List<Row>(Select, null, cancellationToken)).ToDictionary(r => r.Name);
            var late = clock.GetUtcNow().UtcDateTime - SchedulesHealth.Grace;
            return [.. schedules.OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => rows.GetValueOrDefault(s.Name) is not { } row ? new View(s.Name, s.Cron, null, null, null, 0, null, false)
                : new View(s.Name, row.Cron, row.NextAt, row.StartedAt, row.EndedAt, row.Failures, row.Error, row.NextAt < late))];
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public string Cron { get; init; } = "";
            public DateTime NextAt { get; init; }
            public DateTime? StartedAt { get; init; }
            public DateTime? EndedAt { get; init; }
            public int Failures { get; init; }
            public string? Error { get; init; }
        }
    }
}
