using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Courses;

/// <summary>The form of a course, the same when it is added and when it is changed.</summary>
internal abstract class CourseFormPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty] public string? LearningOutcomes { get; set; }
    [BindProperty] public CourseMode? Mode { get; set; }
    [BindProperty] public int? Minutes { get; set; }
    [BindProperty] public int? ParticipatoryMinutes { get; set; }
    [BindProperty] public string? Price { get; set; }
    [BindProperty] public List<AgeRanges> AgeRanges { get; set; } = [];
    [BindProperty] public List<JobRole> Audience { get; set; } = [];
    [BindProperty] public string? Topics { get; set; }
    [BindProperty] public Guid? TrainingProviderId { get; set; }

    public IReadOnlyList<SelectListItem> Providers { get; private set; } = [];
    public static IReadOnlyList<SelectListItem> Modes => [.. TrainingWording.Modes.Select(m => new SelectListItem(TrainingWording.Of(m), m.ToString()))];
    public static IReadOnlyList<SelectListItem> Ages => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];
    public static IReadOnlyList<SelectListItem> Audiences => [.. Enum.GetValues<JobRole>().Select(j => new SelectListItem(Wording.Of(j), j.ToString()))];

    protected IMediator Mediator => mediator;
    protected AgeRanges Set => AgeRanges.Aggregate(People.Contracts.AgeRanges.None, (set, range) => set | range);

    /// <summary>The form again when something typed (a number that is none) would otherwise be saved as if nothing had been typed.</summary>
    protected IActionResult Unread() => Refused(new Platform.Messaging.Invalid([]));

    protected async Task LoadProviders(CancellationToken ct) =>
        Providers = [.. (await mediator.Send(new ListOrganisations(OrganisationKind.TrainingProvider), ct)).Select(o => new SelectListItem(o.Name, o.Id.ToString()))];
}
