using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Charges;

[Requires(TrainingPermissions.SeeCharges)]
internal sealed class ListChargesPage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true), Display(Name = "The first day")] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "The last day")] public DateOnly? To { get; set; }
    [BindProperty(SupportsGet = true)] public ChargeState? State { get; set; }
    [BindProperty(SupportsGet = true)] public bool Download { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    /// <summary>Null when what was asked for could not be read.</summary>
    internal ListCharges.Found? Found { get; private set; }
    internal static IReadOnlyList<SelectListItem> States => [new("Due", nameof(ChargeState.Due)), new("Waived", nameof(ChargeState.Waived)), new("Lapsed: the register was corrected", nameof(ChargeState.Lapsed))];

    // A GET, because it changes nothing: the address of a download can be kept.
    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (Unreadable) return Refused(new Invalid([]));
        var filter = new ListCharges.Filter(From, To, State);
        if (Download) {
            var file = await mediator.Send(new ListCharges.FileQuery(filter), ct);
            return file.Refusal is { } unreadable ? Refused(Of(unreadable)) : file.Value;
        }
        var outcome = await mediator.Send(new ListCharges.Query(filter, new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return Refused(Of(refusal));
        Found = outcome.Value;
        return Page();
    }

    // The filter is one value to the question and three fields to the page.
    static Refusal Of(Refusal refusal) => refusal is Invalid invalid ? new Invalid([.. invalid.Errors.Select(e => e with { Field = e.Field.Split('.')[^1] })]) : refusal;
}
