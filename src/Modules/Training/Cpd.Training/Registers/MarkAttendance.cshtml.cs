using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

/// <summary>
/// The register at the door: one tap a person, on a phone. Without script each tap is a form; with it, marks gather on the phone while there is no
/// network and come here as JSON.
/// </summary>
[Requires(TrainingPermissions.KeepRegister)]
internal sealed class MarkAttendancePage(IMediator mediator, CurrentUser me, TimeProvider clock) : CpdPage {
    /// <summary>Part of a name, a setting or a reference.</summary>
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    /// <summary>The beginning of the name of somebody without a booking.</summary>
    [BindProperty(SupportsGet = true, Name = "who")] public string? Who { get; set; }
    /// <summary>When they came, if that was noted before they were found.</summary>
    [BindProperty(SupportsGet = true, Name = "came")] public DateTimeOffset? CameAt { get; set; }
    /// <summary>The button: whom, and what of them. "{booking}.Came", "{booking}.Undo.{nonce}", "{person}.WalkIn".</summary>
    [BindProperty] public string? Tap { get; set; }
    /// <summary>Of the page as it was sent out: the nonces of its taps come from it.</summary>
    [BindProperty] public Guid Token { get; set; }

    internal OpenRegister.View Register { get; private set; } = null!;
    internal OpenRegister.Session Session => Register.Session;
    internal IReadOnlyList<OpenRegister.Entry> Shown { get; private set; } = [];
    internal IReadOnlyList<FindWalkIns.Found> Found { get; private set; } = [];
    internal bool IsOpen => Session.State == Publication.Published && London.Day(Session.StartsAt) <= London.Today(clock);
    internal DateTime Now => clock.GetUtcNow().UtcDateTime;
    internal int Today => Presence.Nearest(Register.Dates, Now);
    internal Guid Me => me.PersonId;
    internal int Here => Register.Entries.Count(e => Where(e) is Place.Here);

    internal enum Place { None, Here, Left, Absent }

    internal Place Where(OpenRegister.Entry entry) => entry.Days[Today] switch {
        { Here: false } => Place.Absent, { Out: not null } => Place.Left, { } => Place.Here,
        null => entry.Days.Any(d => d is not null) ? Place.None : entry.Attendance switch { null => Place.None, Attendance.DidNotAttend => Place.Absent, _ => Place.Here },
    };

    internal string Words(OpenRegister.Entry entry) => entry.Days[Today] switch {
        { Here: false } => "Did not come",
        { Out: { } left } => $"Left at {Show.Time(left)}",
        { In: { } came, By: MarkSource.Link } => $"Joined at {Show.Time(came)}",
        { In: { } came } => $"Here since {Show.Time(came)}",
        { } => "Here",
        null => entry.Days.Any(d => d is not null) || entry.Attendance is null ? "Not here yet"
            : entry.Attendance == Attendance.Part ? $"{TrainingWording.Of(Attendance.Part)}, {Show.Duration(entry.Minutes)}" : TrainingWording.Of(entry.Attendance.Value),
    };

    internal bool MayUndo(OpenRegister.Entry entry) => entry.LastMadeAt is { } made && Now - made <= Presence.Undoable;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Read() is not { } mark) return Refused(Outcome.Invalid("", "Press one of the buttons beside a name"));
        var outcome = await mediator.Send(new MarkAttendance.Command(id, null, [mark]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        if (outcome.Value.Marks[0] is { Result: MarkAttendance.Result.Refused, Why: { } why }) return Refused(Outcome.Conflict(why));
        var name = Register.Entries.FirstOrDefault(e => e.BookingId == mark.BookingId)?.Name ?? Found.FirstOrDefault(f => f.PersonId == mark.PersonId)?.Name ?? "They";
        Banner(mark.Kind switch {
            MarkKind.Left => $"{name} has left.", MarkKind.Absent => $"{name} did not come.", MarkKind.Undo => $"Undone for {name}.", _ => $"{name} is here.",
        });
        return Redirect(TrainingLinks.Door(id) + (string.IsNullOrWhiteSpace(Find) ? "" : $"?find={Uri.EscapeDataString(Find)}"));
    }

    /// <summary>What gathered on a phone. The answer says of each mark what became of it.</summary>
    public async Task<IActionResult> OnPostMarksAsync(Guid id, [FromBody] MarkAttendance.Body? body, CancellationToken ct) {
        var outcome = await mediator.Send(new MarkAttendance.Command(id, body?.SentAt, body?.Marks), ct);
        return outcome.Refusal switch {
            null => new JsonResult(outcome.Value),
            Cpd.Platform.Messaging.NotFound => NotFound(),
            Conflict conflict => new JsonResult(new { why = conflict.Sentence }) { StatusCode = 409 },
            Invalid invalid => new JsonResult(new { why = invalid.Errors[0].Sentence }) { StatusCode = 400 },
            _ => StatusCode(403),
        };
    }

    MarkAttendance.Made? Read() {
        var parts = (Tap ?? "").Split('.');
        if (parts.Length < 2 || !Guid.TryParse(parts[0], out var whom)) return null;
        // The same button of the same page is the same mark, however often it is pressed.
        var nonce = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}\n{Tap}")).AsSpan(0, 16));
        DateTimeOffset now = new(Now);
        if (parts[1] == "WalkIn") return new(nonce, MarkKind.Came, null, null, whom, CameAt, null, null, now, MarkSource.Door);
        if (!Enum.TryParse<MarkKind>(parts[1], out var kind) || kind is not (MarkKind.Came or MarkKind.Left or MarkKind.Absent or MarkKind.Undo)) return null;
        return new(nonce, kind, whom, null, null, null, null, parts.Length > 2 && Guid.TryParse(parts[2], out var undoes) ? undoes : null, now, MarkSource.Door);
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Register = outcome.Value;
        var (words, reference) = (WordKey.Of(Find ?? ""), Codes.Normalise(Find ?? ""));
        Shown = words.Length == 0 ? Register.Entries : [.. Register.Entries.Where(e => WordKey.Of(e.Name).Contains(words, StringComparison.Ordinal) || WordKey.Of(e.SettingName).Contains(words, StringComparison.Ordinal) || e.Reference == reference)];
        if (!string.IsNullOrWhiteSpace(Who) && await mediator.Send(new FindWalkIns.Query(id, Who), ct) is { Refusal: null } found) Found = found.Value;
        if (Token == Guid.Empty) Token = Ids.New(clock);
        return null;
    }
}
