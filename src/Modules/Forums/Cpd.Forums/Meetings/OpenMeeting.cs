using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Meetings;

/// <summary>A meeting as everyone may see it; members also see their reply and the joining link, officers of the forum's authority drafts and how many have replied.</summary>
internal static class OpenMeeting {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="JoiningLink">Empty for whoever is not a member or an officer.</param>
    /// <param name="IsMember">Whoever asks is invited as a member.</param>
    /// <param name="Reply">Theirs.</param>
    internal sealed record View(Guid Id, Guid SeriesId, string SeriesName, string Term, DateTime StartsAt, DateTime EndsAt, MeetingMode Mode, string Venue, string JoiningLink, string Topics, Publication State, string CancelReason,
        bool MayManage, bool IsMember, Reply? Reply, int Coming, int Apologies, bool MayReply, bool IsRegisterClosed, bool HasMinutes);

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (m.State <> 'Draft' OR @All = 1 OR s.AuthorityId IN @Authorities)";
        const string SelectMine = """
            SELECT (SELECT COUNT(*) FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @Me AND Until IS NULL) AS Members,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id) AS Minutes,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id AND PublishedAt IS NOT NULL) AS Published,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Coming') AS Coming,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Apologies') AS Apologies,
                (SELECT Reply FROM forums_Participant WHERE MeetingId = @Id AND PersonId = @Me) AS Reply
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Meeting>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var mine = (await db.One<Mine>(SelectMine, new { request.Id, meeting.SeriesId, Me = me.PersonId }, cancellationToken))!;
            var (manages, member) = (reach.All || reach.Authorities.Contains(meeting.AuthorityId), mine.Members > 0 || mine.Reply is not null);
            return new View(meeting.Id, meeting.SeriesId, meeting.SeriesName, meeting.Term, meeting.StartsAt, meeting.EndsAt, meeting.Mode, meeting.Venue, manages || member ? meeting.JoiningLink : "", meeting.Topics, meeting.State, meeting.CancelReason,
                manages, member, mine.Reply, manages ? mine.Coming : 0, manages ? mine.Apologies : 0, member && meeting.State == Publication.Published && meeting.StartsAt > clock.GetUtcNow().UtcDateTime, meeting.RegisterClosedAt is not null,
                mine.Published > 0 || mine.Members > 0 && mine.Minutes > 0);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenMeeting").WithSummary("A meeting of a forum. Times are UTC.").Produces<View>().ProducesProblem(404)
        .IsPublic();

    sealed record Mine {
        public int Members { get; init; }
        public int Minutes { get; init; }
        public int Published { get; init; }
        public int Coming { get; init; }
        public int Apologies { get; init; }
        public Reply? Reply { get; init; }
    }
}
