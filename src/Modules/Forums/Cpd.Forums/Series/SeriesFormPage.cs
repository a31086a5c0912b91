using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Series;

/// <summary>The form of a forum, the same when it is added and when it is changed.</summary>
internal abstract class SeriesFormPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Summary { get; set; }
    [BindProperty] public List<AgeRanges> AgeRanges { get; set; } = [];
    [BindProperty] public List<JobRole> Audience { get; set; } = [];
    [BindProperty] public MeetingMode Mode { get; set; }
    [BindProperty] public int? PlacesPerSetting { get; set; }
    [BindProperty, Display(Name = "Places in all")] public int? Places { get; set; }
    [BindProperty] public bool CountsHours { get; set; } = true;
    [BindProperty] public string? TermsOfReference { get; set; }

    public static IReadOnlyList<SelectListItem> Modes => [.. ForumsWording.Modes.Select(m => new SelectListItem(ForumsWording.Of(m), m.ToString()))];
    public static IReadOnlyList<SelectListItem> Ages => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];
    public static IReadOnlyList<SelectListItem> Audiences => [.. Enum.GetValues<JobRole>().Select(j => new SelectListItem(Wording.Of(j), j.ToString()))];
    public static IReadOnlyList<SelectListItem> Hours => [new("Yes, the minutes that people attend", bool.TrueString), new("No, only who came is noted", bool.FalseString)];

    protected IMediator Mediator => mediator;
    protected AgeRanges Ranges => AgeRanges.Aggregate(People.Contracts.AgeRanges.None, (set, range) => set | range);
}
