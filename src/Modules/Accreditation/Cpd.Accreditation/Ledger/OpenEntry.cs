using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>One entry of the person's own record, with what they wrote about it.</summary>
internal static class OpenEntry {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View {
        public Guid Id { get; init; }
        public ListMyCpd.Source CauseKind { get; init; }
        public string Title { get; init; } = "";
        public string Source { get; init; } = "";
        public DateOnly HappenedOn { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public CourseMode Mode { get; init; }
        public string? Reflection { get; init; }
        public string? Evidence { get; init; }
        /// <summary>What has changed, as the person said when they were asked some months later.</summary>
        public string? Impact { get; init; }
        public DateOnly? ImpactOn { get; init; }
        public int Version { get; init; }
        public string? CertificateNumber { get; init; }
        public bool IsOwn => CauseKind == ListMyCpd.Source.Own;
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT e.Id, e.CauseKind, e.Title, e.Source, e.HappenedOn, e.Minutes, e.ParticipatoryMinutes, e.AgeRanges, e.Mode, e.Reflection, e.Evidence, e.Impact, e.ImpactOn, e.Version,
                c.Number AS CertificateNumber
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL
            WHERE e.Id = @Id AND e.PersonId = @Me AND e.WithdrawnAt IS NULL
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<View>(Select, new { request.Id, Me = me.PersonId }, cancellationToken) is { } entry ? entry : Outcome.NotFound;
    }
}
