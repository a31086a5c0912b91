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
/// days are avoided; what else the authorities hold at that time, and how many members are bound elsewhere, is said.
/// </summary>
internal static class ProposeYear {
    /// <param name="SchoolYear">The calendar year in which it begins; the next that has terms ahead when null.</param>
    internal sealed record Query(Guid SeriesId, int? SchoolYear, DayOfWeek Weekday, TimeOnly StartsAt, TimeOnly EndsAt, PartOfTerm Part) : IRequest<Outcome<View>>;

    /// <param name="Years">Those of which the authority has terms ahead.</param>
    internal sealed record View(OpenManagedSeries.Series Series, int SchoolYear, IReadOnlyList<int> Years, int Members, IReadOnlyList<Proposed> Meetings);

    /// <param name="On">Null when no day of the term fits.</param>
    /// <param name="Clashes">What else is held then.</param>
    /// <param name="MembersBound">How many members are bound elsewhere then.</param>
    internal sealed record Proposed(string Term, DateOnly TermStartsOn, DateOnly TermEndsOn, DateOnly? On, IReadOnlyList<string> Clashes, int MembersBound);

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectOwn = "SELECT Id FROM forums_Meeting WHERE SeriesId = @SeriesId AND State = 'Published' AND StartsAt >= @From AND StartsAt < @To";
        const string SelectMembers = "SELECT PersonId FROM forums_Member WHERE SeriesId = @SeriesId AND Until IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenManagedSeries.Query(request.SeriesId), cancellationToken);
            if (opened.Refusal is { } refusal) return refusal;
            var (series, _, authorities) = opened.Value;
            var today = London.Today(clock);
            var terms = await mediator.Send(new ListTerms(series.AuthorityId, today, today.AddYears(2)), cancellationToken);
            var years = terms.Select(t => t.SchoolYear).Distinct().Order().ToList();
            var year = request.SchoolYear is { } asked && years.Contains(asked) ? asked : years.FirstOrDefault();
            var members = await db.List<Guid>(SelectMembers, new { request.SeriesId }, cancellationToken);
            var wanted = terms.Where(t => t.SchoolYear == year).ToList();
            if (wanted.Count == 0) return new View(series, year, years, members.Count, []);
            var closed = (await mediator.Send(new ListClosedDays(series.AuthorityId, wanted[0].StartsOn, wanted[^1].EndsOn), cancellationToken)).ToHashSet();
            var proposed = wanted.Select(t => (Term: t, On: Proposal.Day(t, request.Weekday, request.Part, closed, today.AddDays(1)))).ToList();
            var (from, to) = (London.StartOf(wanted[0].StartsOn), London.StartOf(wanted[^1].EndsOn.AddDays(1)));
            var events = await everyone.Ask<FindEvents, EventOn>(new(authorities, from, to), cancellationToken);
            // That members are invited to what the forum holds already says nothing new.
            var own = (await db.List<Guid>(SelectOwn, new { request.SeriesId, From = from, To = to }, cancellationToken)).ToHashSet();
            var bound = new List<Commitment>();
            foreach (var batch in members.Chunk(1000)) bound.AddRange(await everyone.Ask<FindCommitments, Commitment>(new(batch, from, to), cancellationToken));
            return new View(series, year, years, members.Count, [.. proposed.Select(p => {
                if (p.On is not { } day) return new Proposed(p.Term.Label, p.Term.StartsOn, p.Term.EndsOn, null, [], 0);
                var (starts, ends) = (London.ToUtc(day, request.StartsAt), London.ToUtc(day, request.EndsAt));
                return new Proposed(p.Term.Label, p.Term.StartsOn, p.Term.EndsOn, day,
                    [.. events.Where(e => e.StartsAt < ends && e.EndsAt > starts).OrderBy(e => e.StartsAt).Select(e => $"{e.What}, {Show.Time(e.StartsAt)} to {Show.Time(e.EndsAt)}").Distinct()],
                    bound.Where(c => !own.Contains(c.CauseId) && c.StartsAt < ends && c.EndsAt > starts).Select(c => c.PersonId).Distinct().Count());
            })]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}/year", async (Guid id, int? schoolYear, DayOfWeek? weekday, TimeOnly? startsAt, TimeOnly? endsAt, PartOfTerm? part, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(id, schoolYear, weekday ?? DayOfWeek.Wednesday, startsAt ?? new TimeOnly(16, 0), endsAt ?? new TimeOnly(17, 30), part ?? PartOfTerm.Middle), ct)).ToHttp())
        .WithName("ProposeForumYear").WithSummary("Proposes the meetings of a school year from the terms of the forum's authority, with what else is held at those times. Days and times are those of London.")
        .Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
