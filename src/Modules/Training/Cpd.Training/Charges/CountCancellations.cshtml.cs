using System.ComponentModel.DataAnnotations;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Charges;

[Requires(TrainingPermissions.SeeCharges)]
internal sealed class CountCancellationsPage(IMediator mediator, TimeProvider clock) : CpdPage {
    [BindProperty(SupportsGet = true), Display(Name = "The first day")] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true), Display(Name = "The last day")] public DateOnly? To { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    /// <summary>Null when what was asked for could not be read.</summary>
    internal PageOf<CountCancellations.View>? Found { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (Unreadable) return Refused(new Invalid([]));
        var today = London.Today(clock);
        if (!Request.Query.Keys.Any(k => k.StartsWith("From", StringComparison.OrdinalIgnoreCase) || k.StartsWith("To", StringComparison.OrdinalIgnoreCase))) (From, To) = (today.AddYears(-1), today);
        var outcome = await mediator.Send(new CountCancellations.Query(From, To, new Paging(PageNumber)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Found = outcome.Value;
        return Page();
    }
}
