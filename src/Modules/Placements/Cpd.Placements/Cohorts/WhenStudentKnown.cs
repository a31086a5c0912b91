using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;

namespace Cpd.Placements.Cohorts;

/// <summary>From the moment that People has said who a student is, they find their placement when they sign in.</summary>
internal sealed class WhenStudentKnown(Db db, TimeProvider clock) : Reaction<StudentKnown>(db, clock) {
    readonly Db db = db;

    const string Update = "UPDATE placements_Student SET PersonId = @PersonId WHERE Id = @StudentId AND PersonId IS NULL";

    protected override Task React(StudentKnown happened, CancellationToken ct) => db.Execute(Update, happened, ct);
}
