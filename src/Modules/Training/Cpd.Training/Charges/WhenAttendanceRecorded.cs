using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Charges;

/// <summary>
/// A register that is closed with someone missing costs their setting what the authority's table says. If it is corrected, the charge
/// lapses; corrected back, it is due again. What an officer has waived stays waived. The booking itself is read, not the event, so that
/// events which come late or twice change nothing.
/// </summary>
internal sealed class WhenAttendanceRecorded(Db db, IMediator mediator, Tariff tariff, TimeProvider clock) : Reaction<AttendanceRecorded>(db, clock) {
    const string Select = """
        SELECT b.Attendance, b.State, b.IsWalkIn, b.BookedAt, s.AuthorityId, c.State AS ChargeState
        FROM training_Booking b
        JOIN training_Session s ON s.Id = b.SessionId
        LEFT JOIN training_Charge c ON c.BookingId = b.Id
        WHERE b.Id = @BookingId
        """;
    const string Turn = """
        UPDATE training_Charge SET State = @State, ChangedAt = @Now, Reason = @Reason
        WHERE BookingId = @BookingId AND Kind = 'NoShow' AND State = @Was
        """;

    readonly Db db = db;
    readonly TimeProvider clock = clock;

    protected override async Task React(AttendanceRecorded happened, CancellationToken ct) {
        if (await db.One<Row>(Select, new { happened.BookingId }, ct) is not { } booking) return;
        var missed = booking is { State: BookingState.Booked, IsWalkIn: false, Attendance: Attendance.DidNotAttend };
        if (booking.ChargeState is not null) {
            var (was, now, reason) = missed ? (ChargeState.Lapsed, ChargeState.Due, "") : (ChargeState.Due, ChargeState.Lapsed, "The register was corrected");
            await db.Execute(Turn, new { happened.BookingId, State = now.ToString(), Was = was.ToString(), Reason = reason, Now = clock.GetUtcNow().UtcDateTime }, ct);
        } else if (missed && await tariff.Terms(booking.AuthorityId, booking.BookedAt, ct) is { NoShowPence: > 0 and var pence }) {
            await mediator.Send(new MakeCharge.Command(happened.BookingId, ChargeKind.NoShow, pence), ct);
        }
    }

    sealed record Row {
        public Attendance? Attendance { get; init; }
        public BookingState State { get; init; }
        public bool IsWalkIn { get; init; }
        public DateTime BookedAt { get; init; }
        public Guid AuthorityId { get; init; }
        public ChargeState? ChargeState { get; init; }
    }
}
