using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Accreditation.Ledger;

/// <summary>The form of an own entry, for the page that adds one and the page that changes one.</summary>
internal abstract class OwnEntryPage : CpdPage {
    [BindProperty] public string? Title { get; set; }
    [BindProperty] public string? Source { get; set; }
    [BindProperty, Display(Name = "Date")] public DateOnly? HappenedOn { get; set; }
    [BindProperty] public int? Hours { get; set; }
    [BindProperty] public int? Minutes { get; set; }
    [BindProperty, Display(Name = "Participatory hours")] public int? ParticipatoryHours { get; set; }
    [BindProperty, Display(Name = "Participatory minutes")] public int? ParticipatoryMinutes { get; set; }
    [BindProperty] public List<AgeRanges> AgeRanges { get; set; } = [];
    [BindProperty] public CourseMode? Mode { get; set; }
    [BindProperty] public string? Reflection { get; set; }
    [BindProperty] public string? Evidence { get; set; }

    internal static IReadOnlyList<SelectListItem> AgeItems => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];
    internal static IReadOnlyList<SelectListItem> ModeItems => [.. Certificates.Modes.Each.Select(m => new SelectListItem(m.Words, m.Mode.ToString()))];

    private protected AgeRanges Ages => AgeRanges.Aggregate(People.Contracts.AgeRanges.None, (set, range) => set | range);
}
