using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Calendar;

/// <summary>The terms of an authority's school years and the days on which it is closed, from last year on.</summary>
internal static class SeeCalendar {
    internal sealed record Query(Guid AuthorityId, DateOnly From) : IRequest<Outcome<View>>;

    internal sealed record View(Guid AuthorityId, string AuthorityName, IReadOnlyList<Term> Terms, IReadOnlyList<ClosedDay> ClosedDays);

    internal sealed record Term {
        public Guid Id { get; init; }
        public int SchoolYear { get; init; }
        public string Label { get; init; } = "";
        public DateOnly StartsOn { get; init; }
        public DateOnly EndsOn { get; init; }
    }

    internal sealed record ClosedDay {
        public Guid Id { get; init; }
        public DateOnly ClosedOn { get; init; }
        public string Label { get; init; } = "";
    }

    /// <summary>"2026 to 2027".</summary>
    internal static string YearWords(int schoolYear) => $"{schoolYear} to {schoolYear + 1}";

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectName = "SELECT Name FROM people_Authority WHERE Id = @AuthorityId AND (@All = 1 OR Id IN @Authorities)";
        const string SelectTerms = """
            SELECT Id, SchoolYear, Label, StartsOn, EndsOn FROM people_Term WHERE AuthorityId = @AuthorityId AND EndsOn >= @From ORDER BY StartsOn
            """;
        const string SelectDays = "SELECT Id, ClosedOn, Label FROM people_ClosedDay WHERE AuthorityId = @AuthorityId AND ClosedOn >= @From ORDER BY ClosedOn";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var name = await db.One<string>(SelectName, db.In(me.Reach(PeoplePermissions.ChangeCalendar), new { request.AuthorityId }), cancellationToken);
            if (name is null) return Outcome.NotFound;
            return new View(request.AuthorityId, name, await db.List<Term>(SelectTerms, request, cancellationToken), await db.List<ClosedDay>(SelectDays, request, cancellationToken));
        }
    }
}
