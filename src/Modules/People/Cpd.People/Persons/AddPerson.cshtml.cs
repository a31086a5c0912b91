using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.People.Settings;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Persons;

[Requires(PeoplePermissions.ChangePeople)]
internal sealed class AddPersonPage(IMediator mediator, CurrentUser me) : CpdPage {
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? Email { get; set; }
    [BindProperty] public JobRole? JobRole { get; set; }
    [BindProperty] public List<AgeRanges> AgeRanges { get; set; } = [];
    [BindProperty(SupportsGet = true)] public Guid? SettingId { get; set; }
    [BindProperty, Display(Name = "The date they joined")] public DateOnly? JoinedOn { get; set; }
    [BindProperty] public bool Invite { get; set; }
    [BindProperty] public Role? Role { get; set; }
    [BindProperty] public Guid? AuthorityId { get; set; }

    internal IReadOnlyList<SelectListItem> Settings { get; private set; } = [];
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal bool MayLeaveOutSetting { get; private set; }
    internal static IReadOnlyList<SelectListItem> Jobs => [.. Enum.GetValues<JobRole>().Select(j => new SelectListItem(Wording.Of(j), j.ToString()))];
    internal static IReadOnlyList<SelectListItem> Ages => [.. Wording.Each.Select(a => new SelectListItem(a.Words, a.Range.ToString()))];
    internal static IReadOnlyList<SelectListItem> Roles => [
        new HintedItem("Practitioner", nameof(Contracts.Role.Practitioner), "Books training for themselves and keeps their own record"),
        new HintedItem("Setting manager", nameof(Contracts.Role.SettingManager), "Also books for the staff of this setting and sees their records"),
    ];

    public async Task OnGetAsync(CancellationToken ct) {
        await Load(ct);
        Role = Contracts.Role.Practitioner;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        var ages = AgeRanges.Aggregate(Contracts.AgeRanges.None, (set, range) => set | range);
        var outcome = await mediator.Send(new AddPerson.Command(Name, Email, JobRole, ages, SettingId, JoinedOn, Invite, Role, AuthorityId), ct);
        if (outcome.Refusal is { } refusal) {
            await Load(ct);
            return Refused(refusal);
        }
        var added = outcome.Value;
        Banner(added.Known ? $"{added.Name} was known already by this email address and has been added." : Invite ? $"{added.Name} has been added and invited." : $"{added.Name} has been added.");
        return Redirect(PeopleLinks.Person(added.PersonId));
    }

    async Task Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.ChangePeople);
        var settings = await mediator.Send(new ChooseSettings.Query(PeoplePermissions.ChangePeople, SettingId), ct);
        if (settings.Count == 1 && !reach.All && reach.Authorities.Count == 0) SettingId = settings[0].Id;
        Settings = [.. settings.Select(s => new SelectListItem(s.Label, s.Id.ToString()))];
        MayLeaveOutSetting = reach.All || reach.Authorities.Count > 0;
        if (!MayLeaveOutSetting || !reach.All && reach.Authorities.Count == 1) return;
        Authorities = [.. (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
