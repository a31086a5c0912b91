using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Bookings;

[Requires(TrainingPermissions.Book)]
internal sealed class ListBookingsPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>"staff" for those of the people one books for.</summary>
    [BindProperty(SupportsGet = true, Name = "whose")] public string? Whose { get; set; }
    [BindProperty(SupportsGet = true, Name = "past")] public bool Past { get; set; }
    [FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    internal PageOf<ListBookings.View> Found { get; private set; } = null!;
    internal bool HasStaff => me.Reach(TrainingPermissions.Book) is var reach && (reach.All || reach.Authorities.Count > 0 || reach.Settings.Count > 0);
    internal bool OfStaff => HasStaff && Whose == "staff";

    public async Task OnGetAsync(CancellationToken ct) => Found = await mediator.Send(new ListBookings.Query(OfStaff, Past, new Paging(PageNumber)), ct);

    internal static string Address(bool staff, bool past) => (staff, past) switch {
        (false, false) => TrainingLinks.Bookings, (true, false) => TrainingLinks.StaffBookings, (false, true) => TrainingLinks.Bookings + "?past=true", _ => TrainingLinks.StaffBookings + "&past=true",
    };
}
