using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Placements.Cohorts;

/// <summary>What is confirmed of the students of a cohort. Whether one may see that, <see cref="OpenCohort"/> has said.</summary>
internal static class SeeChecks {
    internal sealed record Query(Guid CohortId) : IRequest<IReadOnlyList<Confirmed>>;

    internal sealed record Confirmed {
        public Guid StudentId { get; init; }
        public Guid CheckId { get; init; }
        public DateTime ConfirmedAt { get; init; }
        public Guid ConfirmedBy { get; init; }
    }

    internal sealed class Handler(Db db) : IRequestHandler<Query, IReadOnlyList<Confirmed>> {
        const string Select = """
            SELECT k.StudentId, k.CheckId, k.ConfirmedAt, k.ConfirmedBy
            FROM placements_StudentCheck k
            JOIN placements_Student s ON s.Id = k.StudentId
            WHERE s.CohortId = @CohortId
            """;

        public Task<IReadOnlyList<Confirmed>> Handle(Query request, CancellationToken cancellationToken) => db.List<Confirmed>(Select, request, cancellationToken);
    }
}
