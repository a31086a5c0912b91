using Cpd.Platform.Data;
using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Forums.Papers;

/// <summary>A file of a meeting: for officers; papers, once they are ready, for members; materials for members and whoever was there.</summary>
internal static class OpenPaper {
    /// <param name="Token">From a message; without one it is whoever is signed in.</param>
    internal sealed record Query(Guid Id, string? Token = null) : IRequest<Outcome<KeptFile>>;

    internal sealed class Handler(Db db, PapersToken tokens, CurrentUser me) : IRequestHandler<Query, Outcome<KeptFile>> {
        const string Select = """
            SELECT p.FileName, p.Size
            FROM forums_Paper p
            JOIN forums_Meeting m ON m.Id = p.MeetingId
            JOIN forums_Series s ON s.Id = m.SeriesId
            WHERE p.Id = @Id AND p.FileName IS NOT NULL AND (@MeetingId IS NULL OR p.MeetingId = @MeetingId) AND (@All = 1 OR s.AuthorityId IN @Authorities
                OR (m.State <> 'Draft' AND (p.Kind = 'Material' OR m.PapersReadyAt IS NOT NULL) AND (EXISTS (SELECT 1 FROM forums_Member f WHERE f.SeriesId = s.Id AND f.PersonId = @Me AND f.Until IS NULL)
                    OR EXISTS (SELECT 1 FROM forums_Participant a WHERE a.MeetingId = m.Id AND a.PersonId = @Me AND a.Attendance IN ('Attended', 'Part')))))
            """;
        const string SelectPart = "SELECT Content FROM forums_PaperPart WHERE PaperId = @Id AND Number = @Number";

        public async Task<Outcome<KeptFile>> Handle(Query request, CancellationToken cancellationToken) {
            var named = request.Token is null ? null : tokens.Read(request.Token);
            if (request.Token is not null && named is null) return Outcome.NotFound;
            var reach = me.Reach(ForumsPermissions.ManageForums);
            // Whoever comes by a link is its reader, whatever else the one who is signed in may see.
            var key = new { request.Id, named?.MeetingId, Me = named?.PersonId ?? me.PersonId, All = named is null && reach.All ? 1 : 0, Authorities = db.Ids(named is null ? reach.Authorities : []) };
            return await db.One<Row>(Select, key, cancellationToken) is { } row
                ? new KeptFile(row.FileName, row.Size, SentFile.Join(number => db.One<string>(SelectPart, new { request.Id, Number = number }, cancellationToken), cancellationToken)) : Outcome.NotFound;
        }

        sealed record Row {
            public string FileName { get; init; } = "";
            public int Size { get; init; }
        }
    }
}
