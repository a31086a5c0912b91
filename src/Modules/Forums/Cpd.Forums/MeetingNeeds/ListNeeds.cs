using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.MeetingNeeds;

/// <summary>What those who come to a meeting asked to have arranged, for officers of the forum's authority until 30 days after it.</summary>
internal static class ListNeeds {
    internal const int DaysAfter = 30;

    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <param name="People">Who asked for something, by name.</param>
    internal sealed record View(Guid MeetingId, string SeriesName, DateTime StartsAt, IReadOnlyList<Person> People, bool IsOver);

    internal sealed record Person(Guid PersonId, string Name, string SettingName, string Words);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectMeeting = """
            SELECT m.Id, s.Name, m.StartsAt, m.EndsAt
            FROM forums_Meeting m
            JOIN forums_Series s ON s.Id = m.SeriesId
            WHERE m.Id = @MeetingId AND m.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;
        const string SelectNeeds = """
            SELECT n.PersonId, p.SettingId, n.Words
            FROM forums_Need n
            JOIN forums_Participant p ON p.MeetingId = n.MeetingId AND p.PersonId = n.PersonId
            WHERE n.MeetingId = @MeetingId AND p.Reply = 'Coming'
            ORDER BY n.PersonId
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.SeeNeeds);
            if (await db.One<Meeting>(SelectMeeting, new { request.MeetingId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (meeting.EndsAt.AddDays(DaysAfter) <= clock.GetUtcNow().UtcDateTime) return new View(meeting.Id, meeting.Name, meeting.StartsAt, [], IsOver: true);
            var rows = await db.List<Row>(SelectNeeds, new { request.MeetingId }, cancellationToken);
            var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            return new View(meeting.Id, meeting.Name, meeting.StartsAt, [.. rows.Select(r => new Person(r.PersonId, names.GetValueOrDefault(r.PersonId, ""), settings.GetValueOrDefault(r.SettingId ?? Guid.Empty, ""), r.Words))
                .OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.PersonId)], IsOver: false);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}/needs", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("ListForumNeeds").WithSummary("What those who come to a meeting asked to have arranged; until 30 days after it. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(ForumsPermissions.SeeNeeds);

    sealed record Meeting {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public string Words { get; init; } = "";
    }
}
