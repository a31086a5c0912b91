using Cpd.Accreditation.Contracts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>Answers other modules' question which of their courses are accredited on a day.</summary>
internal static class AnswerAccreditations {
    const string SelectValid = """
        SELECT c.CourseId, s.AccreditorId, s.Name AS SchemeName, c.Reference, c.ValidFrom, c.ValidTo
        FROM accreditation_AccreditedCourse c
        JOIN accreditation_Scheme s ON s.Id = c.SchemeId
        WHERE c.CourseId IN @Ids AND c.ValidFrom <= @On AND c.ValidTo >= @On AND (c.EndedOn IS NULL OR c.EndedOn > @On)
        """;

    internal sealed class Handler(Db db, IMediator mediator) : IRequestHandler<FindAccreditations, IReadOnlyList<AccreditationCard>> {
        public async Task<IReadOnlyList<AccreditationCard>> Handle(FindAccreditations request, CancellationToken cancellationToken) {
            var rows = await db.List<Row>(SelectValid, new { Ids = db.Ids(request.CourseIds), request.On }, cancellationToken);
            if (rows.Count == 0) return [];
            var names = (await mediator.Send(new FindOrganisations([.. rows.Select(r => r.AccreditorId).Distinct()]), cancellationToken)).ToDictionary(o => o.Id, o => o.Name);
            return [.. rows.Select(r => new AccreditationCard(r.CourseId, names.GetValueOrDefault(r.AccreditorId, ""), r.SchemeName, r.Reference, r.ValidFrom, r.ValidTo))];
        }
    }

    sealed record Row {
        public Guid CourseId { get; init; }
        public Guid AccreditorId { get; init; }
        public string SchemeName { get; init; } = "";
        public string Reference { get; init; } = "";
        public DateOnly ValidFrom { get; init; }
        public DateOnly ValidTo { get; init; }
    }
}
