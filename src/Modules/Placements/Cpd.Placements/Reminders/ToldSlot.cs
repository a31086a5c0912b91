namespace Cpd.Placements.Reminders;

/// <summary>A slot as letters and reminders tell of it.</summary>
internal sealed record ToldSlot {
    /// <summary>Before <c>WHERE</c>: t for the slot, s for its student.</summary>
    internal const string Select = """
        SELECT t.Id, t.StudentId, t.SupervisorId, s.PersonId AS StudentPersonId, s.Name AS StudentName, v.PersonId AS SupervisorPersonId, v.Name AS SupervisorName, v.OrganisationId AS SupervisorHostId,
            t.ProgrammeId, p.Name AS ProgrammeName, p.AuthorityId, COALESCE(h.OrganisationId, v.OrganisationId) AS HostId, h.Project, t.Title, t.StartsAt, t.EndsAt, t.State, t.Hours
        FROM placements_Slot t
        JOIN placements_Student s ON s.Id = t.StudentId
        JOIN placements_Supervisor v ON v.Id = t.SupervisorId
        JOIN placements_Programme p ON p.Id = t.ProgrammeId
        LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId

        """;

    public Guid Id { get; init; }
    public Guid StudentId { get; init; }
    public Guid SupervisorId { get; init; }
    public Guid? StudentPersonId { get; init; }
    public string StudentName { get; init; } = "";
    public Guid SupervisorPersonId { get; init; }
    public string SupervisorName { get; init; } = "";
    /// <summary>For whom the supervisor acts; <see cref="HostId"/> is whose project it is, and theirs where there is none.</summary>
    public Guid SupervisorHostId { get; init; }
    public Guid ProgrammeId { get; init; }
    public string ProgrammeName { get; init; } = "";
    public Guid AuthorityId { get; init; }
    public Guid HostId { get; init; }
    public string? Project { get; init; }
    public string? Title { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public SlotState State { get; init; }
    public HoursState Hours { get; init; }

    /// <summary>A line of a letter: for its student with the supervisor, for others with the student.</summary>
    internal PlacementLetters.Line Line(bool forStudent) => new(StartsAt, EndsAt, Words.Place(Project, Title), forStudent ? SupervisorName : StudentName, State == SlotState.Cancelled);
}
