using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

/// <summary>The register of a session at the door.</summary>
[Requires(TrainingPermissions.KeepRegister)]
internal sealed class MarkAttendancePage(IMediator mediator, CurrentUser me, TimeProvider clock) : DoorPage(clock) {
    internal OpenRegister.View View { get; private set; } = null!;
    internal OpenRegister.Session Session => View.Session;
    internal int Today => Presence.Nearest(View.Dates, Now);

    public override Guid Register => Session.Id;
    public override string Address => TrainingLinks.Door(Session.Id);
    public override string Whom => "bookingId";
    public override Guid Me => me.PersonId;
    public override bool IsOpen => Session.State == Publication.Published && London.Day(Session.StartsAt) <= London.Day(Now);
    public override bool IsClosed => Session.RegisterClosedAt is not null;
    public override DoorWords DoorWords => new("Find a name, setting or reference", "Nobody is booked", "Add those who come below.", "Somebody came without a booking?",
        "Find staff by the beginning of their name or email address", "Without a network, the name is kept on this phone until you can look for it");

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Button() is not { } pressed) return Refused(Outcome.Invalid("", "Press one of the buttons beside a name"));
        var (booking, person) = pressed.IsStranger ? ((Guid?)null, (Guid?)pressed.Whom) : (pressed.Whom, null);
        var outcome = await mediator.Send(new MarkAttendance.Command(id, null, [new(pressed.Nonce, pressed.Kind, booking, null, person, pressed.IsStranger ? CameAt : null, null, pressed.Undoes, new(Now), MarkSource.Door)]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        if (outcome.Value.Marks[0].Why is { } why) return Refused(Outcome.Conflict(why));
        Banner(pressed.Says(NameOf(pressed)));
        return Back();
    }

    /// <summary>What gathered on a phone. The answer says of each mark what became of it.</summary>
    public async Task<IActionResult> OnPostMarksAsync(Guid id, [FromBody] MarkAttendance.Body? body, CancellationToken ct) => Answered(await mediator.Send(new MarkAttendance.Command(id, body?.SentAt, body?.Marks), ct));

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        View = outcome.Value;
        Fill(View.Entries.Select(e => new DoorEntry(e.BookingId, e.IsWalkIn ? $"{e.Name} (walk-in)" : e.Name, e.SettingName, e.Reference, Place(e), Words(e), e.Last, e.LastMadeAt)));
        if (!string.IsNullOrWhiteSpace(Who) && await mediator.Send(new FindWalkIns.Query(id, Who), ct) is { Refusal: null } found) Strangers = found.Value;
        return null;
    }

    DoorPlace Place(OpenRegister.Entry entry) => entry.Days[Today] switch {
        { Here: false } => DoorPlace.Absent, { Out: not null } => DoorPlace.Left, { } => DoorPlace.Here,
        null => entry.Days.Any(d => d is not null) ? DoorPlace.None : entry.Attendance switch { null => DoorPlace.None, Attendance.DidNotAttend => DoorPlace.Absent, _ => DoorPlace.Here },
    };

    string Words(OpenRegister.Entry entry) => entry.Days[Today] switch {
        { Here: false } => "Did not come",
        { Out: { } left } => $"Left at {Show.Time(left)}",
        { In: { } came, By: MarkSource.Link } => $"Joined at {Show.Time(came)}",
        { In: { } came } => $"Here since {Show.Time(came)}",
        { } => "Here",
        null => entry.Days.Any(d => d is not null) || entry.Attendance is null ? "Not here yet"
            : entry.Attendance == Attendance.Part ? $"{TrainingWording.Of(Attendance.Part)}, {Show.Duration(entry.Minutes)}" : TrainingWording.Of(entry.Attendance.Value),
    };
}
