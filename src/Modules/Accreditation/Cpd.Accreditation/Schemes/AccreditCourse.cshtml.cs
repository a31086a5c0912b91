using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Schemes;

[Requires(AccreditationPermissions.ManageSchemes)]
internal sealed class AccreditCoursePage(IMediator mediator) : SchemePage(mediator) {
    [BindProperty(SupportsGet = true)] public string? Search { get; set; }
    [BindProperty] public Guid? CourseId { get; set; }
    [BindProperty] public string? Reference { get; set; }
    [BindProperty, Display(Name = "The first day")] public DateOnly? ValidFrom { get; set; }
    [BindProperty, Display(Name = "The last day")] public DateOnly? ValidTo { get; set; }
    [BindProperty, Display(Name = "Months")] public int? CertificateMonths { get; set; }

    /// <summary>Null before a search.</summary>
    internal IReadOnlyList<SelectListItem>? Courses { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await LoadAll(id, ct) ?? Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await LoadAll(id, ct) is { } refused) return refused;
        var outcome = await Mediator.Send(new AccreditCourse.Command(id, CourseId, Reference, ValidFrom, ValidTo, CertificateMonths), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The course has been accredited.");
        return Redirect(AccreditationLinks.Scheme(id));
    }

    async Task<IActionResult?> LoadAll(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refused) return refused;
        if (!string.IsNullOrWhiteSpace(Search))
            Courses = [.. (await Mediator.Send(new SearchCourses(Search.Trim()), ct)).Select(c => new HintedItem(c.Title, c.Id.ToString(), Show.Duration(c.Minutes)))];
        return null;
    }
}
