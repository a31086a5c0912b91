using Cpd.Forums.MeetingRegisters;
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

/// <summary>A meeting as everyone may see it; members also see their reply and the joining link, officers of the forum's authority drafts and how many have replied.</summary>
internal static class OpenMeeting {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="JoiningLink">Empty for whoever is not invited and no officer.</param>
    /// <param name="IsMember">Whoever asks is invited: as a member, or because they have said that they come.</param>
    /// <param name="MayRead">They read its papers, polls and draft minutes: as a member, or because they were there.</param>
    /// <param name="Reply">Theirs.</param>
    /// <param name="Attendance">Theirs, once it is recorded.</param>
    /// <param name="Code">What they show at the door until a meeting in a room is over; null for whoever is not invited, has sent apologies or waits for a place.</param>
    /// <param name="MayJoin">It is not over, they are invited and do not wait for a place: by the address that notes it.</param>
    /// <param name="Places">How many it takes in all; null for as many as like.</param>
    /// <param name="Position">Theirs on the waiting list; 0 for who is not on it.</param>
    /// <param name="Waiting">Who waits for a place, in their order, until it begins; told to its officers only.</param>
    internal sealed record View(Guid Id, Guid SeriesId, string SeriesName, string Term, DateTime StartsAt, DateTime EndsAt, MeetingMode Mode, string Venue, string JoiningLink, string Topics, Publication State, string CancelReason,
        bool MayManage, bool IsMember, bool MayRead, Reply? Reply, Attendance? Attendance, int Coming, int Apologies, bool MayReply, bool IsRegisterClosed, bool HasMinutes, string? Code, bool MayJoin, int? Places, int Position, IReadOnlyList<Waiter> Waiting);

    internal sealed record Waiter(Guid PersonId, string Name, string SettingName);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (m.State <> 'Draft' OR @All = 1 OR s.AuthorityId IN @Authorities)";
        const string SelectMine = """
            SELECT (SELECT COUNT(*) FROM forums_Member b JOIN forums_Series s ON s.Id = b.SeriesId WHERE b.SeriesId = @SeriesId AND b.PersonId = @Me AND (b.Until IS NULL OR b.Until = s.EndedAt)) AS Members,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id) AS Minutes,
                (SELECT COUNT(*) FROM forums_MinutesText WHERE MeetingId = @Id AND PublishedAt IS NOT NULL) AS Published,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Coming') AS Coming,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Apologies') AS Apologies,
                (SELECT Reply FROM forums_Participant WHERE MeetingId = @Id AND PersonId = @Me) AS Reply,
                (SELECT Attendance FROM forums_Participant WHERE MeetingId = @Id AND PersonId = @Me) AS Attendance,
                (SELECT COUNT(*) FROM forums_Participant w JOIN forums_Participant p ON p.MeetingId = w.MeetingId AND p.PersonId = @Me WHERE w.MeetingId = @Id AND w.WaitNumber <= p.WaitNumber) AS Position
            """;
        const string SelectWaiting = "SELECT PersonId, SettingId FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Waiting' ORDER BY WaitNumber";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Meeting>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var mine = (await db.One<Mine>(SelectMine, new { request.Id, meeting.SeriesId, Me = me.PersonId }, cancellationToken))!;
            var now = clock.GetUtcNow().UtcDateTime;
            var (manages, ahead) = (reach.All || reach.Authorities.Contains(meeting.AuthorityId), meeting.StartsAt > now);
            // What somebody replied to a meeting that is over does not keep them in the forum: they may have left it, and the next meeting may have the same joining link.
            var member = mine.Members > 0 || ahead && mine.Reply is not null;
            var reads = meeting.State != Publication.Draft && (mine.Members > 0 || mine.Attendance is Attendance.Attended or Attendance.Part);
            var reply = ForumsWording.Standing(mine.Reply, ahead);
            var expected = mine.Reply is null or Reply.Coming;
            return new View(meeting.Id, meeting.SeriesId, meeting.SeriesName, meeting.Term, meeting.StartsAt, meeting.EndsAt, meeting.Mode, meeting.Venue, manages || member ? meeting.JoiningLink : "", meeting.Topics, meeting.State, meeting.CancelReason,
                manages, member, reads, reply, mine.Attendance, manages ? mine.Coming : 0, manages ? mine.Apologies : 0, member && ahead && meeting.State == Publication.Published, meeting.RegisterClosedAt is not null,
                mine.Published > 0 || reads && mine.Minutes > 0,
                member && meeting is { State: Publication.Published, Mode: MeetingMode.InPerson, RegisterClosedAt: null } && meeting.EndsAt > now && expected ? DoorCode.Of(meeting.Id, me.PersonId) : null,
                member && meeting is { State: Publication.Published, JoiningLink.Length: > 0 } && meeting.EndsAt > now && expected,
                meeting.Places, ahead ? mine.Position : 0, manages && ahead ? await Waiting(request.Id, cancellationToken) : []);
        }

        async Task<IReadOnlyList<Waiter>> Waiting(Guid id, CancellationToken ct) {
            var rows = await db.List<Row>(SelectWaiting, new { Id = id }, ct);
            if (rows.Count == 0) return [];
            var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId)]), ct)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), ct)).ToDictionary(s => s.Id, s => s.Name);
            return [.. rows.Select(r => new Waiter(r.PersonId, names.GetValueOrDefault(r.PersonId, ""), settings.GetValueOrDefault(r.SettingId ?? Guid.Empty, "")))];
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
        public int Position { get; init; }
        public Reply? Reply { get; init; }
        public Attendance? Attendance { get; init; }
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
    }
}
