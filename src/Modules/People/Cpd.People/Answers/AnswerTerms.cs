using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about the terms of an authority.</summary>
internal static class AnswerTerms {
    const string Select = "SELECT SchoolYear, Label, StartsOn, EndsOn FROM people_Term WHERE AuthorityId = @AuthorityId AND StartsOn <= @To AND EndsOn >= @From ORDER BY StartsOn";

    internal sealed class Handler(Db db) : IRequestHandler<ListTerms, IReadOnlyList<TermCard>> {
        public async Task<IReadOnlyList<TermCard>> Handle(ListTerms request, CancellationToken cancellationToken) =>
            [.. (await db.List<Row>(Select, request, cancellationToken)).Select(r => new TermCard(r.SchoolYear, r.Label, r.StartsOn, r.EndsOn))];
    }

    sealed record Row {
        public int SchoolYear { get; init; }
        public string Label { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
    }
}
