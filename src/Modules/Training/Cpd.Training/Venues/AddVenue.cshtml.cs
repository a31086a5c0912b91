using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Venues;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class AddVenuePage(IMediator mediator, CurrentUser me) : VenueFormPage {
    [BindProperty] public Guid? AuthorityId { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public Task OnGetAsync(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        await Load(ct);
        if (AnotherRoom) return WithAnotherRoom();
        if (Unreadable) return Refused(new Invalid([]));
        var outcome = await mediator.Send(new AddVenue.Command { AuthorityId = AuthorityId, Name = Name, Address = Address, MapLink = MapLink, AccessNotes = AccessNotes, Rooms = Rooms }, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The venue has been added. Sessions can now choose it.");
        return Redirect(TrainingLinks.Venues);
    }

    /// <summary>The authorities in reach; an officer of one need not choose.</summary>
    async Task Load(CancellationToken ct) {
        if (Rooms.Count == 0) Rooms.Add(new());
        var reach = me.Reach(TrainingPermissions.ManageCourses);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count == 1) AuthorityId = mine[0].Id;
        Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
