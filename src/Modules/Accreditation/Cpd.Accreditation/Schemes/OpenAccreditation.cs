using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>One accreditation that can still be ended.</summary>
internal static class OpenAccreditation {
    internal sealed record Query(Guid SchemeId, Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View {
        public string SchemeName { get; init; } = "";
        public string CourseTitle { get; init; } = "";
        public string Reference { get; init; } = "";
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT s.Name AS SchemeName, c.CourseTitle, c.Reference
            FROM accreditation_AccreditedCourse c
            JOIN accreditation_Scheme s ON s.Id = c.SchemeId
            WHERE c.Id = @Id AND c.SchemeId = @SchemeId AND c.EndedOn IS NULL AND (@All = 1 OR s.AccreditorId IN @Accreditors)
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            return await db.One<View>(Select, new { request.Id, request.SchemeId, reach.All, Accreditors = db.Ids(reach.Accreditors) }, cancellationToken) is { } found ? found : Outcome.NotFound;
        }
    }
}
