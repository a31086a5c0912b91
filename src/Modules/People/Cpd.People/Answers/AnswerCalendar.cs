using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about when an authority works.</summary>
internal static class AnswerCalendar {
    const string SelectClosed = "SELECT ClosedOn FROM people_ClosedDay WHERE AuthorityId = @AuthorityId AND ClosedOn >= @From AND ClosedOn <= @To ORDER BY ClosedOn";

    internal sealed class Closed(Db db) : IRequestHandler<ListClosedDays, IReadOnlyList<DateOnly>> {
        public async Task<IReadOnlyList<DateOnly>> Handle(ListClosedDays request, CancellationToken cancellationToken) =>
            [.. (await db.List<Row>(SelectClosed, request, cancellationToken)).Select(r => r.ClosedOn)];
    }

    sealed record Row {
        public DateOnly ClosedOn { get; init; }
    }
}
