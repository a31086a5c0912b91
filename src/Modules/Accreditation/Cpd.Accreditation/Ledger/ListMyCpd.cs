using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>Everyone sees their own CPD record, newest first, with the time spent in each academic year.</summary>
internal static class ListMyCpd {
    /// <param name="Year">The calendar year in which the academic year begins; null is every year.</param>
    internal sealed record Query(int? Year, Source? Source, AgeRanges Ages, Paging Paging) : IRequest<View>;

    internal sealed record View(PageOf<Entry> Found, Totals Totals, IReadOnlyList<YearTotals> Years);

    internal sealed record YearTotals(AcademicYear Year, Totals Totals);

    /// <summary>Where an entry comes from: a course or forum that was attended here, or what the person added.</summary>
    internal enum Source { Attendance, Own }

    internal sealed record Entry {
        public Guid Id { get; init; }
        public Source CauseKind { get; init; }
        public string Title { get; init; } = "";
        public string Source { get; init; } = "";
        public DateOnly HappenedOn { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public bool HasReflection { get; init; }
        public string? CertificateNumber { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, View> {
        // An entry without ages is about all of them. Whose days there are is bounded by a person's working life, so the years are made of them here.
        const string Where = """
            WHERE e.PersonId = @Me AND e.WithdrawnAt IS NULL AND e.HappenedOn >= @From AND e.HappenedOn <= @To
              AND (@Source IS NULL OR e.CauseKind = @Source) AND (@Ages = 0 OR e.AgeRanges = 0 OR (e.AgeRanges & @Ages) <> 0)

            """;
        const string SelectDays = """
            SELECT e.HappenedOn, COUNT(*) AS Entries, SUM(CAST(e.Minutes AS BIGINT)) AS Minutes, SUM(CAST(e.ParticipatoryMinutes AS BIGINT)) AS ParticipatoryMinutes
            FROM accreditation_Entry e

            """ + Where + "GROUP BY e.HappenedOn";
        const string Select = """
            SELECT e.Id, e.CauseKind, e.Title, e.Source, e.HappenedOn, e.Minutes, e.ParticipatoryMinutes, e.AgeRanges,
                CASE WHEN e.Reflection IS NULL AND e.Impact IS NULL THEN 0 ELSE 1 END AS HasReflection, c.Number AS CertificateNumber
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL

            """ + Where + "ORDER BY e.HappenedOn DESC, e.Id DESC";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            // The years are those of the whole record, so that each can be chosen whatever is chosen now.
            var days = await db.List<Day>(SelectDays, Args(null), cancellationToken);
            var chosen = await db.List<Day>(SelectDays, Args(request), cancellationToken);
            var totals = Sum(chosen);
            var paging = request.Paging.Skip < totals.Entries ? request.Paging : new Paging(1);
            var rows = await db.List<Entry>(db.Page(Select), Args(request, paging), cancellationToken);
            return new(new(rows, totals.Entries, paging), totals,
                [.. days.GroupBy(d => AcademicYear.Of(d.HappenedOn)).OrderByDescending(g => g.Key.Begins).Select(g => new YearTotals(g.Key, Sum(g)))]);
        }

        object Args(Query? request, Paging? paging = null) {
            var year = request?.Year is { } begins and > 1900 and < 9000 ? new AcademicYear(begins) : (AcademicYear?)null;
            return new {
                Me = me.PersonId, From = year?.First ?? DateOnly.MinValue, To = year?.Last ?? DateOnly.MaxValue,
                Source = request?.Source?.ToString(), Ages = request?.Ages ?? AgeRanges.None, paging?.Skip, paging?.Take,
            };
        }

        static Totals Sum(IEnumerable<Day> days) => days.Aggregate(new Totals(0, 0, 0),
            (sum, day) => new(sum.Entries + day.Entries, sum.Minutes + day.Minutes, sum.ParticipatoryMinutes + day.ParticipatoryMinutes));
    }

    sealed record Day {
        public DateOnly HappenedOn { get; init; }
        public int Entries { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
    }
}
