using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Telemetry;

namespace Cpd.Training.Bookings;

/// <summary>Something done with a booking, in a word or two, with what there is to say of it.</summary>
/// <param name="InsteadOf">Who had the booking until now, when a colleague takes it over.</param>
internal sealed record Act(Guid BookingId, string What, string Detail = "", Guid? InsteadOf = null);

/// <summary>Writes who did what with a booking, in the transaction of the act.</summary>
internal sealed class BookingLog(Db db, CurrentUser me, TimeProvider clock) {
    const string Insert = "INSERT INTO training_BookingHistory (Id, BookingId, At, PersonId, Act, Detail, InsteadOf) VALUES (@Id, @BookingId, @Now, @Me, @What, @Detail, @InsteadOf)";

    /// <param name="by">Who did it, if not the one who is signed in: someone who follows a link of a message. Nobody at all (an empty id) is the clock.</param>
    internal async Task Add(IReadOnlyList<Act> acts, CancellationToken ct, Guid? by = null) {
        if (acts.Count == 0) return;
        await db.Execute(Insert, acts.Select(a => new { Id = Ids.New(clock), a.BookingId, Now = clock.GetUtcNow().UtcDateTime, Me = by ?? me.PersonId, a.What, a.Detail, a.InsteadOf }).ToList(), ct);
        db.AfterCommit(() => {
            foreach (var act in acts.CountBy(a => a.What)) Measures.Act("booking", act.Key, act.Value);
        });
    }
}
