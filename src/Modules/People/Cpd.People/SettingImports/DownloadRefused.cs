using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cpd.People.Files;
using Cpd.People.Settings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.SettingImports;

/// <summary>The refused rows of an import as they were written, with their row numbers and reasons, to be put right.</summary>
internal static class DownloadRefused {
    internal sealed record Query(Guid ImportId) : IRequest<Outcome<RefusedRows>>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<RefusedRows>> {
        // So many are read at a time: a read that stays open for as long as somebody downloads holds back the database's log.
        const int AtOnce = 1000;
        const string SelectImport = $"SELECT i.Id FROM people_SettingImport i WHERE i.Id = @ImportId AND {SeeImport.InReach}";
        const string Select = """
            SELECT Number, Reasons, Cells, Urn, RegisteredOn, ProviderType, Subtype, Status, Name, Address, Town, Postcode, AuthorityLabel, Places
            FROM people_SettingImportRow
            WHERE ImportId = @ImportId AND Verdict = 'Refused' AND Number > @After
            ORDER BY Number
            """;

        public async Task<Outcome<RefusedRows>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<Guid?>(SelectImport, db.In(me.Reach(PeoplePermissions.ChangeSettings), request), cancellationToken) is null
                ? Outcome.NotFound : new RefusedRows(OfstedFile.Headings, Lines(request.ImportId, cancellationToken));

        async IAsyncEnumerable<RefusedRows.Line> Lines(Guid importId, [EnumeratorCancellation] CancellationToken ct) {
            for (IReadOnlyList<Row>? rows = null; rows is not []; ) {
                rows = await db.List<Row>(db.Page(Select), new { ImportId = importId, After = rows?[^1].Number ?? -1, Skip = 0, Take = AtOnce }, ct);
                foreach (var row in rows) yield return new RefusedRows.Line(row.Number, row.Reasons ?? "", Cells(row));
            }
        }

        // Rows that were refused only when they met the others were kept as they were read.
        static string[] Cells(Row row) => row.Cells is null
            ? [row.Urn ?? "", row.RegisteredOn?.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture) ?? "", row.ProviderType ?? "", row.Subtype ?? "", row.Status ?? "", row.Name ?? "",
                row.Address ?? "", "", "", row.Town ?? "", row.Postcode ?? "", row.AuthorityLabel ?? "", "", row.Places?.ToString(CultureInfo.InvariantCulture) ?? ""]
            : JsonSerializer.Deserialize<string[]>(row.Cells)!;

        sealed record Row {
            public int Number { get; init; }
            public string? Reasons { get; init; }
            public string? Cells { get; init; }
            public string? Urn { get; init; }
            public DateOnly? RegisteredOn { get; init; }
            public string? ProviderType { get; init; }
            public string? Subtype { get; init; }
            public string? Status { get; init; }
            public string? Name { get; init; }
            public string? Address { get; init; }
            public string? Town { get; init; }
            public string? Postcode { get; init; }
            public string? AuthorityLabel { get; init; }
            public int? Places { get; init; }
        }
    }
}
