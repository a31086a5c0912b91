using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Training.Contracts;

namespace Cpd.Accreditation.Ledger;

/// <summary>What a register says of one person, as it comes to the ledger: one entry for a cause, whichever revision arrives first.</summary>
internal sealed record AttendanceEntry {
    public Guid PersonId { get; init; }
    public Guid CauseId { get; init; }
    public int Revision { get; init; }
    public string Title { get; init; } = "";
    public string Source { get; init; } = "";
    public DateOnly HappenedOn { get; init; }
    public int Minutes { get; init; }
    public int ParticipatoryMinutes { get; init; }
    public AgeRanges AgeRanges { get; init; }
    public CourseMode Mode { get; init; }
    public Guid? SettingId { get; init; }
    public Guid AuthorityId { get; init; }
    public Guid? TrainingProviderId { get; init; }
    public Guid? CourseId { get; init; }
    public Guid? SessionId { get; init; }
    public DateTime RecordedAt { get; init; }

    // Version guards what the person writes and so does not rise here: a correction must not make them lose a reflection.
    // A booking that passed to another person takes along nothing that the first one wrote.
    const string Correct = """
        UPDATE accreditation_Entry
        SET Reflection = CASE WHEN PersonId = @PersonId THEN Reflection ELSE NULL END, Evidence = CASE WHEN PersonId = @PersonId THEN Evidence ELSE NULL END,
            Impact = CASE WHEN PersonId = @PersonId THEN Impact ELSE NULL END, ImpactOn = CASE WHEN PersonId = @PersonId THEN ImpactOn ELSE NULL END,
            PersonId = @PersonId, Revision = @Revision, Title = @Title, Source = @Source, HappenedOn = @HappenedOn, Minutes = @Minutes,
            ParticipatoryMinutes = @ParticipatoryMinutes, AgeRanges = @AgeRanges, Mode = @Mode, SettingId = @SettingId, AuthorityId = @AuthorityId,
            TrainingProviderId = @TrainingProviderId, CourseId = @CourseId, SessionId = @SessionId, WithdrawnAt = @WithdrawnAt, RecordedAt = @RecordedAt
        WHERE CauseKind = 'Attendance' AND CauseId = @CauseId AND Revision < @Revision
        """;
    const string Insert = """
        INSERT INTO accreditation_Entry (Id, PersonId, CauseKind, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode,
            SettingId, AuthorityId, TrainingProviderId, CourseId, SessionId, WithdrawnAt, RecordedAt, Version)
        SELECT @Id, @PersonId, 'Attendance', @CauseId, @Revision, @Title, @Source, @HappenedOn, @Minutes, @ParticipatoryMinutes, @AgeRanges, @Mode,
            @SettingId, @AuthorityId, @TrainingProviderId, @CourseId, @SessionId, @WithdrawnAt, @RecordedAt, 1
        WHERE NOT EXISTS (SELECT 1 FROM accreditation_Entry WHERE CauseKind = 'Attendance' AND CauseId = @CauseId)
        """;

    /// <summary>Makes or corrects the entry. No minutes withdraw it, and minutes later revive it.</summary>
    /// <returns>False when it has come to this revision or a higher one already.</returns>
    internal async Task<bool> Enter(Db db, TimeProvider clock, CancellationToken ct) {
        var row = new {
            Id = Ids.New(clock), PersonId, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode = Mode.ToString(), SettingId, AuthorityId, TrainingProviderId, CourseId, SessionId,
            WithdrawnAt = Minutes == 0 ? clock.GetUtcNow().UtcDateTime : (DateTime?)null, RecordedAt,
        };
        return await db.Execute(Correct, row, ct) > 0 || await db.Execute(Insert, row, ct) > 0;
    }
}
