using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>Typing in from paper: the whole list at once, with the times at which people came and left.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class TypeTimesPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty] public List<TypedTimes> Rows { get; set; } = [];
    [BindProperty] public Guid Token { get; set; }

    internal OpenRegister.View Register { get; private set; } = null!;
    internal Held Meeting => Register.Meeting;
    internal bool IsOpen => Meeting.State == Publication.Published && London.Day(Meeting.StartsAt) <= London.Today(clock);

    /// <summary>One line of the paper, with what stood there when the page was opened.</summary>
    public sealed class TypedTimes {
        public Guid PersonId { get; set; }
        [Display(Name = "The time they came")] public TimeOnly? In { get; set; }
        [Display(Name = "The time they left")] public TimeOnly? Out { get; set; }
        public string? Was { get; set; }

        // Only what this person changed is written: what another has marked meanwhile stands.
        internal string Now => $"{In:HH:mm}-{Out:HH:mm}";
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
        if (!Register.Entries.Select(e => e.PersonId).SequenceEqual(Rows.Select(r => r.PersonId))) {
            var sent = Rows.DistinctBy(r => r.PersonId).ToDictionary(r => r.PersonId);
            foreach (var key in ModelState.Keys.Where(k => k.StartsWith(nameof(Rows), StringComparison.Ordinal)).ToList()) ModelState.Remove(key);
            Rows = [.. Register.Entries.Select(e => sent.GetValueOrDefault(e.PersonId) ?? Row(e))];
        }
        if (Unreadable) return Refused(new Invalid([]));
        var changed = Rows.Index().Where(r => r.Item.Now != r.Item.Was).ToList();
        if (changed.Where(r => r.Item is { In: { } came, Out: { } left } && left <= came).Select(r => new FieldError($"Rows[{r.Index}].Out", "The time they left must be after the time they came")).ToList() is { Count: > 0 } wrong) return Refused(new Invalid(wrong));
        var marks = changed.Select(r => new MarkAttendance.Made(Nonce(r.Item), r.Item.In is null && r.Item.Out is null ? MarkKind.Clear : MarkKind.Times, r.Item.PersonId,
            r.Item.In is { } start ? At(start) : r.Item.Out is null ? new(Meeting.StartsAt) : null, r.Item.Out is { } end ? At(end) : null, Source: MarkSource.Paper)).ToList();
        if (marks.Count > 0) {
            var outcome = await mediator.Send(new MarkAttendance.Command(id, marks), ct);
            if (outcome.Refusal is { } refusal) return Refused(refusal);
            if (outcome.Value.Marks.FirstOrDefault(m => m.Result == MarkResult.Refused) is { Why: { } why }) return Refused(Outcome.Conflict(why));
        }
        Banner(marks.Count == 0 ? "Nothing has changed." : $"Saved for {Show.Count(marks.Count, "person", "people")}.");
        return Redirect(ForumsLinks.Register(id));
    }

    static TypedTimes Row(OpenRegister.Entry entry) {
        var row = new TypedTimes { PersonId = entry.PersonId, In = Typed(entry.Day?.In), Out = Typed(entry.Day?.Out) };
        row.Was = row.Now;
        return row;
    }

    Guid Nonce(TypedTimes row) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Token}\n{row.PersonId}\n{row.Now}")).AsSpan(0, 16));

    static TimeOnly? Typed(DateTime? utc) => utc is { } at ? new TimeOnly(London.FromUtc(at).Hour, London.FromUtc(at).Minute) : null;

    DateTimeOffset At(TimeOnly time) => new(London.ToUtc(London.Day(Meeting.StartsAt), time));

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenRegister.Query(id), ct);
        if (outcome.Refusal is null) Register = outcome.Value;
        return outcome.Refusal;
    }
}
