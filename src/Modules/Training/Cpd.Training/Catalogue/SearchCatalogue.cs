using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Catalogue;

/// <summary>Anyone may search the published courses, the next to be held first; a course without a session ahead is still found, at the end.</summary>
internal static class SearchCatalogue {
    /// <summary>What narrows the search; what is not set does not. Days are London's, both included, and ask for a session ahead that starts on one of them.</summary>
    /// <param name="Text">Words (the first three count) that must each begin a word of the title, the topics or the summary.</param>
    internal sealed record Filters(string? Text, Guid? Authority, DateOnly? From, DateOnly? To, string? Topic, JobRole? Audience, AgeRanges? Ages, CourseMode? Mode, bool Free);

    internal sealed record Query(Filters Filters, Paging Paging) : IRequest<PageOf<Course>>;

    /// <summary>For programs: in the order the courses were made.</summary>
    internal sealed record SliceQuery(Filters Filters, Guid? After) : IRequest<Slice<Course>>;

    /// <param name="NextStartsAt">The first of the sessions ahead; null when none is published. UTC.</param>
    /// <param name="PlacesLeft">In all sessions ahead.</param>
    internal sealed record Course(Guid Id, string Title, string Summary, Guid AuthorityId, string AuthorityName, CourseMode Mode, AgeRanges AgeRanges, int Minutes, int PricePence, DateTime? NextStartsAt, int SessionsAhead, int PlacesLeft);

    // A page of an authority, of which there is little, is cut from all it has; its size comes with its rows.
    const string Columns = """
        SELECT c.Id, c.Title, c.Summary, c.AuthorityId, c.Mode, c.AgeRanges, c.Minutes, c.PricePence, n.NextStartsAt, COALESCE(n.SessionsAhead, 0) AS SessionsAhead, COALESCE(n.PlacesLeft, 0) AS PlacesLeft, COUNT(*) OVER () AS Total
        FROM training_Course c
        LEFT JOIN (
            SELECT CourseId, MIN(StartsAt) AS NextStartsAt, COUNT(*) AS SessionsAhead, SUM(CAST(Places - PlacesTaken AS BIGINT)) AS PlacesLeft
            FROM training_Session

        """;
    const string Filtered = """
          AND c.State = 'Published' AND c.SearchKey LIKE @First ESCAPE '!' AND c.SearchKey LIKE @Second ESCAPE '!' AND c.SearchKey LIKE @Third ESCAPE '!'
          AND (@Dated = 0 OR n.NextStartsAt IS NOT NULL)
          AND (@Mode = '' OR c.Mode = @Mode)
          AND (@Ages = 0 OR c.AgeRanges = 0 OR (c.AgeRanges & @Ages) <> 0)
          AND (@Free = 0 OR c.PricePence = 0)
          AND (@Topic = '' OR EXISTS (SELECT 1 FROM training_CourseTopic t WHERE t.CourseId = c.Id AND t.TopicKey = @Topic))
          AND (@Audience = '' OR EXISTS (SELECT 1 FROM training_CourseAudience a WHERE a.CourseId = c.Id AND a.JobRole = @Audience)
            OR NOT EXISTS (SELECT 1 FROM training_CourseAudience a WHERE a.CourseId = c.Id))

        """;
    const string OfAll = Columns + """
            WHERE State = 'Published' AND StartsAt >= @FromTime AND StartsAt < @ToTime
            GROUP BY CourseId
        ) n ON n.CourseId = c.Id
        WHERE c.Id > @After

        """ + Filtered;
    // The authority stands in both places, as a condition of its own: with OR the engine would read everyone's.
    const string OfAuthority = Columns + """
            WHERE AuthorityId = @Authority AND State = 'Published' AND StartsAt >= @FromTime AND StartsAt < @ToTime
            GROUP BY CourseId
        ) n ON n.CourseId = c.Id
        WHERE c.AuthorityId = @Authority AND c.Id > @After

        """ + Filtered;

    internal sealed class Handler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<Query, PageOf<Course>> {
        const string Order = "ORDER BY CASE WHEN n.NextStartsAt IS NULL THEN 1 ELSE 0 END, n.NextStartsAt, c.TitleKey, c.Id";
        const string SelectOfAll = OfAll + Order;
        const string SelectOfAuthority = OfAuthority + Order;
        // Everyone's whole catalogue, in the same order. Its first pages are read along the sessions' own order and no further; CROSS JOIN
        // keeps SQLite from beginning with the courses, of which it would have to sort all.
        const string SelectNext = """
            SELECT c.Id, c.Title, c.Summary, c.AuthorityId, c.Mode, c.AgeRanges, c.Minutes, c.PricePence, s.StartsAt AS NextStartsAt
            FROM training_Session s
            CROSS JOIN training_Course c
            WHERE s.State = 'Published' AND s.StartsAt >= @FromTime AND s.StartsAt < @ToTime AND c.Id = s.CourseId AND c.State = 'Published'
              AND NOT EXISTS (
                SELECT 1 FROM training_Session e
                WHERE e.CourseId = s.CourseId AND e.State = 'Published' AND e.StartsAt >= @FromTime AND (e.StartsAt < s.StartsAt OR (e.StartsAt = s.StartsAt AND e.Id < s.Id)))
            ORDER BY s.StartsAt, c.TitleKey, c.Id
            """;
        const string SelectAhead = """
            SELECT CourseId, COUNT(*) AS SessionsAhead, SUM(CAST(Places - PlacesTaken AS BIGINT)) AS PlacesLeft
            FROM training_Session
            WHERE CourseId IN @Ids AND State = 'Published' AND StartsAt >= @FromTime AND StartsAt < @ToTime
            GROUP BY CourseId
            """;
        const string CountPublished = "SELECT COUNT(*) FROM training_Course WHERE State = 'Published'";

        public async Task<PageOf<Course>> Handle(Query request, CancellationToken cancellationToken) {
            var args = Args(request.Filters, clock, null);
            if (request.Filters == Everything && await FirstPages(request.Paging, args, cancellationToken) is { } first) return first;
            var sql = db.Page(request.Filters.Authority is null ? SelectOfAll : SelectOfAuthority);
            var paging = request.Paging;
            var rows = await db.List<Row>(sql, Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            // Past the end there is no row to say how many there are.
            if (rows.Count == 0 && paging.Skip > 0) {
                paging = new Paging(1);
                rows = await db.List<Row>(sql, Db.Args(args, new { paging.Skip, paging.Take }), cancellationToken);
            }
            return new(await Courses(mediator, rows, cancellationToken), rows.Count == 0 ? 0 : rows[0].Total, paging);
        }

        /// <summary>A page of what has a session ahead and no filter; null when it is not full of them, so that those without come into it.</summary>
        async Task<PageOf<Course>?> FirstPages(Paging paging, object args, CancellationToken ct) {
            var rows = await db.List<Row>(db.Page(SelectNext), Db.Args(args, new { paging.Skip, paging.Take }), ct);
            if (rows.Count < paging.Take) return null;
            var ahead = (await db.List<Ahead>(SelectAhead, Db.Args(args, new { Ids = db.Ids(rows.Select(r => r.Id)) }), ct)).ToDictionary(a => a.CourseId);
            var courses = await Courses(mediator, [.. rows.Select(r => ahead.TryGetValue(r.Id, out var a) ? r with { SessionsAhead = a.SessionsAhead, PlacesLeft = a.PlacesLeft } : r)], ct);
            return new(courses, await db.One<int>(CountPublished, null, ct), paging);
        }
    }

    internal sealed class SliceHandler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<SliceQuery, Slice<Course>> {
        const string Order = "ORDER BY c.Id";
        const string SelectOfAll = OfAll + Order;
        const string SelectOfAuthority = OfAuthority + Order;

        public async Task<Slice<Course>> Handle(SliceQuery request, CancellationToken cancellationToken) {
            var sql = db.Page(request.Filters.Authority is null ? SelectOfAll : SelectOfAuthority);
            var rows = await db.List<Row>(sql, Db.Args(Args(request.Filters, clock, request.After), new { Skip = 0, Take = Slice<Course>.Size + 1 }), cancellationToken);
            return Slice<Course>.Of(await Courses(mediator, rows, cancellationToken), c => c.Id);
        }
    }

    static readonly Filters Everything = new(null, null, null, null, null, null, null, null, false);

    static object Args(Filters filters, TimeProvider clock, Guid? after) {
        var (first, second, third) = WordKey.Patterns(filters.Text);
        var now = clock.GetUtcNow().UtcDateTime;
        var from = filters.From is { } f && London.StartOf(f) > now ? London.StartOf(f) : now;
        return new {
            First = first, Second = second, Third = third, FromTime = from, ToTime = filters.To is { Year: < 9999 } t ? London.StartOf(t.AddDays(1)) : new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Dated = filters.From is not null || filters.To is not null ? 1 : 0, Authority = filters.Authority ?? Guid.Empty, After = after ?? Guid.Empty,
            Mode = filters.Mode?.ToString() ?? "", Ages = (int)(filters.Ages ?? AgeRanges.None), Free = filters.Free ? 1 : 0, Topic = WordKey.Of(filters.Topic ?? ""), Audience = filters.Audience?.ToString() ?? "",
        };
    }

    static async Task<IReadOnlyList<Course>> Courses(IMediator mediator, IReadOnlyList<Row> rows, CancellationToken ct) {
        if (rows.Count == 0) return [];
        var names = (await mediator.Send(new ListAuthorities(), ct)).ToDictionary(a => a.Id, a => a.Name);
        return [.. rows.Select(r => new Course(r.Id, r.Title, r.Summary, r.AuthorityId, names.GetValueOrDefault(r.AuthorityId, ""), r.Mode, r.AgeRanges, r.Minutes, r.PricePence, r.NextStartsAt, r.SessionsAhead, r.PlacesLeft))];
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/courses", async (string? text, Guid? authority, DateOnly? from, DateOnly? to, string? topic, JobRole? audience, AgeRanges? age, CourseMode? mode, bool? free, Guid? after, IMediator mediator, CancellationToken ct) =>
            Results.Ok(await mediator.Send(new SliceQuery(new(text, authority, from, to, topic, audience, age, mode, free ?? false), after), ct)))
        .WithName("SearchCourses").WithSummary("Published courses, narrowed as in the catalogue; at most 100, and next goes into the next call's after. Times are UTC.").Produces<Slice<Course>>()
        .IsPublic();

    sealed record Row {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        public string Summary { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public CourseMode Mode { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public int Minutes { get; init; }
        public int PricePence { get; init; }
        public DateTime? NextStartsAt { get; init; }
        public int SessionsAhead { get; init; }
        public int PlacesLeft { get; init; }
        public int Total { get; init; }
    }

    sealed record Ahead {
        public Guid CourseId { get; init; }
        public int SessionsAhead { get; init; }
        public int PlacesLeft { get; init; }
    }
}
