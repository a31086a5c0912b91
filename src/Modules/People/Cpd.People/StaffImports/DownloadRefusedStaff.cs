using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.People.Files;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.StaffImports;

/// <summary>The refused rows of a list of staff, with their row numbers and reasons, to be put right.</summary>
internal static class DownloadRefusedStaff {
    internal sealed record Query(Guid ImportId) : IRequest<Outcome<RefusedRows>>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<RefusedRows>> {
        const int AtOnce = 1_000;
        const string SelectImport = $"SELECT i.Id FROM people_StaffImport i WHERE i.Id = @ImportId AND {SeeStaffImport.Mine}";
        const string Select = """
            SELECT Number, Reasons, Cells, Urn, Name, Email, JobRole, AgeRanges, JoinedOn FROM people_StaffImportRow
            WHERE ImportId = @ImportId AND Verdict = 'Refused' AND Number > @After
            ORDER BY Number
            """;

        public async Task<Outcome<RefusedRows>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<Guid?>(SelectImport, SeeStaffImport.MineOf(me, request.ImportId), cancellationToken) is null ? Outcome.NotFound : new RefusedRows(StaffFile.Headings, Lines(request.ImportId, cancellationToken));

        async IAsyncEnumerable<RefusedRows.Line> Lines(Guid importId, [EnumeratorCancellation] CancellationToken ct) {
            for (IReadOnlyList<Row>? rows = null; rows is not []; ) {
                rows = await db.List<Row>(db.Page(Select), new { ImportId = importId, After = rows?[^1].Number ?? -1, Skip = 0, Take = AtOnce }, ct);
                foreach (var row in rows) yield return new RefusedRows.Line(row.Number, row.Reasons ?? "", Cells(row));
            }
        }

        // Rows that were refused only when they met the others were kept as they were read.
        static string[] Cells(Row row) => row.Cells is null
            ? [row.Urn ?? "", row.Name ?? "", row.Email ?? "", row.JobRole is { } job ? Wording.Of(job) : "", row.AgeRanges is { } ages ? Wording.Of((AgeRanges)ages) : "",
                row.JoinedOn?.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture) ?? ""]
            : JsonSerializer.Deserialize<string[]>(row.Cells)!;

        sealed record Row {
            public int Number { get; init; }
            public string? Reasons { get; init; }
            public string? Cells { get; init; }
            public string? Urn { get; init; }
            public string? Name { get; init; }
            public string? Email { get; init; }
            public JobRole? JobRole { get; init; }
            public int? AgeRanges { get; init; }
            public DateOnly? JoinedOn { get; init; }
        }
    }
}
