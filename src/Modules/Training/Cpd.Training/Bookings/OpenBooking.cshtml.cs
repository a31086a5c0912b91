using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Evaluations;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.Book)]
internal sealed class OpenBookingPage(IMediator mediator, Site site, EvaluationToken tokens, TimeProvider clock) : CpdPage {
    /// <summary>It has just been made: the page is its confirmation.</summary>
    [BindProperty(SupportsGet = true, Name = "made")] public bool Made { get; set; }

    [BindProperty] public AnswerOffer.Reply? Reply { get; set; }

    internal OpenBooking.View Found { get; private set; } = null!;
    internal OpenBooking.Booking Booking => Found.Booking;
    /// <summary>Where the person says what they thought; null when there is nothing to say.</summary>
    internal string? Evaluation => Found.IsMine && Booking.EvaluateUntil is { } until && (Booking.CertificateAfterEvaluation || until > clock.GetUtcNow().UtcDateTime) ? TrainingLinks.Evaluation(tokens.For(Booking.Id, clock.GetUtcNow().UtcDateTime.AddDays(1))) : null;
    internal string Scan => site.Absolute(TrainingLinks.Scan(Booking.Reference));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        if (Reply is not { } reply) return Refused(await Load(id, ct) ?? Outcome.Invalid("", "Press one of the buttons to answer"));
        var outcome = await mediator.Send(new AnswerOffer.Command(id, reply), ct);
        if (outcome.Refusal is { } refusal) return Refused(await Load(id, ct) ?? refusal);
        Banner(reply == AnswerOffer.Reply.Accept ? "The place has been accepted." : "The entry in the waiting list has ended.");
        return Redirect(TrainingLinks.Booking(id));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenBooking.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }
}
