using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Timetables;

/// <summary>A cohort's timetable by student, by project or by week. Whoever plans it proposes, changes and publishes it here.</summary>
[Requires(PlacementsPermissions.SeeHours)]
internal sealed class SeeTimetablePage(IMediator mediator, TimeProvider clock) : CpdPage {
    const int PageSize = 50;

    [BindProperty(SupportsGet = true)] public string? By { get; set; }
    /// <summary>A day of the week that is shown; this week, or the next that has slots, when there is none.</summary>
    [BindProperty(SupportsGet = true)] public DateOnly? Week { get; set; }
    [FromQuery(Name = "page")] public int Number { get; set; } = 1;
    [BindProperty] public int Version { get; set; }

    internal SeeTimetable.View Timetable { get; private set; } = null!;
    internal SeePlan.View? Plan { get; private set; }
    internal IReadOnlyList<Violation> Violations { get; private set; } = [];
    /// <summary>Why there is no timetable, after it was asked for.</summary>
    internal Proposal? NotFoundBecause { get; private set; }

    internal IReadOnlyList<DateOnly> Mondays => [.. Timetable.Slots.Select(s => s.Monday).Distinct().Order()];
    internal DateOnly? Monday => Mondays.Count == 0 ? null : (Week ?? London.Today(clock)) is var day ? Mondays.FirstOrDefault(m => m.AddDays(6) >= day, Mondays[^1]) : null;
    internal int Pages => Math.Max(1, (Students.Count + PageSize - 1) / PageSize);
    internal IReadOnlyList<IGrouping<Guid, SeeTimetable.Entry>> Shown => [.. Students.Skip((Math.Clamp(Number, 1, Pages) - 1) * PageSize).Take(PageSize)];
    IReadOnlyList<IGrouping<Guid, SeeTimetable.Entry>> Students => [.. Timetable.Slots.GroupBy(s => s.StudentId)];
    internal string Name(Guid student) => Plan?.Problem.Students.FirstOrDefault(s => s.Id == student)?.Name ?? "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostProposeAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        var found = await mediator.Send(new ProposeTimetable.Query(id), ct);
        if (found.Refusal is { } refusal) return Refused(refusal);
        if (found.Value.Why is { } why) {
            NotFoundBecause = found.Value.Proposal;
            return Refused(new Conflict(why));
        }
        return await Keep(id, found.Value.Plan, found.Value.Planned, "A timetable has been proposed. Look at it, change what you want, then publish it.", ct);
    }

    /// <summary>Begins a draft with what is published.</summary>
    public async Task<IActionResult> OnPostChangeAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        return Plan is { } plan ? await Keep(id, plan, plan.Ahead, "You are changing a draft. What is published stays until you publish the draft.", ct) : NotFound();
    }

    public async Task<IActionResult> OnPostPublishAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        return Done(id, await mediator.Send(new PublishTimetable.Command(id, Version), ct), "The timetable has been published. Everyone whose dates are new or changed is told by email.");
    }

    public async Task<IActionResult> OnPostDiscardAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        return Done(id, await mediator.Send(new DiscardDraft.Command(id, Version), ct), "The draft has been thrown away.");
    }

    async Task<IActionResult> Keep(Guid id, SeePlan.View plan, IReadOnlyList<KeepTimetable.Planned> slots, string done, CancellationToken ct) =>
        Done(id, await mediator.Send(new KeepTimetable.Command(id, plan.Version, slots), ct), done);

    IActionResult Done(Guid id, Outcome<Done> outcome, string sentence) {
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(sentence);
        return Redirect(PlacementsLinks.Timetable(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeTimetable.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Timetable = outcome.Value;
        if (!Timetable.MayManage) return Request.Method == "POST" ? NotFound() : null;
        // What is published was judged when it was; of what it needs only a supervisor can be gone since, which the timetable says itself.
        if (!Timetable.IsDraft && Request.Method != "POST") return null;
        var plan = await mediator.Send(new SeePlan.Query(id, Timetable), ct);
        if (plan.Refusal is { } unseen) return Refused(unseen);
        Plan = plan.Value;
        if (Timetable.Slots.Count > 0) Violations = Checker.Check(Plan.Problem, Plan.Slots);
        return null;
    }
}
