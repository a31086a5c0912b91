using Cpd.Forums.MeetingRegisters;
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

    /// <param name="JoiningLink">Empty for whoever is not invited and no officer.</param>
    /// <param name="IsMember">Whoever asks is invited: as a member, or because they have said that they come.</param>
    /// <param name="MayRead">They read its papers, polls and draft minutes: as a member, or because they were there.</param>
    /// <param name="Reply">Theirs.</param>
    /// <param name="Attendance">Theirs, once it is recorded.</param>
    /// <param name="Code">What they show at the door until a meeting in a room is over; null for whoever is not invited or has sent apologies.</param>
    /// <param name="MayJoin">It is not over and they are invited: by the address that notes it.</param>
    internal sealed record View(Guid Id, Guid SeriesId, string SeriesName, string Term, DateTime StartsAt, DateTime EndsAt, MeetingMode Mode, string Venue, string JoiningLink, string Topics, Publication State, string CancelReason,
        bool MayManage, bool IsMember, bool MayRead, Reply? Reply, Attendance? Attendance, int Coming, int Apologies, bool MayReply, bool IsRegisterClosed, bool HasMinutes, string? Code, bool MayJoin);

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (m.State <> 'Draft' OR @All = 1 OR s.AuthorityId IN @Authorities)";
        const string SelectMine = """
            SELECT (SELECT COUNT(*) FROM forums_Member b JOIN forums_Series s ON s.Id = b.SeriesId WHERE b.SeriesId = @SeriesId AND b.PersonId = @Me AND (b.Until IS NULL OR b.Until = s.EndedAt)) AS Members,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id) AS Minutes,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id AND PublishedAt IS NOT NULL) AS Published,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Coming') AS Coming,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Apologies') AS Apologies,
                (SELECT Reply FROM forums_Participant WHERE MeetingId = @Id AND PersonId = @Me) AS Reply,
                (SELECT Attendance FROM forums_Participant WHERE MeetingId = @Id AND PersonId = @Me) AS Attendance
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Meeting>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var mine = (await db.One<Mine>(SelectMine, new { request.Id, meeting.SeriesId, Me = me.PersonId }, cancellationToken))!;
            var now = clock.GetUtcNow().UtcDateTime;
            var (manages, ahead) = (reach.All || reach.Authorities.Contains(meeting.AuthorityId), meeting.StartsAt > now);
            // What somebody replied to a meeting that is over does not keep them in the forum: they may have left it, and the next meeting may have the same joining link.
            var member = mine.Members > 0 || ahead && mine.Reply is not null;
            var reads = meeting.State != Publication.Draft && (mine.Members > 0 || mine.Attendance is Attendance.Attended or Attendance.Part);
            return new View(meeting.Id, meeting.SeriesId, meeting.SeriesName, meeting.Term, meeting.StartsAt, meeting.EndsAt, meeting.Mode, meeting.Venue, manages || member ? meeting.JoiningLink : "", meeting.Topics, meeting.State, meeting.CancelReason,
                manages, member, reads, mine.Reply, mine.Attendance, manages ? mine.Coming : 0, manages ? mine.Apologies : 0, member && ahead && meeting.State == Publication.Published, meeting.RegisterClosedAt is not null,
                mine.Published > 0 || reads && mine.Minutes > 0,
                member && meeting is { State: Publication.Published, Mode: MeetingMode.InPerson, RegisterClosedAt: null } && meeting.EndsAt > now && mine.Reply != Reply.Apologies ? DoorCode.Of(meeting.Id, me.PersonId) : null,
                member && meeting is { State: Publication.Published, JoiningLink.Length: > 0 } && meeting.EndsAt > now && mine.Reply != Reply.Apologies);
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
        public Attendance? Attendance { get; init; }
    }
}
