using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Venues;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Sessions;

/// <summary>The form of a session, the same when it is added and when it is changed. A button adds a row for another date.</summary>
internal abstract class SessionFormPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<TypedDate> Dates { get; set; } = [];
    [BindProperty] public int? Places { get; set; }
    [BindProperty] public DateOnly? OpensOn { get; set; }
    [BindProperty] public DateOnly? ClosesOn { get; set; }
    [BindProperty] public Guid? RoomId { get; set; }
    [BindProperty] public string? VenueName { get; set; }
    [BindProperty] public string? VenueAddress { get; set; }
    [BindProperty] public string? JoiningLink { get; set; }
    [BindProperty] public Guid? TrainerPersonId { get; set; }
    /// <summary>The box that appears with a warning about the room.</summary>
    [BindProperty] public bool Anyway { get; set; }
    /// <summary>Sent by the button that asks for a row for another date.</summary>
    [BindProperty] public bool AnotherDate { get; set; }

    public string CourseTitle { get; protected set; } = "";
    public CourseMode Mode { get; protected set; }
    public IReadOnlyList<SelectListItem> Trainers { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Rooms { get; private set; } = [];
    public bool AsksAnyway => Anyway || ModelState.GetValueOrDefault(nameof(Anyway)) is { Errors.Count: > 0 };

    protected IMediator Mediator => mediator;

    /// <param name="authorityId">Whose venues may be chosen.</param>
    /// <param name="current">The room that the session is in.</param>
    protected async Task LoadForm(Guid authorityId, Guid? current, CancellationToken ct) {
        if (Mode == CourseMode.InPerson)
            Rooms = [.. (await mediator.Send(new ListRooms.Query(authorityId, current), ct)).Select(r => new SelectListItem($"{RoomUse.Words(r.VenueName, r.Name)} ({Show.Count(r.Capacity, "person", "people")})", r.Id.ToString()))];
        Trainers = [.. (await mediator.Send(new ListHolders(Role.Trainer), ct)).Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
        if (Dates.Count == 0) Dates.Add(new());
    }

    /// <summary>The page again as it was typed, with a row more.</summary>
    protected IActionResult WithAnotherDate() {
        Dates.Add(new());
        foreach (var entry in ModelState.Values) entry.Errors.Clear();
        return Page();
    }
}
