using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.StaffImports;

/// <summary>What an uploaded list of staff would change or has changed: numbers, and one list at a time.</summary>
internal static class SeeStaffImport {
    internal sealed record Query(Guid ImportId, StaffVerdict Show, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, StaffImportState State, string FileName, IReadOnlyDictionary<StaffVerdict, int> Counts, PageOf<Line> Lines, DateTime? CommittedAt) {
        internal int Changes => Counts[StaffVerdict.New] + Counts[StaffVerdict.Joins];
    }

    internal sealed record Line {
        public int Number { get; init; }
        public string? Name { get; init; }
        public string? Email { get; init; }
        public string? Urn { get; init; }
        public string? Setting { get; init; }
        public string? Reasons { get; init; }
    }

    /// <summary>A list is its uploader's own: what they may reach may change, and what the file says of people is nobody else's to see. Its parameters are those of <see cref="MineOf"/>.</summary>
    internal const string Mine = "(@All = 1 OR i.StartedBy = @By)";

    internal static object MineOf(CurrentUser me, Guid importId) => new { ImportId = importId, me.Reach(PeoplePermissions.ChangePeople).All, By = me.PersonId };

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectImport = $"SELECT i.Id, i.State, i.FileName, i.CommittedAt FROM people_StaffImport i WHERE i.Id = @ImportId AND {Mine}";
        const string SelectCounts = "SELECT Verdict, COUNT(*) AS Rows FROM people_StaffImportRow WHERE ImportId = @ImportId GROUP BY Verdict";
        const string SelectLines = """
            SELECT r.Number, r.Name, r.Email, r.Urn, s.Name AS Setting, r.Reasons
            FROM people_StaffImportRow r
            LEFT JOIN people_Setting s ON s.Id = r.SettingId
            WHERE r.ImportId = @ImportId AND r.Verdict = @Show
            ORDER BY r.Number
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var import = await db.One<Row>(SelectImport, MineOf(me, request.ImportId), cancellationToken);
            if (import is null) return Outcome.NotFound;
            var counts = Enum.GetValues<StaffVerdict>().ToDictionary(v => v, _ => 0);
            foreach (var row in await db.List<CountRow>(SelectCounts, request, cancellationToken)) counts[row.Verdict] = row.Rows;
            var total = counts[request.Show];
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var lines = await db.List<Line>(db.Page(SelectLines), new { request.ImportId, Show = request.Show.ToString(), paging.Skip, paging.Take }, cancellationToken);
            return new View(import.Id, import.State, import.FileName, counts, new PageOf<Line>(lines, total, paging), import.CommittedAt);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public StaffImportState State { get; init; }
            public string FileName { get; init; } = "";
            public DateTime? CommittedAt { get; init; }
        }

        sealed record CountRow {
            public StaffVerdict Verdict { get; init; }
            public int Rows { get; init; }
        }
    }
}
