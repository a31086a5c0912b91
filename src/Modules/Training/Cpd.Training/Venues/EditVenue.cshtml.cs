using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Venues;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class EditVenuePage(IMediator mediator) : VenueFormPage {
    [BindProperty] public int Version { get; set; }

    /// <summary>Its name as it is stored, whatever has been typed.</summary>
    internal string Known { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenVenue.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        var (venue, rooms) = outcome.Value;
        (Known, Version, Name, Address, MapLink, AccessNotes) = (venue.Name, venue.Version, venue.Name, venue.Address, venue.MapLink, venue.AccessNotes);
        Rooms = [.. rooms.Select(r => new TypedRoom { Id = r.Id, Name = r.Name, Capacity = r.Capacity, Ended = r.EndedAt is not null })];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var known = await mediator.Send(new OpenVenue.Query(id), ct);
        if (known.Refusal is { } unseen) return Refused(unseen);
        Known = known.Value.Venue.Name;
        if (AnotherRoom) return WithAnotherRoom();
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new EditVenue.Command { Id = id, Version = Version, Name = Name, Address = Address, MapLink = MapLink, AccessNotes = AccessNotes, Rooms = Rooms }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The venue has been changed.");
        return Redirect(TrainingLinks.Venues);
    }
}
