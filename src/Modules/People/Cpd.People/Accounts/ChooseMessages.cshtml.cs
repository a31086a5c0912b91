using Cpd.Platform.Messages;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.People.Accounts;

[SignedIn]
internal sealed class ChooseMessagesPage(IMediator mediator) : CpdPage {
    [BindProperty] public List<string> Wanted { get; set; } = [];

    internal IReadOnlyList<SelectListItem> Choices { get; private set; } = [];
    internal IReadOnlyList<LetterKind> Always { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) {
        var view = await Load(ct);
        Wanted = [.. view.ToChoose.Select(k => k.Name).Except(view.Refused)];
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        await Load(ct);
        var outcome = await mediator.Send(new ChooseMessages.Command(Wanted), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("Your choice has been saved.");
        return Redirect(PeopleLinks.YourMessages);
    }

    async Task<ChooseMessages.View> Load(CancellationToken ct) {
        var view = await mediator.Send(new ChooseMessages.Query(), ct);
        Choices = [.. view.ToChoose.Select(k => new HintedItem(k.Title, k.Name, k.When))];
        Always = view.Always;
        return view;
    }
}
