using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Newsletters;

[Requires(PeoplePermissions.SendNewsletters)]
internal sealed class SeeNewsletterPage(IMediator mediator) : CpdPage {
    [BindProperty] public int Version { get; set; }
    [BindProperty] public string? Subject { get; set; }
    [BindProperty] public string? Words { get; set; }
    [BindProperty] public IReadOnlyList<JobRole> JobRoles { get; set; } = [];
    [BindProperty] public IReadOnlyList<string> SettingTypes { get; set; } = [];
    [BindProperty] public IReadOnlyList<Role> Roles { get; set; } = [];
    [BindProperty] public IReadOnlyList<Guid> Groups { get; set; } = [];

    internal SeeNewsletter.View Found { get; private set; } = null!;
    internal bool IsOnItsWay => Found is { Newsletter.State: NewsletterState.Sent, Progress: { Due: > 0 } or { Rounds: > 0 } };
    internal IReadOnlyList<SelectListItem> JobRoleItems => [.. Enum.GetValues<JobRole>().Select(r => new SelectListItem(Wording.Of(r), r.ToString(), JobRoles.Contains(r)))];
    internal IReadOnlyList<SelectListItem> SettingTypeItems => [.. Found.SettingTypes.Select(t => new SelectListItem(t, t, SettingTypes.Contains(t)))];
    internal IReadOnlyList<SelectListItem> RoleItems => [.. Newsletter.Roles.Select(r => new SelectListItem(Wording.Of(r), r.ToString(), Roles.Contains(r)))];

    internal IReadOnlyList<SelectListItem> GroupItems => [.. Found.Groups.Select(g => new SelectListItem(g.Name, g.Id.ToString(), Groups.Contains(g.Id)))];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        if (await Load(id, ct) is { } refusal) return Refused(refusal);
        Fill();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) =>
        await Load(id, ct) is { } unseen ? Refused(unseen) : await Act(new ChangeNewsletter.Command(id, Version, Subject, Words, JobRoles, SettingTypes, Roles) { Groups = Groups }, _ => "The draft has been saved.", PeopleLinks.Newsletter(id), ct);

    public async Task<IActionResult> OnPostTestAsync(Guid id, CancellationToken ct) => await Button(id, new TestNewsletter.Command(id), email => $"A test is on its way to {email}.", PeopleLinks.Newsletter(id), ct);

    public async Task<IActionResult> OnPostDiscardAsync(Guid id, CancellationToken ct) => await Button(id, new DiscardNewsletter.Command(id), _ => "The draft has been deleted.", PeopleLinks.Newsletters, ct);

    public async Task<IActionResult> OnPostStopAsync(Guid id, CancellationToken ct) => await Button(id, new StopNewsletter.Command(id), _ => "What had not gone out has been stopped.", PeopleLinks.Newsletter(id), ct);

    async Task<IActionResult> Button<T>(Guid id, IRequest<Outcome<T>> command, Func<T, string> done, string next, CancellationToken ct) {
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        Fill();
        return await Act(command, done, next, ct);
    }

    async Task<IActionResult> Act<T>(IRequest<Outcome<T>> command, Func<T, string> done, string next, CancellationToken ct) {
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(done(outcome.Value));
        return Redirect(next);
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        // The preview stands in a frame, on a page of its own with rules of its own.
        Response.Headers.ContentSecurityPolicy += "; frame-src 'self'";
        var outcome = await mediator.Send(new SeeNewsletter.Query(id), ct);
        if (outcome.Refusal is null) Found = outcome.Value;
        return outcome.Refusal;
    }

    void Fill() {
        (Subject, Words) = (Found.Newsletter.Subject, Found.Newsletter.Words);
        JobRoles = [.. Chosen("JobRole").Select(Enum.Parse<JobRole>)];
        SettingTypes = [.. Chosen("SettingType")];
        Roles = [.. Chosen("Role").Select(Enum.Parse<Role>)];
        Groups = [.. Chosen("Group").Select(Guid.Parse)];
    }

    IEnumerable<string> Chosen(string kind) => Found.Audience.Where(a => a.Kind == kind).Select(a => a.Value);
}
