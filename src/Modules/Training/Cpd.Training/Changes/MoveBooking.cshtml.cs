using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Changes;

/// <summary>Choose the date, check, move; or join the waiting list of a full one. One address: what has been chosen goes along in the form.</summary>
[Requires(TrainingPermissions.Book)]
internal sealed class MoveBookingPage(IMediator mediator) : CpdPage {
    [BindProperty] public Guid? To { get; set; }
    [BindProperty] public bool JoinList { get; set; }
    /// <summary>Sent by the button of the check page.</summary>
    [BindProperty] public bool Confirmed { get; set; }

    internal MoveBooking.View Found { get; private set; } = null!;
    internal ListAlternatives.View? Chosen { get; private set; }
    /// <summary>The last place went to somebody else while this page was open.</summary>
    internal bool Full { get; private set; }
    internal FindWarnings.View Warnings { get; private set; } = FindWarnings.None;
    internal IReadOnlyList<SelectListItem> Items => [.. Found.Dates.Select(d => new HintedItem(Show.Period(d.StartsAt, d.EndsAt), d.Id.ToString(),
        string.Join(". ", new[] { d.VenueName, d.PlacesLeft > 0 ? TrainingWording.PlacesLeft(d.PlacesLeft) : "Full: you can join the waiting list and keep your place" }.Where(t => t.Length > 0))))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (!Confirmed && await Choose(ct)) return Page();
        var outcome = await mediator.Send(new MoveBooking.Command(id, To, JoinList), ct);
        if (outcome.Refusal is { } refusal) {
            if (await Load(id, ct) is { } gone) return Refused(gone);
            Full = refusal is Conflict && await Choose(ct);
            return Refused(refusal);
        }
        Banner(outcome.Value.Outcome == "moved" ? "The booking has been moved."
            : $"{(outcome.Value.Position is { } position ? $"Number {position} on the waiting list" : "On the waiting list")}. The place on {Show.Date(Found.StartsAt)} is kept until there is one here.");
        return Redirect(TrainingLinks.Booking(outcome.Value.BookingId));
    }

    async Task<bool> Choose(CancellationToken ct) {
        Chosen = Found.Dates.FirstOrDefault(d => d.Id == To);
        if (Chosen is null) return false;
        Warnings = await mediator.Send(new FindWarnings.Query(Chosen.Id, [Found.PersonId], Leaves: Found.SessionId), ct);
        return true;
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new MoveBooking.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
