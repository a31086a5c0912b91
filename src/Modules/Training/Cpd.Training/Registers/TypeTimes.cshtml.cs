using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Registers;

/// <summary>Typing in from paper: the whole list of one date at once, with the times at which people came and left.</summary>
[Requires(TrainingPermissions.KeepRegister)]
internal sealed class TypeTimesPage(IMediator mediator, TimeProvider clock) : CpdPage {
    /// <summary>Which date of the session, from 1.</summary>
    [BindProperty(SupportsGet = true, Name = "date")] public int Date { get; set; } = 1;
    [BindProperty] public List<TypedTimes> Rows { get; set; } = [];
    [BindProperty] public Guid Token { get; set; }

    internal OpenRegister.View Register { get; private set; } = null!;
    internal OpenRegister.Session Session => Register.Session;
    internal int Index => Math.Clamp(Date, 1, Register.Dates.Count) - 1;
    internal bool IsOpen => Session.State == Publication.Published && London.Day(Session.StartsAt) <= London.Today(clock);

    /// <summary>One line of the paper, with what stood there when the page was opened.</summary>
    public sealed class TypedTimes {
        public Guid BookingId { get; set; }
        [Display(Name = "The time they came")] public TimeOnly? In { get; set; }
        [Display(Name = "The time they left")] public TimeOnly? Out { get; set; }
        public bool Absent { get; set; }
        public string? Was { get; set; }

        // Only what this person changed is written: what another has marked meanwhile stands.
        internal string Now => $"{In:HH:mm}-{Out:HH:mm}-{Absent}";
    }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        Token = Ids.New(clock);
        Rows = [.. Register.Entries.Select(Row)];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        // Whoever has come or gone since the page was opened is added or left out.
        var sent = Rows.DistinctBy(r => r.BookingId).ToDictionary(r => r.BookingId);
        if (!Register.Entries.Select(e => e.BookingId).SequenceEqual(Rows.Select(r => r.BookingId))) {
            foreach (var key in ModelState.Keys.Where(k => k.StartsWith(nameof(Rows), StringComparison.Ordinal)).ToList()) ModelState.Remove(key);
            Rows = [.. Register.Entries.Select(e => sent.GetValueOrDefault(e.BookingId) ?? Row(e))];
        }
        if (Unreadable) return Refused(new Invalid([]));
        var date = Register.Dates[Index];
        DateTimeOffset now = new(clock.GetUtcNow().UtcDateTime);
        var (marks, wrong) = (new List<MarkAttendance.Made>(), new List<FieldError>());
        foreach (var (i, row) in Rows.Index().Where(r => r.Item.Now != r.Item.Was)) {
            if (row.Absent && (row.In ?? row.Out) is not null) wrong.Add(new($"Rows[{i}].In", "Leave the times empty for someone who did not come"));
            else if (row is { In: { } came, Out: { } left } && left <= came) wrong.Add(new($"Rows[{i}].Out", "The time they left must be after the time they came"));
            else marks.Add(new(Nonce(row), row.Absent ? MarkKind.Absent : row.In is null && row.Out is null ? MarkKind.Clear : MarkKind.Times, row.BookingId, null, null,
                row.In is { } start ? At(date.StartsAt, start) : row.Out is null ? new(date.StartsAt) : null, row.Out is { } end ? At(date.StartsAt, end) : null, null, now, MarkSource.Paper));
        }
        if (wrong.Count > 0) return Refused(new Invalid(wrong));
        if (marks.Count > 0) {
            var outcome = await mediator.Send(new MarkAttendance.Command(id, null, marks), ct);
            if (outcome.Refusal is { } refusal) return Refused(refusal);
            if (outcome.Value.Marks.FirstOrDefault(m => m.Result == MarkResult.Refused) is { Why: { } why }) return Refused(Outcome.Conflict(why));
        }
        Banner(marks.Count == 0 ? "Nothing has changed." : $"Saved for {Show.Count(marks.Count, "person", "people")}.");
        return Redirect(Index + 1 < Register.Dates.Count ? $"{TrainingLinks.TypedTimes(id)}?date={Index + 2}" : TrainingLinks.Register(id));
    }

    TypedTimes Row(OpenRegister.Entry entry) {
        var day = entry.Days[Index];
        var row = new TypedTimes { BookingId = entry.BookingId, Absent = day is { Here: false }, In = Typed(day?.In), Out = Typed(day?.Out) };
        // Someone who is here without a time came at the start.
        if (day is { Here: true, In: null, Out: null }) row.In = Typed(Register.Dates[Index].StartsAt);
        row.Was = row.Now;
        return row;
    }

    Guid Nonce(TypedTimes row) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}\n{row.BookingId}\n{row.Now}")).AsSpan(0, 16));

    static TimeOnly? Typed(DateTime? utc) => utc is { } at ? new TimeOnly(London.FromUtc(at).Hour, London.FromUtc(at).Minute) : null;

    static DateTimeOffset At(DateTime date, TimeOnly time) => new(London.ToUtc(London.Day(date), time));

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is null) Register = outcome.Value;
        return outcome.Refusal;
    }
}
