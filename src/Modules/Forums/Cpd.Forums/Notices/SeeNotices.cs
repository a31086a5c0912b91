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

namespace Cpd.Forums.Notices;

/// <summary>The notice board of a forum, the newest notice first, and a notice with its replies. Members see what is not hidden; officers see all of it, with what was reported.</summary>
internal static class SeeNotices {
    /// <summary>For members.</summary>
    internal sealed record Mine(Guid SeriesId, Paging Paging) : IRequest<Outcome<View>>;

    /// <summary>For the officers of the forum: replies too, each for itself, reported ones first.</summary>
    internal sealed record Query(Guid SeriesId, Paging Paging) : IRequest<Outcome<View>>;

    /// <summary>One notice with its replies, the oldest first; for members.</summary>
    internal sealed record One(Guid NoticeId) : IRequest<Outcome<View>>;

    /// <param name="Daily">The reader is told each day what is new.</param>
    internal sealed record View(OneSeries Series, PageOf<Notice> Notices, bool Daily);

    internal sealed record Notice {
        public Guid Id { get; init; }
        public Guid SeriesId { get; init; }
        /// <summary>Of a reply: the notice that it answers.</summary>
        public Guid? NoticeId { get; init; }
        public Guid WrittenBy { get; init; }
        public string WrittenByName { get; init; } = "";
        /// <summary>Empty for a reply.</summary>
        public string Title { get; init; } = "";
        public string Words { get; init; } = "";
        public DateTime PostedAt { get; init; }
        public DateTime? HiddenAt { get; init; }
        public string HiddenReason { get; init; } = "";
        public int Replies { get; init; }
        public int Reports { get; init; }
        /// <summary>Why it was reported, the first of the reasons.</summary>
        public string? ReportReason { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Mine, Outcome<View>>, IRequestHandler<Query, Outcome<View>>, IRequestHandler<One, Outcome<View>> {
        const string Columns = """
            SELECT n.Id, n.SeriesId, n.NoticeId, n.WrittenBy, n.Title, n.Words, n.PostedAt, n.HiddenAt, n.HiddenReason,
                (SELECT COUNT(*) FROM forums_Notice r WHERE r.NoticeId = n.Id AND r.HiddenAt IS NULL) AS Replies,
                (SELECT COUNT(*) FROM forums_NoticeReport p WHERE p.NoticeId = n.Id) AS Reports,
                (SELECT MIN(p.Reason) FROM forums_NoticeReport p WHERE p.NoticeId = n.Id) AS ReportReason
            FROM forums_Notice n

            """;
        const string CountMine = "SELECT COUNT(*) FROM forums_Notice WHERE SeriesId = @Id AND NoticeId IS NULL AND HiddenAt IS NULL";
        const string SelectMine = Columns + "WHERE n.SeriesId = @Id AND n.NoticeId IS NULL AND n.HiddenAt IS NULL ORDER BY n.PostedAt DESC, n.Id DESC";
        const string CountAll = "SELECT COUNT(*) FROM forums_Notice WHERE SeriesId = @Id";
        const string SelectAll = Columns + "WHERE n.SeriesId = @Id ORDER BY CASE WHEN n.HiddenAt IS NULL AND EXISTS (SELECT 1 FROM forums_NoticeReport p WHERE p.NoticeId = n.Id) THEN 0 ELSE 1 END, n.PostedAt DESC, n.Id DESC";
        const string SelectSeries = "SELECT SeriesId FROM forums_Notice WHERE Id = @NoticeId AND NoticeId IS NULL AND HiddenAt IS NULL";
        const string SelectOne = Columns + "WHERE (n.Id = @NoticeId OR n.NoticeId = @NoticeId) AND n.HiddenAt IS NULL ORDER BY n.PostedAt, n.Id";
        const string SelectDaily = "SELECT COUNT(*) FROM forums_DailyReader WHERE PersonId = @Me";

        public async Task<Outcome<View>> Handle(Mine request, CancellationToken cancellationToken) => await OneSeries.Joined(db, me.PersonId, request.SeriesId, cancellationToken) is { } series
            ? await Page(series, CountMine, SelectMine, request.Paging, cancellationToken) : Outcome.NotFound;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) => await OneSeries.Managed(db, me, request.SeriesId, cancellationToken) is { } series
            ? await Page(series, CountAll, SelectAll, request.Paging, cancellationToken) : Outcome.NotFound;

        public async Task<Outcome<View>> Handle(One request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(SelectSeries, request, cancellationToken) is not { } id || await OneSeries.Joined(db, me.PersonId, id, cancellationToken) is not { } series) return Outcome.NotFound;
            var notices = await Named(await db.List<Notice>(db.Page(SelectOne), new { request.NoticeId, Skip = 0, Take = 500 }, cancellationToken), cancellationToken);
            return new View(series, new(notices, notices.Count, new Paging(1, 500)), false);
        }

        async Task<View> Page(OneSeries series, string count, string select, Paging paging, CancellationToken ct) {
            var total = await db.One<int>(count, new { series.Id }, ct);
            if (paging.Skip >= total) paging = new Paging(1);
            var notices = await db.List<Notice>(db.Page(select), new { series.Id, paging.Skip, paging.Take }, ct);
            return new(series, new(await Named(notices, ct), total, paging), await db.One<int>(SelectDaily, new { Me = me.PersonId }, ct) > 0);
        }

        async Task<IReadOnlyList<Notice>> Named(IReadOnlyList<Notice> notices, CancellationToken ct) {
            if (notices.Count == 0) return notices;
            var names = (await mediator.Send(new FindPeople([.. notices.Select(n => n.WrittenBy).Distinct()]), ct)).ToDictionary(p => p.Id, p => p.Name);
            return [.. notices.Select(n => n with { WrittenByName = names.GetValueOrDefault(n.WrittenBy, "Somebody who has left") })];
        }
    }

    /// <param name="Notices">As members read them: who reported what is for officers.</param>
    internal sealed record Answer(Guid SeriesId, int Total, IReadOnlyList<Posted> Notices);
    internal sealed record Posted(Guid Id, Guid WrittenBy, string WrittenByName, string Title, string Words, DateTime PostedAt, int Replies);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forums/{id:guid}/notices", async (Guid id, int? page, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Mine(id, new Paging(page ?? 1)), ct)).ToHttp(v => Results.Ok(new Answer(v.Series.Id, v.Notices.Total, [.. v.Notices.Items.Select(n => new Posted(n.Id, n.WrittenBy, n.WrittenByName, n.Title, n.Words, n.PostedAt, n.Replies))]))))
        .WithName("SeeNotices").WithSummary("The notice board of a forum that you belong to, the newest first; 20 to a page. Times are UTC.").Produces<Answer>().ProducesProblem(404)
        .Requires(ForumsPermissions.TakePart);
}
