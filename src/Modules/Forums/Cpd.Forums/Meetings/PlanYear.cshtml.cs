using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Meetings;

/// <summary>First what the officer wishes, by which dates are proposed; then the dates, as they change them, to publish.</summary>
[Requires(ForumsPermissions.ManageForums)]
internal sealed class PlanYearPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true)] public int? SchoolYear { get; set; }
    [BindProperty(SupportsGet = true)] public DayOfWeek Weekday { get; set; } = DayOfWeek.Wednesday;
    [BindProperty(SupportsGet = true)] public PartOfTerm Part { get; set; } = PartOfTerm.Middle;
    [BindProperty(SupportsGet = true), Display(Name = "Start time")] public TimeOnly? From { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "End time")] public TimeOnly? To { get; set; }

    [BindProperty] public List<TypedDay> Days { get; set; } = [];
    [BindProperty, Display(Name = "Start time")] public TimeOnly? StartsAt { get; set; }
    [BindProperty, Display(Name = "End time")] public TimeOnly? EndsAt { get; set; }
    [BindProperty] public MeetingMode? Mode { get; set; }
    [BindProperty] public string? Venue { get; set; }
    [BindProperty] public string? JoiningLink { get; set; }
    [BindProperty, Display(Name = "Places in all")] public int? Places { get; set; }
    [BindProperty] public string? Topics { get; set; }
    [BindProperty] public bool AsDrafts { get; set; }
    /// <summary>Only look at what else is on, on the days as they were changed.</summary>
    [BindProperty] public bool Check { get; set; }

    internal bool IsChecked { get; private set; }
    internal ProposeYear.View Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Years => [.. Found.Years.Select(y => new SelectListItem($"{y} to {y + 1}", $"{y}"))];
    internal static IReadOnlyList<SelectListItem> Weekdays => [.. Enumerable.Range((int)DayOfWeek.Monday, 6).Select(d => (DayOfWeek)d).Select(d => new SelectListItem(d.ToString(), d.ToString()))];
    internal static IReadOnlyList<SelectListItem> Parts => [new("Near the beginning", nameof(PartOfTerm.Beginning)), new("In the middle", nameof(PartOfTerm.Middle)), new("Near the end", nameof(PartOfTerm.End))];

    internal sealed class TypedDay {
        public string? Term { get; set; }
        [Display(Name = "Date")] public DateOnly? On { get; set; }
    }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        if (Found.Series.EndedAt is not null) return Redirect(ForumsLinks.Series(id));
        Days = [.. Found.Meetings.Select(m => new TypedDay { Term = m.Term, On = m.On })];
        (SchoolYear, StartsAt, EndsAt, Mode, Places) = (Found.SchoolYear, From, To, Found.Series.Mode, Found.Series.Places);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        // An emptied date is left out, so one that can't be read must not be taken for it.
        if (Unreadable) return Refused(new Invalid([]));
        IsChecked = Check;
        if (Check) return Page();
        var outcome = await mediator.Send(new PublishYear.Command(id, StartsAt, EndsAt, Venue, [.. Days.Select(d => new PublishYear.Day(d.Term, d.On))]) { Mode = Mode, JoiningLink = JoiningLink, Places = Places, Topics = Topics, AsDrafts = AsDrafts }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal is Invalid invalid ? new Invalid([.. invalid.Errors.Select(e => e.Field == nameof(PublishYear.Command.Meetings) ? e with { Field = $"Days[{Wrong}].On" } : e)]) : refusal);
        Banner(AsDrafts ? $"{Show.Count(outcome.Value, "meeting has", "meetings have")} been saved as drafts." : $"{Show.Count(outcome.Value, "meeting has", "meetings have")} been published, and every member is invited.");
        return Redirect(ForumsLinks.Series(id));
    }

    internal string Hint(int i) => Proposed(i) is { } proposed ? $"The term lasts from {Show.Date(proposed.TermStartsOn)} to {Show.Date(proposed.TermEndsOn)}"
        + (proposed.Already.Count > 0 ? $". The forum meets in it already: {string.Join(", ", proposed.Already.Select(at => Show.Date(at)))}" : "") : "";

    internal IEnumerable<string> Warnings(int i) {
        if (Proposed(i) is not { } proposed) yield break;
        if (proposed.On is null && proposed.Already.Count == 0 && Request.Method == "GET") yield return "This term has no such day left on which you are open.";
        if (proposed.IsClosed) yield return $"Your authority is closed on {Show.Date(proposed.On!.Value)}.";
        if (proposed.On < proposed.TermStartsOn || proposed.On > proposed.TermEndsOn) yield return $"{Show.Date(proposed.On!.Value)} is not in this term.";
        foreach (var clash in proposed.Clashes) yield return $"Also on {Show.Date(proposed.On!.Value)}: {clash}.";
        if (proposed.MembersBound > 0) yield return $"{Show.Count(proposed.MembersBound, "member is", "members are")} bound elsewhere on {Show.Date(proposed.On!.Value)} at that time.";
    }

    ProposeYear.Proposed? Proposed(int i) => Found.Meetings.FirstOrDefault(m => m.Term == Days[i].Term);

    /// <summary>Which date a sentence about the dates is about: one that is over, stands there twice or is taken; or the first of them.</summary>
    int Wrong {
        get {
            var typed = Days.Index().Where(d => d.Item.On is not null).ToList();
            return typed.Where(d => d.Item.On <= London.Today(clock) || typed.Any(o => o.Index < d.Index && o.Item.On == d.Item.On) || Found.Meetings.Any(m => m.Already.Any(at => London.Day(at) == d.Item.On)))
                .Concat(typed).Select(d => d.Index).FirstOrDefault();
        }
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        From ??= new TimeOnly(16, 0);
        To ??= new TimeOnly(17, 30);
        var outcome = await mediator.Send(Request.Method == "GET" ? new ProposeYear.Query(id, SchoolYear, Weekday, From.Value, To.Value, Part)
            : new ProposeYear.Query(id, SchoolYear, Weekday, StartsAt ?? From.Value, EndsAt ?? To.Value, Part, [.. Days.Select(d => new PublishYear.Day(d.Term, d.On))]), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
