using Cpd.People.Contracts;
using Cpd.Placements.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Placements.Slots;

/// <summary>Tells the CPD ledger how slots stand, in the transaction in which their revision has risen.</summary>
internal sealed class Ledger(Db db, IMediator mediator, Outbox outbox, TimeProvider clock) {
    const string Select = """
        SELECT t.Id, t.Revision, s.PersonId, t.ProgrammeId, p.AuthorityId, p.Name AS ProgrammeName, h.Project, h.OrganisationId, t.Title, t.StartsAt, t.Hours, t.LoggedMinutes, t.Reflection, t.SignedAt
        FROM placements_Slot t
        JOIN placements_Student s ON s.Id = t.StudentId
        JOIN placements_Programme p ON p.Id = t.ProgrammeId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
        WHERE t.Id IN @Ids AND s.PersonId IS NOT NULL
        """;

    internal async Task Tell(IReadOnlyList<Guid> slotIds, CancellationToken ct) {
        var slots = await db.List<Row>(Select, new { Ids = db.Ids(slotIds) }, ct);
        var hosts = (await mediator.Send(new FindOrganisations([.. slots.Select(s => s.OrganisationId).OfType<Guid>().Distinct()]), ct)).ToDictionary(o => o.Id, o => o.Name);
        var authorities = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
        await outbox.Add(slots.Select(s => {
            var title = $"{Words.Place(s.Project, s.Title)}, {s.ProgrammeName}";
            return new PlacementHoursSignedOff(s.Id, s.Revision, s.PersonId, s.ProgrammeId, s.AuthorityId, title[..Math.Min(title.Length, 300)],
                s.OrganisationId is { } host && hosts.TryGetValue(host, out var name) ? name : authorities.GetValueOrDefault(s.AuthorityId, ""), s.StartsAt, s.Hours == HoursState.Signed ? s.LoggedMinutes ?? 0 : 0, s.Reflection ?? "", s.SignedAt ?? clock.GetUtcNow().UtcDateTime);
        }), ct);
    }

    sealed record Row {
        public Guid Id { get; init; }
        public int Revision { get; init; }
        public Guid PersonId { get; init; }
        public Guid ProgrammeId { get; init; }
        public Guid AuthorityId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public string? Project { get; init; }
        public Guid? OrganisationId { get; init; }
        public string? Title { get; init; }
        public DateTime StartsAt { get; init; }
        public HoursState Hours { get; init; }
        public int? LoggedMinutes { get; init; }
        public string? Reflection { get; init; }
        public DateTime? SignedAt { get; init; }
    }
}
