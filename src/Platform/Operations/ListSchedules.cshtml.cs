using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Platform.Operations;

[Requires(OperationsPermissions.Operate)]
internal sealed class ListSchedulesPage(IMediator mediator) : CpdPage {
    [BindProperty] public string? Name { get; set; }

    internal IReadOnlyList<ListSchedules.View> Schedules { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Schedules = await mediator.Send(new ListSchedules.Query(), ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if ((await mediator.Send(new RunSchedule.Command(Name), ct)).Refusal is { } refusal) return Refused(refusal);
        Banner($"{Name} has been started. Open this page again to see how it went.");
        return Redirect(OperationsLinks.Schedules);
    }

    internal static string Took(ListSchedules.View schedule) => schedule is not { StartedAt: { } from, EndedAt: { } to } ? ""
        : (to - from) is { TotalSeconds: < 1 } moment ? $"{moment.TotalMilliseconds:0} ms" : (to - from) is { TotalMinutes: < 2 } seconds ? $"{seconds.TotalSeconds:0} seconds" : $"{(to - from).TotalMinutes:0} minutes";

    internal static string Result(ListSchedules.View schedule) => schedule switch {
        { StartedAt: null } => "", { EndedAt: null } => "Running", { Failures: 0 } => "Done",
        _ => $"Failed{(schedule.Failures > 1 ? $" {schedule.Failures} times in a row" : "")}: {schedule.Error}. The log has more.",
    };
}
