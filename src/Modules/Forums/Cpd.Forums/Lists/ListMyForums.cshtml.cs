using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.Lists;

[Requires(ForumsPermissions.TakePart)]
internal sealed class ListMyForumsPage(IMediator mediator, TimeProvider clock) : CpdPage {
    internal ListMyForums.View Found { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListMyForums.Query(), ct);

    internal bool MayReply(ListMyForums.Item item) => item.StartsAt > clock.GetUtcNow().UtcDateTime;
}
