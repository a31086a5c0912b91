using Cpd.People.Contracts;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Placements.Answers;

/// <summary>Answers when students and supervisors are in a placement. Where, only those read who plan the programme, and they themselves.</summary>
internal sealed class AnswerCommitments(Db db, IMediator mediator, CurrentUser me) : IPartOf<FindCommitments, Commitment> {
    const string Select = """
        SELECT v.PersonId, v.OrganisationId AS HostId, p.AuthorityId, t.Id, t.StartsAt, t.EndsAt, h.Project, t.Title
        FROM placements_Slot t
        JOIN placements_Supervisor v ON v.Id = t.SupervisorId
        JOIN placements_Programme p ON p.Id = t.ProgrammeId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
        WHERE v.PersonId IN @People AND t.State IN ('Published', 'Attended') AND t.StartsAt < @To AND t.EndsAt > @From
        UNION ALL
        SELECT s.PersonId, NULL AS HostId, p.AuthorityId, t.Id, t.StartsAt, t.EndsAt, h.Project, t.Title
        FROM placements_Slot t
        JOIN placements_Student s ON s.Id = t.StudentId
        JOIN placements_Programme p ON p.Id = t.ProgrammeId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
        WHERE s.PersonId IN @People AND t.State IN ('Published', 'Attended') AND t.StartsAt < @To AND t.EndsAt > @From
        """;

    public async Task<IReadOnlyList<Commitment>> Answer(FindCommitments question, CancellationToken ct) {
        var reach = me.Reach(PlacementsPermissions.ManagePlacements);
        var found = new List<Commitment>();
        foreach (var people in question.PersonIds.Chunk(500)) {
            var rows = await db.List<Row>(Select, new { People = db.Ids(people), question.From, question.To }, ct);
            var former = await mediator.Former(rows.Select(r => r.HostId).OfType<Guid>(), ct);
            found.AddRange(rows.Where(r => r.HostId is not { } host || !former.TryGetValue((host, r.PersonId), out var left) || r.StartsAt < left).Select(r => new Commitment(r.PersonId,
                r.PersonId == me.PersonId || reach.All || reach.Authorities.Contains(r.AuthorityId) ? $"placement, {Words.Place(r.Project, r.Title)}" : "a placement", r.StartsAt, r.EndsAt, r.Id)));
        }
        // A supervisor of several students at once is bound once.
        return [.. found.DistinctBy(c => (c.PersonId, c.StartsAt, c.EndsAt, c.What))];
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        /// <summary>Of a supervisor.</summary>
        public Guid? HostId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string? Project { get; init; }
        public string? Title { get; init; }
    }
}
