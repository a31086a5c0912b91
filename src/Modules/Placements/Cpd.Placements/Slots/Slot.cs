namespace Cpd.Placements.Slots;

/// <summary>What is the same wherever slots are changed: who may, the gate before the first slot, and the room there is. Conditions for statements, and their reasons in words.</summary>
internal static class Slot {
    /// <summary>
    /// The claim on a student's hours, and the gate: of two who would together go over what is allowed, one changes no row; and nothing but the induction counts before the
    /// induction has been attended and every entry check is confirmed. The row is the student's (placements_Student).
    /// </summary>
    internal const string ClaimMinutes = """
        UPDATE placements_Student SET MinutesLogged = MinutesLogged + @Delta
        WHERE Id = @StudentId AND MinutesLogged + @Delta <= MinutesAllowed AND MinutesLogged + @Delta >= 0
          AND (@Kind = 'Induction' OR (InductedOn IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM placements_EntryCheck k
            JOIN placements_Cohort c ON c.ProgrammeId = k.ProgrammeId
            WHERE c.Id = placements_Student.CohortId AND NOT EXISTS (SELECT 1 FROM placements_StudentCheck x WHERE x.StudentId = placements_Student.Id AND x.CheckId = k.Id))))
        """;

    /// <summary>What stands in a student's way, asked when <see cref="ClaimMinutes"/> has changed nothing.</summary>
    internal const string SelectGate = """
        SELECT s.InductedOn, s.MinutesAllowed, s.MinutesLogged,
          (SELECT COUNT(*) FROM placements_EntryCheck k JOIN placements_Cohort c ON c.ProgrammeId = k.ProgrammeId
            WHERE c.Id = s.CohortId AND NOT EXISTS (SELECT 1 FROM placements_StudentCheck x WHERE x.StudentId = s.Id AND x.CheckId = k.Id)) AS Missing
        FROM placements_Student s WHERE s.Id = @StudentId
        """;

    /// <summary>The induction has taken place; the first time counts.</summary>
    internal const string SetInducted = "UPDATE placements_Student SET InductedOn = @OnDay WHERE Id = @StudentId AND InductedOn IS NULL";

    /// <summary>
    /// All who give or take room in a programme write its row first, and those of the programmes with which it shares a supervisor: what is read after that stays true until the end, so that no place
    /// and nobody is given twice, and none is taken away while it is being given.
    /// </summary>
    internal const string Hold = """
        UPDATE placements_Programme SET Version = Version
        WHERE Id = @ProgrammeId OR Id IN (SELECT v.ProgrammeId FROM placements_Supervisor own JOIN placements_Supervisor v ON v.PersonId = own.PersonId WHERE own.ProgrammeId = @ProgrammeId)
        """;

    /// <summary>What the supervisors of a programme (own) have been given in other programmes (t), from a day to a day: somebody who supervises in two has their places once.</summary>
    internal const string Elsewhere = """
        FROM placements_Supervisor own
        JOIN placements_Supervisor v ON v.PersonId = own.PersonId AND v.ProgrammeId <> own.ProgrammeId
        JOIN placements_Slot t ON t.SupervisorId = v.Id
        WHERE own.ProgrammeId = @ProgrammeId AND t.OnDay >= @From AND t.OnDay <= @To AND t.State IN ('Published', 'Attended')

        """;

    /// <summary>Published slots ahead would stand without what was just taken away: said by whoever takes it, whose write is then rolled back.</summary>
    internal static string InTheWay(int slots, string what) => $"{Platform.Web.Show.Count(slots, "slot")} with students {(slots == 1 ? "lies" : "lie")} ahead {what}. The local authority has to plan {(slots == 1 ? "it" : "them")} anew first.";

    /// <summary>How many of these slots overlap more than there is room for.</summary>
    internal static int TooMany(IReadOnlyList<Time> slots, Func<Time, int> room) =>
        slots.GroupBy(s => s.OnDay).Sum(day => day.Count(s => day.Count(o => o.StartsAt < s.EndsAt && o.EndsAt > s.StartsAt) > room(s)));

    internal sealed record Time {
        public Guid SupervisorId { get; init; }
        public DateOnly OnDay { get; init; }
        public int? DayPart { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }

    internal sealed record Gate {
        public DateOnly? InductedOn { get; init; }
        public int MinutesAllowed { get; init; }
        public int MinutesLogged { get; init; }
        public int Missing { get; init; }

        /// <summary>Why not, for the student's reader.</summary>
        internal string Words(SlotKind kind, int delta) => this switch {
            { InductedOn: null } when kind != SlotKind.Induction => "The induction has to be attended before anything else.",
            { Missing: > 0 } when kind != SlotKind.Induction => "Not all entry checks are confirmed yet. The institution or the local authority confirms them.",
            _ => $"That is more than the placement has: {Platform.Web.Show.Duration(Math.Max(0, MinutesAllowed - MinutesLogged))} can still be logged, and this would add {Platform.Web.Show.Duration(Math.Max(0, delta))}.",
        };
    }
}
