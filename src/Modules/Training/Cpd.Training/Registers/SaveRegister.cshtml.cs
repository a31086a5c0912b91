using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Registers;

[Requires(TrainingPermissions.KeepRegister)]
internal sealed class SaveRegisterPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "find")] public string? Find { get; set; }
    [BindProperty] public List<TypedEntry> Entries { get; set; } = [];
    [BindProperty] public List<Guid> WalkIns { get; set; } = [];
    [BindProperty] public bool RestDidNotAttend { get; set; }
    /// <summary>Sent by the button that closes.</summary>
    [BindProperty] public bool Close { get; set; }

    internal OpenRegister.View Register { get; private set; } = null!;
    internal OpenRegister.Session Session => Register.Session;
    internal IReadOnlyList<DoorStranger> Found { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> WalkInItems => [.. Found.Select(f => new HintedItem(f.Name, f.PersonId.ToString(), f.SettingName))];
    internal bool IsOpen => Session.State == Publication.Published && London.Day(Session.StartsAt) <= London.Today(clock);

    /// <summary>One person's line as it was sent, with what stood there when the page was opened.</summary>
    public sealed class TypedEntry {
        public Guid PersonId { get; set; }
        internal Attendance? Recorded => Enum.TryParse<Attendance>(Attendance, out var a) && Enum.IsDefined(a) ? a : null;
        public string? Attendance { get; set; }
        public int? Minutes { get; set; }
        public string? Was { get; set; }
        public int? WasMinutes { get; set; }

        // Only what this person changed is written: two who keep one register do not undo each other.
        internal bool IsUntouched => (Attendance ?? "") == (Was ?? "") && (Recorded != Platform.Registers.Attendance.Part || Minutes == WasMinutes);
    }

    /// <summary>The setting, and when they were there: "Nursery 1. 9:58am to 12:03pm".</summary>
    internal string Hint(OpenRegister.Entry entry) => string.Join(". ", new[] { entry.SettingName }.Concat(entry.Days.Select((day, i) => (Day: day, Date: Register.Dates[i]))
        .Where(d => d.Day is not null).Select(d => (Register.Dates.Count > 1 ? Show.Date(d.Date.StartsAt) + ": " : "") + (d.Day!.Here ? $"{Show.Time(d.Day.In ?? d.Date.StartsAt)} to {Show.Time(d.Day.Out ?? d.Date.EndsAt)}{(d.Day.By == MarkSource.Link ? ", by the joining link" : "")}" : "did not come"))).Where(t => t.Length > 0));

    internal static IReadOnlyList<SelectListItem> Choices(bool isWalkIn) => [
        new(TrainingWording.Of(Attendance.Attended), nameof(Attendance.Attended)), new(TrainingWording.Of(Attendance.Part), nameof(Attendance.Part)),
        new(TrainingWording.Of(Attendance.DidNotAttend), nameof(Attendance.DidNotAttend)), new(isWalkIn ? "Remove from the register" : "Not recorded yet", "")];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        Entries = [.. Register.Entries.Select(e => new TypedEntry {
            PersonId = e.PersonId, Attendance = e.Attendance?.ToString() ?? "", Was = e.Attendance?.ToString() ?? "",
            Minutes = e.Attendance == Attendance.Part ? e.Minutes : null, WasMinutes = e.Attendance == Attendance.Part ? e.Minutes : null,
        })];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var entries = Entries.Select(e => new SaveRegister.Entry(e.PersonId, e.Recorded, e.Minutes, e.IsUntouched)).ToList();
        var outcome = await mediator.Send(new SaveRegister.Command(id, entries, WalkIns, Close) { RestDidNotAttend = RestDidNotAttend }, ct);
        if (outcome.Refusal is { } refusal) return await Load(id, ct) is { } unseen ? Refused(unseen) : Refused(refusal);
        var (recorded, missing, closed) = outcome.Value;
        Banner(closed ? $"The register is closed. {Show.Count(recorded, "attendance has", "attendances have")} been recorded."
            : $"Saved: {recorded} recorded, {missing} not recorded yet.");
        return Redirect(TrainingLinks.Register(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Register = outcome.Value;
        // After a refusal the lines stand as they were sent; whoever has come or gone since is added or left out.
        var sent = Entries.ToDictionary(e => e.PersonId);
        if (sent.Count > 0 && !Register.Entries.Select(e => e.PersonId).SequenceEqual(Entries.Select(e => e.PersonId))) {
            foreach (var key in ModelState.Keys.Where(k => k.StartsWith(nameof(Entries), StringComparison.Ordinal)).ToList()) ModelState.Remove(key);
            Entries = [.. Register.Entries.Select(e => sent.GetValueOrDefault(e.PersonId) ?? new TypedEntry { PersonId = e.PersonId, Attendance = e.Attendance?.ToString() ?? "", Was = e.Attendance?.ToString() ?? "" })];
        }
        if (!string.IsNullOrWhiteSpace(Find) && await mediator.Send(new FindWalkIns.Query(id, Find), ct) is { Refusal: null } found) Found = found.Value;
        return null;
    }
}
