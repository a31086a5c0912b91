using Cpd.Placements.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Accreditation.Ledger;

/// <summary>
/// Hours of a placement that were signed off become one entry of the student's CPD record, in their own words; taken back, it is withdrawn. Only a higher revision counts, in whatever order
/// they arrive. What the student has written on the entry since then stays.
/// </summary>
internal sealed class WhenPlacementHoursSignedOff(Db db, TimeProvider clock) : Reaction<PlacementHoursSignedOff>(db, clock) {
    readonly Db db = db;
    readonly TimeProvider clock = clock;

    const string Correct = """
        UPDATE accreditation_Entry
        SET Revision = @Revision, PersonId = @PersonId, Title = @Title, Source = @Source, HappenedOn = @HappenedOn, Minutes = @Minutes, ParticipatoryMinutes = @Minutes, Reflection = COALESCE(Reflection, @Reflection),
            WithdrawnAt = @WithdrawnAt, RecordedAt = @RecordedAt
        WHERE CauseKind = 'Attendance' AND CauseId = @CauseId AND Revision < @Revision
        """;
    const string Enter = """
        INSERT INTO accreditation_Entry (Id, PersonId, CauseKind, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode, AuthorityId, Reflection, WithdrawnAt, RecordedAt, Version)
        SELECT @Id, @PersonId, 'Attendance', @CauseId, @Revision, @Title, @Source, @HappenedOn, @Minutes, @Minutes, 0, 'InPerson', @AuthorityId, @Reflection, @WithdrawnAt, @RecordedAt, 1
        WHERE NOT EXISTS (SELECT 1 FROM accreditation_Entry WHERE CauseKind = 'Attendance' AND CauseId = @CauseId)
        """;

    protected override async Task React(PlacementHoursSignedOff happened, CancellationToken ct) {
        var entry = new {
            Id = Ids.New(clock), happened.PersonId, CauseId = happened.SlotId, happened.Revision, happened.Title, Source = happened.HostName, HappenedOn = London.Day(happened.StartsAt), happened.Minutes, happened.AuthorityId,
            Reflection = happened.Reflection.Length > 0 ? happened.Reflection : null, WithdrawnAt = happened.Minutes == 0 ? clock.GetUtcNow().UtcDateTime : (DateTime?)null, RecordedAt = happened.SignedAt,
        };
        if (await db.Execute(Correct, entry, ct) == 0) await db.Execute(Enter, entry, ct);
    }
}
