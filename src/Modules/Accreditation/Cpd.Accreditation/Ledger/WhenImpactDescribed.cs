using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;

namespace Cpd.Accreditation.Ledger;

/// <summary>What somebody says that a course has changed becomes a reflection of its entry, beside what they write themselves.</summary>
internal sealed class WhenImpactDescribed(Db db, TimeProvider clock) : Reaction<ImpactDescribed>(db, clock) {
    readonly Db db = db;

    const string Update = "UPDATE accreditation_Entry SET Impact = @Words, ImpactOn = @On WHERE CauseKind = 'Attendance' AND CauseId = @BookingId AND PersonId = @PersonId";

    protected override Task React(ImpactDescribed happened, CancellationToken ct) => db.Execute(Update, new {
        happened.BookingId, happened.PersonId, Words = happened.Words.Length > 0 ? happened.Words : happened.Changed ? "Something has changed." : "Nothing has changed.", On = London.Day(happened.AnsweredAt),
    }, ct);
}
