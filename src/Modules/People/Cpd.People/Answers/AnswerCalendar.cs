using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.People.Answers;

/// <summary>Answers other modules' questions about when an authority works.</summary>
internal static class AnswerCalendar {
    const string SelectClosed = "SELECT ClosedOn FROM people_ClosedDay WHERE AuthorityId = @AuthorityId AND ClosedOn >= @From AND ClosedOn <= @To ORDER BY ClosedOn";

    const string SelectAllClosed = "SELECT AuthorityId, ClosedOn FROM people_ClosedDay WHERE AuthorityId IN @Ids AND ClosedOn >= @From AND ClosedOn <= @To";
    // All terms of these authorities: a few dozen at most, and the gap that a day lies in may begin long before it.
    const string SelectTerms = "SELECT AuthorityId, StartsOn, EndsOn FROM people_Term WHERE AuthorityId IN @Ids ORDER BY AuthorityId, StartsOn";

    internal sealed class Closed(Db db) : IRequestHandler<ListClosedDays, IReadOnlyList<DateOnly>> {
        public async Task<IReadOnlyList<DateOnly>> Handle(ListClosedDays request, CancellationToken cancellationToken) =>
            [.. (await db.List<Row>(SelectClosed, request, cancellationToken)).Select(r => r.ClosedOn)];
    }

    internal sealed class Off(Db db) : IRequestHandler<ListDaysOff, IReadOnlyList<DaysOff>> {
        public async Task<IReadOnlyList<DaysOff>> Handle(ListDaysOff request, CancellationToken cancellationToken) {
            var key = new { Ids = db.Ids(request.AuthorityIds), request.From, request.To };
            var closed = (await db.List<ClosedRow>(SelectAllClosed, key, cancellationToken)).ToLookup(d => d.AuthorityId, d => d.ClosedOn);
            var terms = (await db.List<TermRow>(SelectTerms, key, cancellationToken)).ToLookup(t => t.AuthorityId);
            return [.. request.AuthorityIds.Distinct().Select(id => new DaysOff(id, [.. closed[id]], Between([.. terms[id]], request.From, request.To)))];
        }

        /// <param name="terms">In order, the last before the days and the first after them with those among them.</param>
        static List<DateOnly> Between(List<TermRow> terms, DateOnly from, DateOnly to) {
            var days = new List<DateOnly>();
            foreach (var (before, after) in terms.Zip(terms.Skip(1)))
                for (var day = before.EndsOn.AddDays(1) > from ? before.EndsOn.AddDays(1) : from; day < after.StartsOn && day <= to; day = day.AddDays(1)) days.Add(day);
            return days;
        }
    }

    sealed record ClosedRow {
        public Guid AuthorityId { get; init; }
        public DateOnly ClosedOn { get; init; }
    }

    sealed record TermRow {
        public Guid AuthorityId { get; init; }
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
    }

    sealed record Row {
        public DateOnly ClosedOn { get; init; }
    }
}
