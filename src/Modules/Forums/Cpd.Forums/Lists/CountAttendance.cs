using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Lists;

/// <summary>
/// Who came to the forums of an officer's authority in an academic year: meetings held, attendances and different people are counted apart, each by part of the
/// day, by role, by the authority that people come from, and by setting.
/// </summary>
internal static class CountAttendance {
    /// <param name="SeriesId">One forum; all of them when null.</param>
    /// <param name="Year">The calendar year in which the academic year begins; this one when null.</param>
    internal sealed record Query(Guid? SeriesId, int? Year, Paging Paging) : IRequest<View>;

    /// <summary>The settings, all of them, for a file.</summary>
    internal sealed record All(Guid? SeriesId, int? Year) : IRequest<IReadOnlyList<SettingPart>>;

    /// <summary>From then on, in London, a meeting begins in the evening.</summary>
    static readonly TimeOnly Evening = new(17, 0);

    /// <param name="Forums">Those to choose from.</param>
    /// <param name="PartsOfDay">Daytime and evening.</param>
    internal sealed record View(int Year, IReadOnlyList<Forum> Forums, Totals Totals, IReadOnlyList<Held> Meetings, IReadOnlyList<PartOfDay> PartsOfDay, IReadOnlyList<Part> Roles, IReadOnlyList<Part> Authorities, PageOf<Part> Settings);

    internal sealed record Forum(Guid Id, string Name);

    internal sealed record Totals {
        public int Meetings { get; init; }
        public int Attendances { get; init; }
        public int People { get; init; }
        public int Settings { get; init; }
        public int Authorities { get; init; }
    }

    internal sealed record Held(Guid Id, string SeriesName, DateTime StartsAt, int Attendances);

    /// <param name="Name">The role, the authority or the setting.</param>
    /// <param name="Attendances">How often somebody came.</param>
    /// <param name="People">How many different people came.</param>
    internal sealed record Part(string Name, int Attendances, int People);

    internal sealed record PartOfDay(string Name, int Meetings, int Attendances, int People);

    /// <param name="EveningAttendances">Of the attendances.</param>
    /// <param name="EveningPeople">Of the people.</param>
    internal sealed record SettingPart(string Name, int Attendances, int People, int EveningAttendances, int EveningPeople);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View>, IRequestHandler<All, IReadOnlyList<SettingPart>> {
        const string Mine = """
            FROM forums_Meeting m
            JOIN forums_Series s ON s.Id = m.SeriesId
            LEFT JOIN forums_Participant p ON p.MeetingId = m.Id AND p.Attendance IN ('Attended', 'Part')
            WHERE m.State = 'Published' AND m.StartsAt >= @From AND m.StartsAt < @To AND m.EndsAt <= @Now AND (@SeriesId IS NULL OR s.Id = @SeriesId) AND (@All = 1 OR s.AuthorityId IN @Authorities)

            """;
        const string SelectTotals = "SELECT COUNT(DISTINCT m.Id) AS Meetings, COUNT(p.Id) AS Attendances, COUNT(DISTINCT p.PersonId) AS People, COUNT(DISTINCT p.SettingId) AS Settings, COUNT(DISTINCT p.AuthorityId) AS Authorities " + Mine;
        const string SelectRoles = "SELECT p.Role, COUNT(*) AS Attendances, COUNT(DISTINCT p.PersonId) AS People " + Mine + "AND p.Id IS NOT NULL GROUP BY p.Role ORDER BY Attendances DESC, p.Role";
        const string SelectAuthorities = "SELECT p.AuthorityId AS Id, COUNT(*) AS Attendances, COUNT(DISTINCT p.PersonId) AS People " + Mine + "AND p.Id IS NOT NULL GROUP BY p.AuthorityId ORDER BY Attendances DESC, p.AuthorityId";
        const string SelectSettings = "SELECT p.SettingId AS Id, COUNT(*) AS Attendances, COUNT(DISTINCT p.PersonId) AS People " + Mine + "AND p.SettingId IS NOT NULL GROUP BY p.SettingId ORDER BY Attendances DESC, p.SettingId";
        // Who came to which meeting, and meetings to which nobody did. What time it was in London the two engines can't be asked in the same words, so parts of the day are counted here.
        const string SelectCame = "SELECT m.Id, s.Name AS SeriesName, m.StartsAt, p.PersonId, p.SettingId " + Mine + "ORDER BY m.StartsAt, m.Id";
        const string SelectForums = "SELECT Id, Name FROM forums_Series WHERE @All = 1 OR AuthorityId IN @Authorities ORDER BY Name, Id";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var (year, key) = Key(request.SeriesId, request.Year);
            var totals = (await db.One<Totals>(SelectTotals, key, cancellationToken))!;
            var paging = request.Paging.Skip < totals.Settings ? request.Paging : new Paging(1);
            var settings = await db.List<Row>(db.Page(SelectSettings), Db.Args(key, new { paging.Skip, paging.Take }), cancellationToken);
            var authorities = (await mediator.Send(new ListAuthorities(), cancellationToken)).ToDictionary(a => a.Id, a => a.Name);
            var meetings = (await db.List<Came>(SelectCame, key, cancellationToken)).GroupBy(c => (c.Id, c.SeriesName, c.StartsAt)).ToList();
            return new(year, [.. (await db.List<Row>(SelectForums, key, cancellationToken)).Select(f => new Forum(f.Id, f.Name))], totals,
                [.. meetings.Select(m => new Held(m.Key.Id, m.Key.SeriesName, m.Key.StartsAt, m.Count(c => c.PersonId is not null)))], [InPart("Daytime, before 5pm", evening: false), InPart("Evening, from 5pm", evening: true)],
                [.. (await db.List<Row>(SelectRoles, key, cancellationToken)).Select(r => new Part(ForumsWording.Of(r.Role), r.Attendances, r.People))],
                [.. (await db.List<Row>(SelectAuthorities, key, cancellationToken)).Select(r => new Part(authorities.GetValueOrDefault(r.Id, "Another authority"), r.Attendances, r.People))],
                new(await Named(settings, cancellationToken), totals.Settings, paging));

            PartOfDay InPart(string name, bool evening) {
                var held = meetings.Where(m => InEvening(m.Key.StartsAt) == evening).ToList();
                var came = held.SelectMany(m => m).Select(c => c.PersonId).OfType<Guid>().ToList();
                return new(name, held.Count, came.Count, came.Distinct().Count());
            }
        }

        public async Task<IReadOnlyList<SettingPart>> Handle(All request, CancellationToken cancellationToken) {
            var key = Key(request.SeriesId, request.Year).Key;
            var settings = await db.List<Row>(SelectSettings, key, cancellationToken);
            var evening = (await db.List<Came>(SelectCame, key, cancellationToken)).Where(c => InEvening(c.StartsAt)).ToLookup(c => c.SettingId);
            return [.. (await Named(settings, cancellationToken)).Zip(settings, (part, s) => new SettingPart(part.Name, part.Attendances, part.People, evening[s.Id].Count(), evening[s.Id].DistinctBy(c => c.PersonId).Count()))];
        }

        static bool InEvening(DateTime startsAt) => TimeOnly.FromDateTime(London.FromUtc(startsAt)) >= Evening;

        (int Year, object Key) Key(Guid? seriesId, int? asked) {
            var now = clock.GetUtcNow().UtcDateTime;
            var today = London.Day(now);
            var year = asked is >= 2000 and <= 2100 ? asked.Value : today.AddMonths(-8).Year;
            var reach = me.Reach(ForumsPermissions.ManageForums);
            return (year, new {
                SeriesId = seriesId, From = London.StartOf(new DateOnly(year, 9, 1)), To = London.StartOf(new DateOnly(year + 1, 9, 1)), Now = now, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities),
            });
        }

        async Task<IReadOnlyList<Part>> Named(IReadOnlyList<Row> settings, CancellationToken ct) {
            var names = (await mediator.Send(new FindSettings([.. settings.Select(s => s.Id)]), ct)).ToDictionary(s => s.Id, s => s.Name);
            return [.. settings.Select(s => new Part(names.GetValueOrDefault(s.Id, ""), s.Attendances, s.People))];
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/forum-attendance", async (Guid? seriesId, int? year, int? page, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(seriesId, year, new Paging(page ?? 1)), ct)))
        .WithName("CountForumAttendance").WithSummary("Meetings, attendances and different people of the forums of your authority in an academic year (by the year in which it begins), by part of the day in London, by role, by home authority, and by setting, 20 a page. Times are UTC.")
        .Produces<View>()
        .Requires(ForumsPermissions.ManageForums);

    sealed record Came {
        public Guid Id { get; init; }
        public string SeriesName { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public Guid? PersonId { get; init; }
        public Guid? SettingId { get; init; }
    }

    sealed record Row {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public ForumRole Role { get; init; }
        public int Attendances { get; init; }
        public int People { get; init; }
    }
}

/// <summary>Attendance by setting as a file.</summary>
internal sealed record AttendanceFile(IReadOnlyList<CountAttendance.SettingPart> Settings) : IActionResult {
    public async Task ExecuteResultAsync(ActionContext context) {
        var (response, ct) = (context.HttpContext.Response, context.HttpContext.RequestAborted);
        response.Headers.ContentDisposition = "attachment; filename=\"forum-attendance.csv\"";
        response.ContentType = "text/csv; charset=utf-8";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(["Setting", "Attendances", "Different people", "Attendances in the evening", "Different people in the evening"], ct);
        foreach (var setting in Settings) {
            csv.Text(setting.Name).Number(setting.Attendances).Number(setting.People).Number(setting.EveningAttendances).Number(setting.EveningPeople);
            await csv.EndRowAsync(ct);
        }
    }
}
