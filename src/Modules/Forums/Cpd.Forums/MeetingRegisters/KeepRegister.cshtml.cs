using System.Security.Cryptography;
using System.Text;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>The register of a meeting on a phone: one tap a person, the quorum above, closing below.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class KeepRegisterPage(IMediator mediator, TimeProvider clock) : CpdPage {
    /// <summary>Part of a name or a setting.</summary>
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    /// <summary>The beginning of the name of somebody who is no member.</summary>
    [BindProperty(SupportsGet = true, Name = "who")] public string? Who { get; set; }
    /// <summary>The button: whom, and what of them. "{person}.Came", "{person}.Undo.{nonce}".</summary>
    [BindProperty] public string? Tap { get; set; }
    /// <summary>Of the page as it was sent out: the nonces of its taps come from it.</summary>
    [BindProperty] public Guid Token { get; set; }
    [BindProperty] public Guid PersonId { get; set; }

    internal OpenRegister.View Register { get; private set; } = null!;
    internal Held Meeting => Register.Meeting;
    internal IReadOnlyList<OpenRegister.Entry> Shown { get; private set; } = [];
    internal IReadOnlyList<FindGuests.Found> Found { get; private set; } = [];
    internal bool IsOpen => Meeting.State == Publication.Published && London.Day(Meeting.StartsAt) <= London.Today(clock);
    internal bool MayClose => IsOpen && Meeting.RegisterClosedAt is null && Meeting.StartsAt <= Now;
    internal int Here => Register.Entries.Count(e => e.Day is { Here: true, Out: null });
    DateTime Now => clock.GetUtcNow().UtcDateTime;

    internal int Came => Register.Entries.Count(e => e.Attendance is Attendance.Attended or Attendance.Part);

    internal string Words(OpenRegister.Entry entry) => entry.Day switch {
        { Here: false } => "Did not come",
        { Out: { } left } => $"Left at {Show.Time(left)}{Counted(entry)}",
        { In: { } came, By: MarkSource.Link } => $"Joined at {Show.Time(came)}{Counted(entry)}",
        { In: { } came } => $"{(Meeting.RegisterClosedAt is null ? "Here since" : "Came at")} {Show.Time(came)}{Counted(entry)}",
        { } => $"{(Meeting.RegisterClosedAt is null ? "Here" : "Came")}{Counted(entry)}",
        null => entry.Attendance is not null ? "Did not come" : entry.Reply == Reply.Apologies ? "Apologies" : entry.Reply == Reply.Coming ? "Said they would come" : "Not here yet",
    };

    static string Counted(OpenRegister.Entry entry) => $", {Show.Duration(entry.Minutes)}";

    internal bool MayUndo(OpenRegister.Entry entry) => entry.LastMadeAt is { } made && Now - made <= Presence.Undoable;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (Read() is not { } mark) return Refused(Outcome.Invalid("", "Press one of the buttons beside a name"));
        var outcome = await mediator.Send(new MarkAttendance.Command(id, [mark]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var name = Register.Entries.FirstOrDefault(e => e.PersonId == mark.PersonId)?.Name ?? Found.FirstOrDefault(f => f.PersonId == mark.PersonId)?.Name ?? "They";
        Banner(mark.Kind switch { MarkKind.Left => $"{name} has left.", MarkKind.Absent => $"{name} did not come.", MarkKind.Undo => $"Undone for {name}.", _ => $"{name} is here." });
        return Redirect(ForumsLinks.Register(id) + (string.IsNullOrWhiteSpace(Find) ? "" : $"?find={Uri.EscapeDataString(Find)}"));
    }

    public async Task<IActionResult> OnPostCloseAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new CloseRegister.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"The register is closed. {Show.Count(outcome.Value.Attended, "person was", "people were")} there." + (outcome.Value.QuorumMet switch { true => " The quorum was met.", false => " The quorum was not met.", null => "" }));
        return Redirect(ForumsLinks.Register(id));
    }

    public async Task<IActionResult> OnPostMemberAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        var outcome = await mediator.Send(new KeepWalkIn.Command(id, PersonId), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("They are a member now, and invited to each meeting.");
        return Redirect(ForumsLinks.Register(id));
    }

    MarkAttendance.Made? Read() {
        var parts = (Tap ?? "").Split('.');
        if (parts.Length < 2 || !Guid.TryParse(parts[0], out var whom) || !Enum.TryParse<MarkKind>(parts[1], out var kind) || kind is not (MarkKind.Came or MarkKind.Left or MarkKind.Absent or MarkKind.Undo)) return null;
        // The same button of the same page is the same mark, however often it is pressed.
        var nonce = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}\n{Tap}")).AsSpan(0, 16));
        return new(nonce, kind, whom, Undoes: parts.Length > 2 && Guid.TryParse(parts[2], out var undoes) ? undoes : null);
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Register = outcome.Value;
        var words = (Find ?? "").Trim();
        Shown = words.Length == 0 ? Register.Entries : [.. Register.Entries.Where(e => e.Name.Contains(words, StringComparison.OrdinalIgnoreCase) || e.SettingName.Contains(words, StringComparison.OrdinalIgnoreCase))];
        if (IsOpen && !string.IsNullOrWhiteSpace(Who)) Found = (await mediator.Send(new FindGuests.Query(id, Who), ct)).Value;
        Token = Request.Method == "POST" ? Token : Ids.New(clock);
        return null;
    }
}
