using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SendStudents)]
internal sealed class ConfirmChecksPage(IMediator mediator) : CpdPage {
    /// <summary>A student's and a check's id, with a dot between them.</summary>
    [BindProperty] public List<string> Ticked { get; set; } = [];
    /// <summary>What was ticked when the page was shown.</summary>
    [BindProperty] public List<string> Were { get; set; } = [];

    [FromQuery(Name = "page")] public int Number { get; set; } = 1;

    internal OpenCohort.View Cohort { get; private set; } = null!;
    internal int Pages => Math.Max(1, (Cohort.Total + OpenCohortPage.PageSize - 1) / OpenCohortPage.PageSize);
    internal ILookup<Guid, SeeChecks.Confirmed> Confirmed { get; private set; } = null!;
    internal Dictionary<Guid, string> By { get; private set; } = [];

    internal static string Value(Guid student, Guid check) => $"{student}.{check}";

    internal string Hint(Guid student) => string.Join("; ", Confirmed[student].GroupBy(c => (Day: London.Day(c.ConfirmedAt), c.ConfirmedBy)).OrderBy(g => g.Key.Day)
        .Select(g => $"{string.Join(", ", g.Select(c => Cohort.Checks.FirstOrDefault(k => k.Id == c.CheckId)?.Name))} confirmed on {Show.Date(g.Key.Day)} by {By.GetValueOrDefault(g.Key.ConfirmedBy, "somebody")}"));

    internal IReadOnlyList<SelectListItem> Items(Guid student) => [.. Cohort.Checks.Select(k => new SelectListItem(k.Name, Value(student, k.Id), Confirmed[student].Any(c => c.CheckId == k.Id)))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var outcome = await mediator.Send(new ConfirmChecks.Command(id, Pairs(Ticked.Except(Were)), Pairs(Were.Except(Ticked))), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(Number < Pages ? "The entry checks have been saved. Here are the next students." : "The entry checks have been saved.");
        return Redirect(Number < Pages ? $"{PlacementsLinks.Checks(id)}?page={Number + 1}" : PlacementsLinks.Cohort(id));
    }

    static List<ConfirmChecks.Pair> Pairs(IEnumerable<string> values) =>
        [.. values.Select(v => v.Split('.')).Where(v => v.Length == 2 && Guid.TryParse(v[0], out _) && Guid.TryParse(v[1], out _)).Select(v => new ConfirmChecks.Pair(Guid.Parse(v[0]), Guid.Parse(v[1])))];

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenCohort.Query(id, new(Number, OpenCohortPage.PageSize)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Cohort = outcome.Value;
        if (Number < 1 || Number > Pages) Number = 1;
        if (!Cohort.MaySend) return NotFound();
        var seen = await mediator.Send(new SeeChecks.Query(id), ct);
        if (seen.Refusal is { } unseen) return Refused(unseen);
        var confirmed = seen.Value.Confirmed;
        Confirmed = confirmed.ToLookup(c => c.StudentId);
        By = (await mediator.Send(new FindPeople([.. confirmed.Select(c => c.ConfirmedBy).Distinct()]), ct)).ToDictionary(p => p.Id, p => p.Name);
        return null;
    }
}
