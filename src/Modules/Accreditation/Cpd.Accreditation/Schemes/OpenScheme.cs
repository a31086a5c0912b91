using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>A scheme with the courses it accredits or has accredited, the latest first.</summary>
internal static class OpenScheme {
    internal sealed record Query(Guid Id, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, string Name, string AccreditorName, string Description, SchemeState State, int Version, DateOnly Today, PageOf<Course> Courses);

    internal sealed record Course {
        public Guid Id { get; init; }
        public Guid CourseId { get; init; }
        public string CourseTitle { get; init; } = "";
        public string Reference { get; init; } = "";
        public DateOnly ValidFrom { get; init; }
        public DateOnly ValidTo { get; init; }
        public int? CertificateMonths { get; init; }
        public DateOnly? EndedOn { get; init; }

        /// <summary>"Ended", "Expired", "Not yet" or "Valid".</summary>
        public string StateOn(DateOnly today) => EndedOn <= today ? "Ended" : ValidTo < today ? "Expired" : ValidFrom > today ? "Not yet" : "Valid";
        public bool CanEnd(DateOnly today) => EndedOn is null && ValidTo >= today;
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectScheme = """
            SELECT Id, AccreditorId, Name, Description, State, Version
            FROM accreditation_Scheme
            WHERE Id = @Id AND (@All = 1 OR AccreditorId IN @Accreditors)
            """;
        const string Count = "SELECT COUNT(*) FROM accreditation_AccreditedCourse WHERE SchemeId = @Id";
        const string SelectCourses = """
            SELECT Id, CourseId, CourseTitle, Reference, ValidFrom, ValidTo, CertificateMonths, EndedOn
            FROM accreditation_AccreditedCourse
            WHERE SchemeId = @Id
            ORDER BY ValidTo DESC, CourseTitle, Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            if (await db.One<Row>(SelectScheme, new { request.Id, reach.All, Accreditors = db.Ids(reach.Accreditors) }, cancellationToken) is not { } scheme) return Outcome.NotFound;
            var total = await db.One<int>(Count, new { request.Id }, cancellationToken);
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var courses = await db.List<Course>(db.Page(SelectCourses), new { request.Id, paging.Skip, paging.Take }, cancellationToken);
            var accreditor = await mediator.Send(new FindOrganisations([scheme.AccreditorId]), cancellationToken) is [var found, ..] ? found.Name : "";
            return new View(scheme.Id, scheme.Name, accreditor, scheme.Description, scheme.State, scheme.Version, London.Today(clock), new(courses, total, paging));
        }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AccreditorId { get; init; }
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public SchemeState State { get; init; }
        public int Version { get; init; }
    }
}
