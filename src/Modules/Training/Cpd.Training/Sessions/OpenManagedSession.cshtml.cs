using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Sessions;

[Requires(TrainingPermissions.ManageCourses)]
internal sealed class OpenManagedSessionPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "state")] public BookingState State { get; set; } = BookingState.Booked;
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal OpenManagedSession.View Found { get; private set; } = null!;
    internal OpenManagedSession.Session Session => Found.Session;
    internal PageOf<ListSessionBookings.View> Bookings { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostPublishAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new PublishSession.Command(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner("The session is published.");
        return Redirect(TrainingLinks.ManagedSession(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenManagedSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        var bookings = await mediator.Send(new ListSessionBookings.Query(id, State, new Paging(PageNumber, 50)), ct);
        if (bookings.Refusal is { } unseen) return unseen;
        Bookings = bookings.Value;
        return null;
    }
}
