using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Changes;

/// <summary>Choose the colleague, check, hand over. One address: who has been chosen goes along in the form.</summary>
[Requires(TrainingPermissions.Book)]
internal sealed class SubstitutePersonPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid? PersonId { get; set; }
    [BindProperty] public Guid? InsteadOf { get; set; }
    /// <summary>Sent by the button of the check page.</summary>
    [BindProperty] public bool Confirmed { get; set; }

    internal SubstitutePerson.View Found { get; private set; } = null!;
    internal SubstitutePerson.Colleague? Chosen { get; private set; }
    internal FindWarnings.View Warnings { get; private set; } = FindWarnings.None;
    internal IReadOnlyList<SelectListItem> Items => [.. Found.Colleagues.Select(c => new HintedItem(c.Name, c.PersonId.ToString(),
        c.Booked is { } state ? $"{Wording.Of(c.JobRole)}. {TrainingWording.Of(state)}" : Wording.Of(c.JobRole)) { Disabled = c.Booked == BookingState.Booked })];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        if (!Confirmed && PersonId is { } id1 && Found.Colleagues.FirstOrDefault(c => c.PersonId == id1 && c.Booked != BookingState.Booked) is { } colleague) {
            (Chosen, Warnings) = (colleague, await mediator.Send(new FindWarnings.Query(Found.SessionId, [id1], Colleague: true), ct));
            return Page();
        }
        var outcome = await mediator.Send(new SubstitutePerson.Command(id, PersonId, InsteadOf), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner($"{Found.Colleagues.FirstOrDefault(c => c.PersonId == PersonId)?.Name ?? "Your colleague"} has the place now. Both have been told.");
        // Whoever gave up their own place does not see the booking any more.
        return Redirect(Found.PersonId == me.PersonId && me.Reach(TrainingPermissions.Book) is { All: false, Settings.Count: 0, Authorities.Count: 0 } ? TrainingLinks.Bookings : TrainingLinks.Booking(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SubstitutePerson.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
