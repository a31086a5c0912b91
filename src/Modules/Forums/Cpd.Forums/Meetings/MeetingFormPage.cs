using System.ComponentModel.DataAnnotations;
using Cpd.Forums.Series;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Forums.Meetings;

/// <summary>The form of a meeting, the same when it is added and when it is changed.</summary>
internal abstract class MeetingFormPage(IMediator mediator) : CpdPage {
    [BindProperty, Display(Name = "Date")] public DateOnly? HeldOn { get; set; }
    [BindProperty, Display(Name = "Start time")] public TimeOnly? StartsAt { get; set; }
    [BindProperty, Display(Name = "End time")] public TimeOnly? EndsAt { get; set; }
    [BindProperty] public MeetingMode? Mode { get; set; }
    [BindProperty] public string? Venue { get; set; }
    [BindProperty] public string? JoiningLink { get; set; }
    [BindProperty, Display(Name = "Places in all")] public int? Places { get; set; }
    [BindProperty] public string? Topics { get; set; }

    public static IReadOnlyList<SelectListItem> Modes => SeriesFormPage.Modes;

    protected IMediator Mediator => mediator;

    /// <summary>All that a meeting is, but for its date.</summary>
    protected void Fill(Meeting meeting) {
        (StartsAt, EndsAt) = (TimeOnly.FromDateTime(London.FromUtc(meeting.StartsAt)), TimeOnly.FromDateTime(London.FromUtc(meeting.EndsAt)));
        (Mode, Venue, JoiningLink, Places, Topics) = (meeting.Mode, meeting.Venue, meeting.JoiningLink, meeting.Places, meeting.Topics);
    }
}
