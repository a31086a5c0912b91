using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Charges;

/// <summary>
/// How often people of each setting cancelled late or did not come, by the day of the session: for officers at sessions of their authority,
/// for managers at their own setting. Most first.
/// </summary>
internal static class CountCancellations {
    internal sealed record Query(DateOnly? From, DateOnly? To, Paging Paging) : IRequest<Outcome<PageOf<View>>>;

    /// <param name="Bookings">Everyone who had a place: whoever came, was missed, or cancelled.</param>
    /// <param name="Cancelled">Of these, how many cancelled in good time.</param>
    internal sealed record View(Guid SettingId, string SettingName, int Bookings, int Cancelled, int LateCancellations, int NoShows);

    internal sealed class Validator : AbstractValidator<Query> {
        public Validator() {
            RuleFor(q => q.From).NotNull().WithMessage("Enter the first day");
            RuleFor(q => q.To).NotNull().WithMessage("Enter the last day").Must((q, to) => q.From is null || to is null || to >= q.From).WithMessage("The last day must be the same as or after the first day");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<PageOf<View>>> {
        const string From = """
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.SettingId IS NOT NULL AND b.IsWalkIn = 0 AND s.State = 'Published' AND s.StartsAt >= @From AND s.StartsAt < @To
              AND (b.State = 'Booked' OR (b.State = 'Cancelled' AND b.CancelCause IS NOT NULL AND b.CancelCause <> 'Moved'))
              AND (@All = 1 OR s.AuthorityId IN @Authorities OR b.SettingId IN @Settings)

            """;
        const string Count = "SELECT COUNT(DISTINCT b.SettingId)\n" + From;
        const string Select = """
            SELECT b.SettingId, COUNT(*) AS Bookings,
                SUM(CASE WHEN b.State = 'Cancelled' AND b.IsLate = 0 THEN 1 ELSE 0 END) AS Cancelled,
                SUM(CASE WHEN b.IsLate = 1 THEN 1 ELSE 0 END) AS LateCancellations,
                SUM(CASE WHEN b.Attendance = 'DidNotAttend' AND s.RegisterClosedAt IS NOT NULL THEN 1 ELSE 0 END) AS NoShows

            """ + From + """
            GROUP BY b.SettingId
            ORDER BY SUM(CASE WHEN b.IsLate = 1 OR (b.Attendance = 'DidNotAttend' AND s.RegisterClosedAt IS NOT NULL) THEN 1 ELSE 0 END) DESC, b.SettingId
            """;

        public async Task<Outcome<PageOf<View>>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.SeeCharges);
            var args = new { All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Settings = db.Ids(reach.Settings), From = London.StartOf(request.From!.Value), To = London.StartOf(request.To!.Value.AddDays(1)) };
            var total = await db.One<int>(Count, args, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            var names = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId)]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            return new PageOf<View>([.. rows.Select(r => new View(r.SettingId, names.GetValueOrDefault(r.SettingId, ""), r.Bookings, r.Cancelled, r.LateCancellations, r.NoShows))], total, paging);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/cancellations", async (DateOnly? from, DateOnly? to, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(from, to, new Paging(page ?? 1)), ct)).ToHttp())
        .WithName("CountCancellations").WithSummary("Late cancellations and missed sessions of each setting, by the day of the session from a day to a day (both included); most first, 20 a page.")
        .Produces<PageOf<View>>().ProducesValidationProblem()
        .Requires(TrainingPermissions.SeeCharges);

    sealed record Row {
        public Guid SettingId { get; init; }
        public int Bookings { get; init; }
        public int Cancelled { get; init; }
        public int LateCancellations { get; init; }
        public int NoShows { get; init; }
    }
}
