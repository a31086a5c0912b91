using Cpd.Platform;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Cpd.Forums.MeetingEvaluations;

/// <summary>Behind the link of a message: answered without signing in.</summary>
[Public, EnableRateLimiting(PlatformSetup.Attempts)]
internal sealed class AnswerEvaluationPage(IMediator mediator, TimeProvider clock) : AnswerPage {
    /// <summary>Null when the link is of no use.</summary>
    internal AnswerEvaluation.Form? Found { get; private set; }
    internal bool IsOpen => Found is { Answered: false } found && found.ClosesAt > clock.GetUtcNow().UtcDateTime;

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct) {
        await Load(token, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string token, CancellationToken ct) {
        var given = Given;
        await Load(token, ct);
        if (Found is null) return Page();
        var outcome = await mediator.Send(new AnswerEvaluation.Command(token, given), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Thank you. Your answers have been kept, without your name.");
        return Redirect(ForumsLinks.EvaluationByLink(token));
    }

    async Task Load(string token, CancellationToken ct) {
        Found = BehindLink(await mediator.Send(new AnswerEvaluation.Query(token), ct));
        if (Found is not null) Ask(EvaluationRequests.Questions);
    }
}
