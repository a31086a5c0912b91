using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.People.Settings;

[Requires(PeoplePermissions.SeeSettings)]
internal sealed class SeeSettingPage(IMediator mediator, CurrentUser me) : CpdPage {
    // From the query alone: "page" is also the name under which the framework routes.
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal SeeSetting.Setting Setting { get; private set; } = null!;
    internal PageOf<SeeSetting.Staff> Staff { get; private set; } = null!;
    [BindProperty] public bool TermTimeOnly { get; set; }

    internal bool MayChange => me.May(PeoplePermissions.ChangeSettings);
    internal bool MayAddPeople => me.May(PeoplePermissions.ChangePeople);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeeSetting.Query(id, new Paging(PageNumber, 50)), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        (Setting, Staff) = outcome.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostOpeningAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SetOpening.Command(id, TermTimeOnly), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner(TermTimeOnly ? "The setting is open in term time only." : "The setting is open all year.");
        return Redirect(PeopleLinks.Setting(id));
    }
}
