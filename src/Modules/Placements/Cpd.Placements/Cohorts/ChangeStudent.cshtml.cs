using System.ComponentModel.DataAnnotations;
using Cpd.Placements.Hours;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Placements.Cohorts;

[Requires(PlacementsPermissions.SendStudents)]
internal sealed class ChangeStudentPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Reference { get; set; }
    [BindProperty] public DateOnly? StartsOn { get; set; }
    [BindProperty] public DateOnly? EndsOn { get; set; }
    [BindProperty, Display(Name = "The hours")] public int? Hours { get; set; }

    internal SeeStudent.View Student { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        (Version, Reference, StartsOn, EndsOn, Hours) = (Student.Version, Student.Reference, Student.StartsOn, Student.EndsOn, Student.MinutesAllowed / 60);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (Unreadable) return Refused(new Invalid([]));
        if (Student.MayManage && Hours is null) return Refused(Outcome.Invalid(nameof(Hours), "Enter the hours"));
        var outcome = await mediator.Send(new ChangeStudent.Command(id, Version, Reference, StartsOn, EndsOn, Hours), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner($"The days and hours of {Student.Name} have been saved. The timetable stays as it is until it is planned again.");
        return Redirect(PlacementsLinks.Student(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeStudent.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Student = outcome.Value;
        return Student.MaySend && Student.State == StudentState.Active ? null : NotFound();
    }
}
