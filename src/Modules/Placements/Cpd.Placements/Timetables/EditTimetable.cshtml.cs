using System.Globalization;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Placements.Timetables;

/// <summary>One week of a student's part of a draft, changed by hand: where and with whom in each part of a day, pinned or not. What breaks a rule stands beside the slot before anything is saved.</summary>
[Requires(PlacementsPermissions.ManagePlacements)]
internal sealed class EditTimetablePage(IMediator mediator) : CpdPage {
    const string Induction = "+induction";

    /// <summary>A day of the week that is shown; the first in which something can be changed when there is none.</summary>
    [FromQuery(Name = "week")] public DateOnly? Week { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty] public List<Typed> Parts { get; set; } = [];
    /// <summary>Save although it breaks rules.</summary>
    [BindProperty] public bool Anyway { get; set; }
    /// <summary>The button that only checks was pressed.</summary>
    [BindProperty] public bool Check { get; set; }

    public sealed class Typed {
        public DateOnly Day { get; set; }
        public int Part { get; set; }
        /// <summary>A project, with "+induction" when that is given there; empty when they are off.</summary>
        public string? Place { get; set; }
        public Guid? SupervisorId { get; set; }
        public bool Pinned { get; set; }

        internal When When => new(Day, Part);
    }

    internal SeePlan.View Plan { get; private set; } = null!;
    internal Student Student { get; private set; } = null!;
    internal IReadOnlyList<Violation> Violations { get; private set; } = [];
    internal bool Asks { get; private set; }

    internal IReadOnlyList<SelectListItem> Places => [new("Off", ""), .. Plan.Problem.Projects.Where(p => p.GivesInduction).Select(p => new SelectListItem($"Induction at {p.Name}", p.Id + Induction)), .. Plan.Problem.Projects.Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
    internal IReadOnlyList<SelectListItem> Supervisors => [new("Nobody", ""), .. Plan.Problem.Supervisors.Where(s => s.LeftOn is null).Select(s => new SelectListItem(s.Name, s.Id.ToString()))];
    internal IReadOnlyList<DateOnly> Mondays => [.. Days().Select(p => MondayOf(p.When.Day)).Distinct().Order()];
    internal DateOnly Monday { get; private set; }
    internal bool MayChange => Open().Any(p => !p.Over && Worked(p.When) is null);
    internal Slot? Worked(When when) => Plan.Problem.Stands.FirstOrDefault(s => s.Worked && s.Slot.StudentId == Student.Id && s.Slot.When == when)?.Slot;

    public async Task<IActionResult> OnGetAsync(Guid id, Guid studentId, CancellationToken ct) {
        if (await Load(id, studentId, ct) is { } refused) return refused;
        Version = Plan.Version;
        var own = Plan.Slots.Where(s => s.StudentId == studentId).ToDictionary(s => s.When);
        Parts = [.. Open().Select(p => own.TryGetValue(p.When, out var slot)
            ? new Typed { Day = p.When.Day, Part = p.When.Part, Place = slot.ProjectId + (slot.Induction ? Induction : ""), SupervisorId = slot.SupervisorId, Pinned = Plan.Pinned.Contains(slot) }
            : new Typed { Day = p.When.Day, Part = p.When.Part })];
        Say(Checker.Check(Plan.Problem, Plan.Slots));
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, Guid studentId, CancellationToken ct) {
        if (await Load(id, studentId, ct) is { } refused) return refused;
        var typed = Read();
        if (typed is null || Unreadable) return Refused(new Invalid([]));
        // Judged as if what is typed were saved: pins that are taken away no longer stand.
        List<Slot> slots = [.. Plan.Slots.Where(s => s.StudentId != studentId || !InWeek(s.When) || Worked(s.When) is not null), .. typed.Select(t => t.Slot)];
        var problem = Plan.Problem with { Standing = [.. Plan.Problem.Stands.Where(s => s.Worked || s.Slot.StudentId != studentId || !InWeek(s.Slot.When))] };
        Say(Checker.Check(problem, slots));
        if (Check || (Violations.Count > 0 && !Anyway)) {
            Asks = !Check;
            foreach (var violation in Violations)
                // What lies in another week says when.
                ModelState.AddModelError(Field(violation), violation.When is { } when && !InWeek(when) ? $"{Plan.Problem.Words(when)}: {violation.Sentence}" : violation.Sentence);
            if (Violations.Count > 0) Response.StatusCode = 400;
            return Page();
        }
        var ahead = Plan.Ahead.Where(p => p.Slot.StudentId != studentId || !InWeek(p.Slot.When)).Concat(typed).ToList();
        var outcome = await mediator.Send(new KeepTimetable.Command(id, Version, ahead), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"The draft of {Student.Name} has been saved.");
        return Redirect(PlacementsLinks.Timetable(id));
    }

    /// <summary>What is typed, as slots; null when a place has nobody beside it, which is then said.</summary>
    List<KeepTimetable.Planned>? Read() {
        var found = new List<KeepTimetable.Planned>();
        var open = Open().Where(p => !p.Over).Select(p => p.When).ToHashSet();
        for (var i = 0; i < Parts.Count; i++) {
            if (!open.Contains(Parts[i].When) || Worked(Parts[i].When) is not null || string.IsNullOrEmpty(Parts[i].Place)) continue;
            var induction = Parts[i].Place!.EndsWith(Induction, StringComparison.Ordinal);
            if (!Guid.TryParse(induction ? Parts[i].Place![..^Induction.Length] : Parts[i].Place, out var project)) ModelState.AddModelError($"Parts[{i.ToString(CultureInfo.InvariantCulture)}].Place", "Select a project");
            else if (Parts[i].SupervisorId is not { } supervisor) ModelState.AddModelError($"Parts[{i.ToString(CultureInfo.InvariantCulture)}].SupervisorId", "Select who supervises");
            else found.Add(new(new(Student.Id, Parts[i].When, project, supervisor, induction), Parts[i].Pinned));
        }
        return ModelState.IsValid ? found : null;
    }

    string Field(Violation violation) => Parts.FindIndex(p => p.When == violation.When) is var at and >= 0 ? $"Parts[{at.ToString(CultureInfo.InvariantCulture)}].Place" : "";

    void Say(IEnumerable<Violation> all) => Violations = [.. all.Where(v => v.StudentId == Student.Id)];

    IEnumerable<OpenPart> Open() => Days().Where(p => InWeek(p.When));

    IEnumerable<OpenPart> Days() => Plan.Problem.Parts.Where(p => Plan.Times.ContainsKey(p.When) && p.When.Day >= Student.From && p.When.Day <= Student.To);

    bool InWeek(When when) => MondayOf(when.Day) == Monday;

    static DateOnly MondayOf(DateOnly day) => day.AddDays(1 - Cpd.Placements.Words.Weekday(day));

    async Task<IActionResult?> Load(Guid id, Guid studentId, CancellationToken ct) {
        var outcome = await mediator.Send(new SeePlan.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Plan = outcome.Value;
        if (Plan.Problem.Students.FirstOrDefault(s => s.Id == studentId) is not { } student) return NotFound();
        Student = student;
        var from = Week ?? Days().FirstOrDefault(p => !p.Over)?.When.Day ?? Student.From;
        Monday = Mondays.FirstOrDefault(m => m.AddDays(6) >= from, Mondays.Count > 0 ? Mondays[^1] : MondayOf(from));
        return null;
    }
}
