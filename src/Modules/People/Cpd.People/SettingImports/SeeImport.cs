using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>How far an import is, and what it would change or has changed: numbers, and one list at a time.</summary>
internal static class SeeImport {
    /// <param name="Show">Which list: a <see cref="Verdict"/>. Closed holds the settings that the file no longer has, too.</param>
    internal sealed record Query(Guid ImportId, Verdict Show, Paging Paging) : IRequest<Outcome<View>>;

    /// <param name="Checked">Rows compared so far, of all that were read.</param>
    /// <param name="Newer">The date of a newer list that has been imported already, if there is one.</param>
    internal sealed record View(Guid Id, ImportState State, string? Problem, string FileName, DateOnly AsAt, string? AuthorityName, int Rows, int Checked,
        IReadOnlyDictionary<Verdict, int> Counts, PageOf<Line> Lines, IReadOnlyList<Unknown> Unknown, DateTime? CommittedAt, DateOnly? Newer) {
        internal bool IsWorking => State is ImportState.Uploading or ImportState.Waiting;
        internal int Changes => Counts[Verdict.New] + Counts[Verdict.Changed] + Counts[Verdict.Closed];
    }

    /// <summary>A row of a list. Number is null for a setting that the file does not have.</summary>
    internal sealed record Line {
        public int? Number { get; init; }
        public string? Urn { get; init; }
        public string? Name { get; init; }
        public string? Town { get; init; }
        public string? AuthorityLabel { get; init; }
        public string? Changes { get; init; }
        public string? Reasons { get; init; }
    }

    /// <summary>A local authority as the file calls it, which nobody here knows by that name.</summary>
    internal sealed record Unknown {
        public string Label { get; init; } = "";
        public int Rows { get; init; }
    }

    /// <summary>Imports that a user reaches: an officer those for their authority, an administrator all.</summary>
    internal const string InReach = "(@All = 1 OR i.AuthorityId IN @Authorities)";

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectImport = $"""
            SELECT i.Id, i.State, i.Problem, i.FileName, i.AsAt, i.RowsStaged, i.CommittedAt, a.Name AS AuthorityName,
                   (SELECT MAX(n.AsAt) FROM people_SettingImport n WHERE n.State = 'Committed' AND n.AsAt > i.AsAt
                        AND (n.AuthorityId IS NULL OR i.AuthorityId IS NULL OR n.AuthorityId = i.AuthorityId)) AS Newer
            FROM people_SettingImport i
            LEFT JOIN people_Authority a ON a.Id = i.AuthorityId
            WHERE i.Id = @ImportId AND {InReach}
            """;
        const string SelectCounts = "SELECT Verdict, COUNT(*) AS Rows FROM people_SettingImportRow WHERE ImportId = @ImportId GROUP BY Verdict";
        const string CountMissing = "SELECT COUNT(*) FROM people_SettingImportMissing WHERE ImportId = @ImportId";
        const string SelectLines = """
            SELECT Number, Urn, Name, Town, AuthorityLabel, Changes, Reasons
            FROM people_SettingImportRow
            WHERE ImportId = @ImportId AND Verdict = @Show
            ORDER BY Number
            """;
        const string SelectClosed = """
            SELECT r.Number, r.Urn, r.Name, r.Town, r.AuthorityLabel, r.Changes, r.Reasons
            FROM people_SettingImportRow r
            WHERE r.ImportId = @ImportId AND r.Verdict = 'Closed'
            UNION ALL
            SELECT NULL, s.Urn, s.Name, s.Town, a.Name, NULL, NULL
            FROM people_SettingImportMissing m
            JOIN people_Setting s ON s.Id = m.SettingId
            JOIN people_Authority a ON a.Id = s.AuthorityId
            WHERE m.ImportId = @ImportId
            ORDER BY Urn
            """;
        const string SelectUnknown = """
            SELECT AuthorityLabel AS Label, COUNT(*) AS Rows FROM people_SettingImportRow
            WHERE ImportId = @ImportId AND Verdict = 'Unknown'
            GROUP BY AuthorityLabel
            ORDER BY COUNT(*) DESC, AuthorityLabel
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var import = await db.One<Row>(SelectImport, db.In(me.Reach(PeoplePermissions.ChangeSettings), new { request.ImportId }), cancellationToken);
            if (import is null) return Outcome.NotFound;
            var args = new { request.ImportId, Show = request.Show.ToString() };
            var counts = Enum.GetValues<Verdict>().ToDictionary(v => v, _ => 0);
            foreach (var row in await db.List<CountRow>(SelectCounts, args, cancellationToken)) counts[row.Verdict] = row.Rows;
            var rows = counts.Values.Sum();
            var staged = counts[Verdict.Staged];
            counts[Verdict.Closed] += await db.One<int>(CountMissing, args, cancellationToken);

            var total = counts[request.Show];
            var paging = request.Paging.Skip < total ? request.Paging : new Paging(1);
            var lines = await db.List<Line>(db.Page(request.Show == Verdict.Closed ? SelectClosed : SelectLines), new { request.ImportId, Show = request.Show.ToString(), paging.Skip, paging.Take }, cancellationToken);
            return new View(import.Id, import.State, import.Problem, import.FileName, import.AsAt, import.AuthorityName, rows, rows - staged, counts,
                new PageOf<Line>(lines, total, paging), await db.List<Unknown>(SelectUnknown, args, cancellationToken), import.CommittedAt, import.Newer);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public ImportState State { get; init; }
            public string? Problem { get; init; }
            public string FileName { get; init; } = "";
            public DateOnly AsAt { get; init; }
            public int RowsStaged { get; init; }
            public DateTime? CommittedAt { get; init; }
            public string? AuthorityName { get; init; }
            public DateOnly? Newer { get; init; }
        }

        sealed record CountRow {
            public Verdict Verdict { get; init; }
            public int Rows { get; init; }
        }
    }
}
