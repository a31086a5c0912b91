using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>Whether a scheme takes new courses. Closing it takes nothing away from the courses it has.</summary>
internal enum SchemeState { Open, Closed }

/// <summary>An accreditor sees its schemes, an administrator those of all accreditors, with how many courses are accredited today.</summary>
internal static class ListSchemes {
    internal sealed record Query(Paging Paging) : IRequest<PageOf<View>>;

    internal sealed record View(Guid Id, string Name, string AccreditorName, SchemeState State, int Courses);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, PageOf<View>> {
        const string Count = "SELECT COUNT(*) FROM accreditation_Scheme WHERE @All = 1 OR AccreditorId IN @Accreditors";
        const string Select = """
            SELECT s.Id, s.AccreditorId, s.Name, s.State,
                (SELECT COUNT(*) FROM accreditation_AccreditedCourse c WHERE c.SchemeId = s.Id AND c.ValidFrom <= @Today AND c.ValidTo >= @Today AND (c.EndedOn IS NULL OR c.EndedOn > @Today)) AS Courses
            FROM accreditation_Scheme s
            WHERE @All = 1 OR s.AccreditorId IN @Accreditors
            ORDER BY s.NameKey, s.Id
            """;

        public async Task<PageOf<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            var scope = new { reach.All, Accreditors = db.Ids(reach.Accreditors) };
            var total = await db.One<int>(Count, scope, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new { scope.All, scope.Accreditors, Today = London.Today(clock), paging.Skip, paging.Take }, cancellationToken);
            if (rows.Count == 0) return new([], total, paging);
            var names = (await mediator.Send(new FindOrganisations([.. rows.Select(r => r.AccreditorId).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            return new([.. rows.Select(r => new View(r.Id, r.Name, names.GetValueOrDefault(r.AccreditorId, ""), r.State, r.Courses))], total, paging);
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AccreditorId { get; init; }
        public string Name { get; init; } = "";
        public SchemeState State { get; init; }
        public int Courses { get; init; }
    }
}
