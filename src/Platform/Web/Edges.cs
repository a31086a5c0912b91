using Cpd.Platform.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Cpd.Platform.Web;

/// <summary>The edge to programs: an outcome as an HTTP answer, refusals as problem details (RFC 9457).</summary>
public static class Edges {
    public static IResult ToHttp<T>(this Outcome<T> outcome) => outcome.ToHttp(value => value is Done ? Results.NoContent() : Results.Ok(value));

    public static IResult ToHttp<T>(this Outcome<T> outcome, Func<T, IResult> answer) => outcome.Refusal switch {
        null => answer(outcome.Value),
        NotFound => Results.Problem(statusCode: 404, title: "Not found", detail: "There is nothing at this address that you can see."),
        Forbidden => Results.Problem(statusCode: 403, title: "Not allowed", detail: "Your role does not allow this."),
        Conflict conflict => Results.Problem(statusCode: 409, title: "It can't be done as things stand", detail: conflict.Sentence),
        Invalid invalid => Results.ValidationProblem(invalid.Errors.GroupBy(e => e.Field).ToDictionary(g => g.Key, g => g.Select(e => e.Sentence).ToArray())),
        var other => throw new InvalidOperationException($"No answer is known for {other}."),
    };
}

/// <summary>The edge to people: a page whose form's properties are named as the command's, so that each sentence lands beside its field.</summary>
public abstract class CpdPage : PageModel {
    /// <summary>
    /// The same page again with status 400 (invalid) or 409 (as things stand), the error summary and what was typed; or the
    /// page for what was not found (404) or is not allowed (403). Load what the page shows besides its form before calling it.
    /// </summary>
    /// <param name="prefix">What comes before the field's name when the form is bound to a property of its own.</param>
    protected IActionResult Refused(Refusal refusal, string prefix = "") {
        switch (refusal) {
            case Messaging.NotFound: return NotFound();
            case Forbidden: return StatusCode(StatusCodes.Status403Forbidden);
            case Conflict conflict:
                ModelState.AddModelError("", conflict.Sentence);
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            case Invalid invalid:
                foreach (var (field, sentence) in invalid.Errors) {
                    // What was typed could not be read at all ("abc" places): that is said already, and the validator only saw a gap.
                    var state = ModelState.GetValueOrDefault(prefix + field);
                    if (state is not null && state.Errors.Count > 0) continue;
                    ModelState.AddModelError(prefix + field, sentence);
                }
                Response.StatusCode = StatusCodes.Status400BadRequest;
                return Page();
            default: throw new InvalidOperationException($"No page is known for {refusal}.");
        }
    }

    /// <summary>True when something typed could not even be read (a date that is none); the page then comes back with status 400.</summary>
    protected bool Unreadable => ModelState.ValidationState == ModelValidationState.Invalid;

    /// <summary>What the link of a message leads to, on a page that no browser keeps. A link that is of no use gives null and answers 410.</summary>
    protected T? BehindLink<T>(Outcome<T> outcome) where T : class {
        Response.Headers.CacheControl = "no-store";
        if (outcome.Refusal is null) return outcome.Value;
        Response.StatusCode = StatusCodes.Status410Gone;
        return null;
    }

    /// <summary>What the next page says has been done.</summary>
    protected void Banner(string sentence) => TempData["Banner"] = sentence;
}
