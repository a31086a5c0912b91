using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Meetings;

/// <summary>
/// Proposes a forum's meetings of a school year, one for each term that the authority has, on the weekday and at the time that the officer wants. Bank holidays and closed
/// days are avoided; what else the authorities hold at that time, and how many members are bound elsewhere, is said. A term in which the forum meets already gets no other
/// meeting. Days that the officer has chosen instead are looked at in the same way.
/// </summary>
internal static class ProposeYear {
    /// <param name="SchoolYear">The calendar year in which it begins; the next that has terms ahead when null.</param>
    /// <param name="Chosen">The officer's days, by the names of the terms, in place of what would be proposed.</param>
    internal sealed record Query(Guid SeriesId, int? SchoolYear, DayOfWeek Weekday, TimeOnly StartsAt, TimeOnly EndsAt, PartOfTerm Part, IReadOnlyList<PublishYear.Day>? Chosen = null) : IRequest<Outcome<View>>;

    /// <param name="Years">Those of which the authority has terms ahead.</param>
    internal sealed record View(OpenManagedSeries.Series Series, int SchoolYear, IReadOnlyList<int> Years, int Members, IReadOnlyList<Proposed> Meetings);

    /// <param name="On">Null when no day of the term fits, when the forum meets in it already, and where the officer has chosen none.</param>
    /// <param name="Clashes">What else is held then.</param>
    /// <param name="MembersBound">How many members are bound elsewhere then.</param>
    /// <param name="Already">When the forum meets in this term, UTC; drafts count.</param>
    /// <param name="IsClosed">The authority is closed on the day that was chosen.</param>
    internal sealed record Proposed(string Term, DateOnly TermStartsOn, DateOnly TermEndsOn, DateOnly? On, IReadOnlyList<string> Clashes, int MembersBound, IReadOnlyList<DateTime> Already, bool IsClosed);

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSeries = OpenManagedSeries.SelectSeries + "AND (@All = 1 OR AuthorityId IN @Authorities)";
        // Its meetings first: SQL Server takes the type of a column from there.
        const string SelectParts = """
            SELECT 'Meeting' AS What, Id, StartsAt FROM forums_Meeting WHERE SeriesId = @Id AND State <> 'Cancelled' AND StartsAt >= @Since
            UNION ALL
            SELECT 'Member' AS What, PersonId AS Id, NULL AS StartsAt FROM forums_Member WHERE SeriesId = @Id AND Until IS NULL
            UNION ALL
            SELECT 'Authority' AS What, AuthorityId AS Id, NULL AS StartsAt FROM forums_SeriesAuthority WHERE SeriesId = @Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var (reach, today) = (me.Reach(ForumsPermissions.ManageForums), London.Today(clock));
            var key = new { Id = request.SeriesId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Since = London.StartOf(today.AddYears(-1)) };
            if (await db.One<OpenManagedSeries.Series>(SelectSeries, key, cancellationToken) is not { } series) return Outcome.NotFound;
            var parts = (await db.List<Part>(SelectParts, key, cancellationToken)).ToLookup(p => p.What);
            var terms = await mediator.Send(new ListTerms(series.AuthorityId, today, today.AddYears(2)), cancellationToken);
            var years = terms.Select(t => t.SchoolYear).Distinct().Order().ToList();
            var year = request.SchoolYear is { } asked && years.Contains(asked) ? asked : years.FirstOrDefault();
            var members = parts["Member"].Select(p => p.Id).ToList();
            var wanted = terms.Where(t => t.SchoolYear == year).ToList();
            if (wanted.Count == 0) return new View(series, year, years, members.Count, []);
            var days = wanted.SelectMany(t => (DateOnly[])[t.StartsOn, t.EndsOn]).Concat((request.Chosen ?? []).Select(d => d.On).OfType<DateOnly>()).ToList();
            var (first, last) = (days.Min(), days.Max());
            var closed = (await mediator.Send(new ListClosedDays(series.AuthorityId, first, last), cancellationToken)).ToHashSet();
            var (from, to) = (London.StartOf(first), London.StartOf(last.AddDays(1)));
            var already = wanted.ToDictionary(t => t, t => parts["Meeting"].Select(m => m.StartsAt!.Value).Order().Where(at => London.Day(at) is var day && day >= t.StartsOn && day <= t.EndsOn).ToList());
            var proposed = wanted.Select(t => (Term: t, On: request.Chosen is { } chosen ? chosen.FirstOrDefault(d => d.Term == t.Label)?.On
                : already[t].Count > 0 ? null : Proposal.Day(t, request.Weekday, request.Part, closed, today.AddDays(1)))).ToList();
            var events = await everyone.Ask<FindEvents, EventOn>(new([series.AuthorityId, .. parts["Authority"].Select(p => p.Id)], from, to), cancellationToken);
            // That members are invited to what the forum holds already says nothing new.
            var held = parts["Meeting"].Select(m => m.Id).ToHashSet();
            var bound = new List<Commitment>();
            foreach (var batch in members.Chunk(1000)) bound.AddRange(await everyone.Ask<FindCommitments, Commitment>(new(batch, from, to), cancellationToken));
            return new View(series, year, years, members.Count, [.. proposed.Select(p => {
                if (p.On is not { } day) return new Proposed(p.Term.Label, p.Term.StartsOn, p.Term.EndsOn, null, [], 0, already[p.Term], false);
                var (starts, ends) = (London.ToUtc(day, request.StartsAt), London.ToUtc(day, request.EndsAt));
                return new Proposed(p.Term.Label, p.Term.StartsOn, p.Term.EndsOn, day,
                    [.. events.Where(e => e.StartsAt < ends && e.EndsAt > starts).OrderBy(e => e.StartsAt).Select(e => $"{e.What}, {Show.Time(e.StartsAt)} to {Show.Time(e.EndsAt)}").Distinct()],
                    bound.Where(c => !held.Contains(c.CauseId) && c.StartsAt < ends && c.EndsAt > starts).Select(c => c.PersonId).Distinct().Count(), already[p.Term], closed.Contains(day));
            })]);
        }

        sealed record Part {
            public string What { get; init; } = "";
            public Guid Id { get; init; }
            public DateTime? StartsAt { get; init; }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}/year", async (Guid id, int? schoolYear, DayOfWeek? weekday, TimeOnly? startsAt, TimeOnly? endsAt, PartOfTerm? part, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(id, schoolYear, weekday ?? DayOfWeek.Wednesday, startsAt ?? new TimeOnly(16, 0), endsAt ?? new TimeOnly(17, 30), part ?? PartOfTerm.Middle), ct)).ToHttp())
        .WithName("ProposeForumYear").WithSummary("Proposes the meetings of a school year from the terms of the forum's authority, with what else is held at those times. Days and times are those of London.")
        .Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
