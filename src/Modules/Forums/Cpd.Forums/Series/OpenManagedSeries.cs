using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Forums.Series;

/// <summary>A forum as the officers of its own authority change it; to those of other authorities the address does not exist.</summary>
internal static class OpenManagedSeries {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Authorities">Those that take part, the forum's own among them.</param>
    internal sealed record View(Series Series, IReadOnlyList<JobRole> Audience, IReadOnlyList<Guid> Authorities);

    internal sealed record Series {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
        public MeetingMode Mode { get; init; }
        public int? PlacesPerSetting { get; init; }
        public int? Places { get; init; }
        public bool CountsHours { get; init; }
        public string TermsOfReference { get; init; } = "";
        public DateTime? EndedAt { get; init; }
        public string? EndReason { get; init; }
        public int Version { get; init; }
    }

    internal const string SelectSeries = "SELECT Id, AuthorityId, Name, Summary, AgeRanges, Mode, PlacesPerSetting, Places, CountsHours, TermsOfReference, EndedAt, EndReason, Version FROM forums_Series WHERE Id = @Id ";

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = SelectSeries + "AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectParts = """
            SELECT '' AS JobRole, AuthorityId FROM forums_SeriesAuthority WHERE SeriesId = @Id
            UNION ALL
            SELECT JobRole, NULL AS AuthorityId FROM forums_SeriesAudience WHERE SeriesId = @Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Series>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } series) return Outcome.NotFound;
            var parts = await db.List<Part>(SelectParts, new { request.Id }, cancellationToken);
            return new View(series, [.. parts.Where(p => p.JobRole.Length > 0).Select(p => Enum.Parse<JobRole>(p.JobRole)).Order()], [series.AuthorityId, .. parts.Select(p => p.AuthorityId).OfType<Guid>()]);
        }
    }

    sealed record Part {
        public string JobRole { get; init; } = "";
        public Guid? AuthorityId { get; init; }
    }
}
