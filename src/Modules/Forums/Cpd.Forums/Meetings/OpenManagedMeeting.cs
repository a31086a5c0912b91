using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Forums.Meetings;

/// <summary>A meeting as the officers of the forum's authority change it, with how many belong to the forum and what they have replied.</summary>
internal static class OpenManagedMeeting {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Meeting Meeting, int Members, int Coming, int Apologies, int Waiting);

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
        const string Count = """
            SELECT (SELECT COUNT(*) FROM forums_Member WHERE SeriesId = @SeriesId AND Until IS NULL) AS Members,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Coming') AS Coming,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Apologies') AS Apologies,
                (SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Waiting') AS Waiting
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Meeting>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var counts = (await db.One<Counts>(Count, new { request.Id, meeting.SeriesId }, cancellationToken))!;
            return new View(meeting, counts.Members, counts.Coming, counts.Apologies, counts.Waiting);
        }
    }

    sealed record Counts {
        public int Members { get; init; }
        public int Coming { get; init; }
        public int Apologies { get; init; }
        public int Waiting { get; init; }
    }
}
