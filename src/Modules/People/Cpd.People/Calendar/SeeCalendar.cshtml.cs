using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Calendar;

[Requires(PeoplePermissions.ChangeCalendar)]
internal sealed class SeeCalendarPage(IMediator mediator, CurrentUser me, TimeProvider clock) : CpdPage {
    /// <summary>Whose calendar: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty] public int? SchoolYear { get; set; }
    [BindProperty] public string? Label { get; set; }
    [BindProperty, Display(Name = "The first day")] public DateOnly? StartsOn { get; set; }
    [BindProperty, Display(Name = "The last day")] public DateOnly? EndsOn { get; set; }
    [BindProperty, Display(Name = "The day")] public DateOnly? ClosedOn { get; set; }
    [BindProperty] public string? ClosedLabel { get; set; }
    [BindProperty] public Guid Id { get; set; }

    /// <summary>Null until one is chosen.</summary>
    internal SeeCalendar.View? Calendar { get; private set; }
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Years => [.. Enumerable.Range(ThisYear - 1, 4).Select(y => new SelectListItem(SeeCalendar.YearWords(y), y.ToString(CultureInfo.InvariantCulture), y == ThisYear))];
    int ThisYear => London.Today(clock) is { Month: >= 8, Year: var year } ? year : London.Today(clock).Year - 1;
    string Here => PeopleLinks.Calendar + "?authorityId=" + AuthorityId;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await Load(ct) ?? Page();

    public async Task<IActionResult> OnPostTermAsync(CancellationToken ct) =>
        await Act(new AddTerm.Command(AuthorityId ?? Guid.Empty, SchoolYear, Label, StartsOn, EndsOn), "The term has been added.", ct);

    public async Task<IActionResult> OnPostRemoveTermAsync(CancellationToken ct) => await Act(new RemoveTerm.Command(Id), "The term has been removed.", ct);

    public async Task<IActionResult> OnPostDayAsync(CancellationToken ct) =>
        await Act(new AddClosedDay.Command(AuthorityId ?? Guid.Empty, ClosedOn, ClosedLabel), "The closed day has been added.", ct);

    public async Task<IActionResult> OnPostRemoveDayAsync(CancellationToken ct) => await Act(new RemoveClosedDay.Command(Id), "The closed day has been removed.", ct);

    async Task<IActionResult> Act<T>(IRequest<Outcome<T>> command, string done, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return await Load(ct) ?? Refused(refusal);
        Banner(done);
        return Redirect(Here);
    }

    async Task<IActionResult?> Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.ChangeCalendar);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeCalendar.Query(authority, new DateOnly(ThisYear - 1, 8, 1)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Calendar = outcome.Value;
        return null;
    }
}
