using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.People.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.SettingImports;

[Requires(PeoplePermissions.ChangeSettings)]
[IgnoreAntiforgeryToken(Order = 1001), LeaveFormUnread, RequestSizeLimit(RequestLimit)]
internal sealed class UploadSettingsPage(IMediator mediator, CurrentUser me, KeptAnswers answers, IAntiforgery antiforgery) : UploadPage(me, answers, antiforgery) {
    readonly CurrentUser me = me;

    public Guid? AuthorityId { get; set; }
    [Display(Name = "The date of the list")] public DateOnly? AsAt { get; set; }
    /// <summary>Only the field's name: a property of a file's own type would be bound, and the form read for it.</summary>
    public string? SettingsFile { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    private protected override string FileField => nameof(SettingsFile);
    private protected override string Fields => $"{AuthorityId}\n{AsAt:O}";

    private protected override Task Bind(IValueProvider fields) => TryUpdateModelAsync(this, "", fields, m => m.PropertyName is nameof(AuthorityId) or nameof(AsAt));

    // A date that is none is said beside its field; the validator then only sees that there is none.
    private protected override Task<Outcome<Guid>> Stage(string? fileName, Stream? file, CancellationToken ct) => mediator.Send(new UploadSettings.Command(AuthorityId, AsAt, fileName, file), ct);

    private protected override string At(Guid import) => PeopleLinks.Import(import);

    private protected override Task Discard(Guid import, CancellationToken ct) => mediator.Send(new DiscardImport.Command(import), ct);

    private protected override async Task Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.ChangeSettings);
        if (!reach.All && reach.Authorities.Count == 1) return;
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id));
        Authorities = [new(reach.All ? "All local authorities" : "Choose a local authority", ""), .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
