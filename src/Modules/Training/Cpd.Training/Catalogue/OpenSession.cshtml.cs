using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;

namespace Cpd.Training.Catalogue;

[Public, OutputCache(PolicyName = PublicPages.Briefly)]
internal sealed class OpenSessionPage(IMediator mediator, CurrentUser me) : CpdPage {
    internal OpenSession.View Session { get; private set; } = null!;
    internal bool IsSignedIn => me.IsSignedIn;
    internal bool MayBook => me.May(TrainingPermissions.Book);
    internal bool MayBookOthers => me.Reach(TrainingPermissions.Book) is var reach && (reach.All || reach.Authorities.Count > 0 || reach.Settings.Count > 0);
    internal bool MayManage => me.Reach(TrainingPermissions.ManageCourses) is var reach && (reach.All || reach.Authorities.Contains(Session.AuthorityId));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new OpenSession.Query(id), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Session = outcome.Value;
        return Page();
    }
}
