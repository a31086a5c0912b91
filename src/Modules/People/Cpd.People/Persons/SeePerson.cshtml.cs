using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.People.Organisations;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Persons;

/// <summary>The page of a person, with a small form for each thing that can be done. Each form names its handler.</summary>
[Requires(PeoplePermissions.SeePeople)]
internal sealed class SeePersonPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public Guid MembershipId { get; set; }
    [BindProperty, Display(Name = "Their last day")] public DateOnly? LeftOn { get; set; }
    [BindProperty] public Role? Role { get; set; }
    [BindProperty] public Guid? OrganisationId { get; set; }
    [BindProperty] public Guid GrantId { get; set; }
    [BindProperty] public string? Email { get; set; }

    internal SeePerson.View Person { get; private set; } = null!;
    internal IReadOnlyList<SelectListItem> Memberships { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Places { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Roles { get; private set; } = [];
    internal bool MayChange => me.May(PeoplePermissions.ChangePeople);
    /// <summary>Whoever has the address can have the account: of one that works, only those may change it who could give and end roles.</summary>
    internal bool MayChangeEmail => MayChange && (Person.AccountState != "Active" || me.May(PeoplePermissions.GrantRoles)) && Person.Id != me.PersonId;
    internal bool MayGrant => me.May(PeoplePermissions.GrantRoles) && Person.Id != me.PersonId;
    internal bool MayEnd(Role role) => MayGrant && Grants.MayGive(me.Reach(PeoplePermissions.GrantRoles), role);

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) ?? Page();

    public async Task<IActionResult> OnPostLeaveAsync(Guid id, CancellationToken ct) =>
        await Act(id, new RecordLeaving.Command(id, MembershipId, LeftOn), PeoplePermissions.ChangePeople, "Their last day has been recorded.", ct);

    public async Task<IActionResult> OnPostInviteAsync(Guid id, CancellationToken ct) =>
        await Act(id, new InvitePerson.Command(id), PeoplePermissions.ChangePeople, "The invitation has been sent. Its link works for 7 days.", ct);

    public async Task<IActionResult> OnPostEmailAsync(Guid id, CancellationToken ct) =>
        await Act(id, new ChangeEmail.Command(id, Email), PeoplePermissions.ChangePeople, "The address has been changed.", ct);

    public async Task<IActionResult> OnPostDisableAsync(Guid id, CancellationToken ct) =>
        await Act(id, new DisableAccount.Command(id), PeoplePermissions.GrantRoles, "The account has been disabled.", ct);

    public async Task<IActionResult> OnPostGrantAsync(Guid id, CancellationToken ct) =>
        await Act(id, new GrantRole.Command(id, Role, OrganisationId), PeoplePermissions.GrantRoles, "The role has been given.", ct);

    public async Task<IActionResult> OnPostEndAsync(Guid id, CancellationToken ct) =>
        await Act(id, new EndRole.Command(id, GrantId), PeoplePermissions.GrantRoles, "The role has ended.", ct);

    async Task<IActionResult> Act<T>(Guid id, IRequest<Outcome<T>> command, string permission, string done, CancellationToken ct) {
        if (!me.May(permission)) return Refused(Outcome.Forbidden);
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) return await Load(id, ct) ?? Refused(refusal);
        Banner(done);
        return Redirect(PeopleLinks.Person(id));
    }

    async Task<IActionResult?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new SeePerson.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Person = outcome.Value;
        Memberships = [.. Person.Memberships.Where(m => m.LeftOn is null).Select(m => new SelectListItem(m.SettingName, m.Id.ToString()))];
        if (!MayGrant) return null;
        var reach = me.Reach(PeoplePermissions.GrantRoles);
        Roles = [.. Enum.GetValues<Role>().Where(r => Grants.MayGive(reach, r)).Select(r => new SelectListItem(Wording.Of(r), r.ToString()))];
        // A manager's setting is one where the person works: nobody manages from a list of thousands.
        Places = [
            .. Person.Memberships.Where(m => m.LeftOn is null).Select(m => new SelectListItem($"{m.SettingName} (setting)", m.SettingId.ToString())),
            .. (await mediator.Send(new ChooseOrganisations.Query(), ct)).Select(o => new SelectListItem($"{o.Name} ({o.KindWords})", o.Id.ToString())),
        ];
        return null;
    }
}
