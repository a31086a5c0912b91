using Cpd.Placements.Reminders;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Placements.Slots;

/// <summary>A person's slots for their calendar, as a student and as a supervisor. What was called off stays only if a calendar was told of it; what lies after they left the host is not theirs.</summary>
internal sealed class SlotCalendarSource(Db db, IMediator mediator, Appointments appointments, Site site) : ICalendarSource {
    const string Select = """
        SELECT t.Id, 1 AS IsStudent, v.Name AS Other, v.OrganisationId AS HostId, h.Project, t.Title, t.StartsAt, t.EndsAt, t.State
        FROM placements_Slot t
        JOIN placements_Student s ON s.Id = t.StudentId
        JOIN placements_Supervisor v ON v.Id = t.SupervisorId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
        WHERE s.PersonId = @PersonId AND t.State IN ('Published', 'Attended', 'Cancelled') AND t.EndsAt >= @From
        UNION ALL
        SELECT t.Id, 0 AS IsStudent, s.Name AS Other, v.OrganisationId AS HostId, h.Project, t.Title, t.StartsAt, t.EndsAt, t.State
        FROM placements_Slot t
        JOIN placements_Student s ON s.Id = t.StudentId
        JOIN placements_Supervisor v ON v.Id = t.SupervisorId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
        WHERE v.PersonId = @PersonId AND t.State IN ('Published', 'Attended', 'Cancelled') AND t.EndsAt >= @From
        """;

    public async Task<IReadOnlyList<CalendarEntry>> Entries(Guid personId, DateTime from, CancellationToken ct) {
        var all = await db.List<Row>(Select, new { PersonId = personId, From = from }, ct);
        var former = await mediator.Former(all.Where(s => s.IsStudent == 0).Select(s => s.HostId), ct);
        var slots = all.Where(s => s.IsStudent == 1 || !former.TryGetValue((s.HostId, personId), out var left) || s.StartsAt < left).ToList();
        if (slots.Count == 0) return [];
        var revisions = await appointments.Find(slots.Select(s => s.Id), ct);
        return [.. slots.Where(s => s.State != SlotState.Cancelled || revisions.ContainsKey(s.Id)).DistinctBy(s => s.Id).Select(s => PlacementLetters.Entry(s.Id,
            new(s.StartsAt, s.EndsAt, Words.Place(s.Project, s.Title), s.Other, s.State == SlotState.Cancelled), site.Absolute(s.IsStudent == 1 ? PlacementsLinks.MyPlacement : PlacementsLinks.ToSign),
            revisions.GetValueOrDefault(s.Id) ?? new Revision { Id = s.Id, ChangedAt = s.StartsAt }))];
    }

    sealed record Row {
        public Guid Id { get; init; }
        public int IsStudent { get; init; }
        public string Other { get; init; } = "";
        public Guid HostId { get; init; }
        public string? Project { get; init; }
        public string? Title { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public SlotState State { get; init; }
    }
}
