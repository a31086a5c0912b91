using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Training.Catalogue;

[Public, OutputCache(PolicyName = PublicPages.Briefly)]
internal sealed class SearchCataloguePage(IMediator mediator) : CpdPage {
    [BindProperty(SupportsGet = true, Name = "text")] public string? Text { get; set; }
    [BindProperty(SupportsGet = true, Name = "authority")] public Guid? Authority { get; set; }
    [BindProperty(SupportsGet = true, Name = "from")] public DateOnly? From { get; set; }
    [BindProperty(SupportsGet = true, Name = "to")] public DateOnly? To { get; set; }
    [BindProperty(SupportsGet = true, Name = "topic")] public string? Topic { get; set; }
    [BindProperty(SupportsGet = true, Name = "audience")] public JobRole? Audience { get; set; }
    [BindProperty(SupportsGet = true, Name = "age")] public AgeRanges? Age { get; set; }
    [BindProperty(SupportsGet = true, Name = "mode")] public CourseMode? Mode { get; set; }
    [BindProperty(SupportsGet = true, Name = "free")] public bool Free { get; set; }

    // From the query alone: "page" is also the framework's own route value.
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<SearchCatalogue.Course> Found { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Topics { get; private set; } = [];
    internal IReadOnlyList<(string Words, string Without)> Chosen { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Audiences => [.. Enum.GetValues<JobRole>().Select(j => new SelectListItem(Wording.Of(j), j.ToString()))];
    internal static IReadOnlyList<SelectListItem> Ages => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];
    internal static IReadOnlyList<SelectListItem> Modes => [.. TrainingWording.Modes.Select(m => new SelectListItem(TrainingWording.Of(m), m.ToString()))];
    internal string Heading => Show.Count(Found.Total, "course");

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        var choices = await mediator.Send(new ListFilterChoices.Query(), ct);
        Authorities = [.. choices.Authorities.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        Topics = [.. choices.Topics.Select(t => new SelectListItem(t, t))];
        var filters = new SearchCatalogue.Filters(Text, Authority, From, To, Topic, Audience, Age, Mode, Free);
        Found = await mediator.Send(new SearchCatalogue.Query(filters, new Paging(PageNumber)), ct);
        Chosen = [.. Choices(choices.Authorities)];
        // A date that is none is said beside its field; the list is then what the other filters give.
        if (Unreadable) Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    IEnumerable<(string, string)> Choices(IReadOnlyList<AuthorityCard> authorities) {
        if (!string.IsNullOrWhiteSpace(Text)) yield return ($"“{Text.Trim()}”", Without("text"));
        if (Authority is { } id) yield return (authorities.FirstOrDefault(a => a.Id == id)?.Name ?? "Another authority", Without("authority"));
        if (From is { } from) yield return ($"From {Show.Date(from)}", Without("from"));
        if (To is { } to) yield return ($"To {Show.Date(to)}", Without("to"));
        if (!string.IsNullOrWhiteSpace(Topic)) yield return (Topic, Without("topic"));
        if (Audience is { } audience) yield return (Wording.Of(audience), Without("audience"));
        if (Age is { } age) yield return (Wording.Of(age), Without("age"));
        if (Mode is { } mode) yield return (TrainingWording.Of(mode), Without("mode"));
        if (Free) yield return ("Free", Without("free"));
    }

    string Without(string name) => QueryHelpers.AddQueryString(TrainingLinks.Catalogue, Request.Query
        .Where(q => !q.Key.Equals("page", StringComparison.OrdinalIgnoreCase) && !q.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && !q.Key.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase))
        .Where(q => q.Value.Any(v => !string.IsNullOrEmpty(v))));
}
