using System.Runtime.CompilerServices;
using Cpd.Accreditation.Certificates;
using Cpd.Accreditation.StaffRecords;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation.Exports;

/// <summary>A manager takes away their settings' records for a period: a row for each course attended by whoever worked there, and one for staff without any.</summary>
internal static class ExportSettingRecords {
    internal sealed record Query(DateOnly? From, DateOnly? To, string? Format) : IExport, IRequest<Outcome<ExportFile<Row>>>;

    internal sealed class Validator : ExportRules<Query>;

    /// <summary>What is null is unknown, or the person attended nothing in the period.</summary>
    internal sealed record Row(string Setting, string Name, string JobRole, DateOnly JoinedOn, DateOnly? LeftOn, DateOnly? Date, string? Title, string? RunBy, string? Ages, string? Mode,
        int? Minutes, int? ParticipatoryMinutes, string? CertificateNumber);

    static readonly IReadOnlyList<Column<Row>> Columns = [
        new("Setting", (csv, r) => csv.Text(r.Setting)), new("Name", (csv, r) => csv.Text(r.Name)), new("Job", (csv, r) => csv.Text(r.JobRole)),
        new("Joined on", (csv, r) => csv.Date(r.JoinedOn)), new("Left on", (csv, r) => csv.Date(r.LeftOn)),
        new("Date", (csv, r) => csv.Date(r.Date)), new("Title", (csv, r) => csv.Text(r.Title)), new("Run by", (csv, r) => csv.Text(r.RunBy)),
        new("Ages", (csv, r) => csv.Text(r.Ages)), new("How it was taken", (csv, r) => csv.Text(r.Mode)),
        new("Minutes", (csv, r) => csv.Number(r.Minutes)), new("Participatory minutes", (csv, r) => csv.Number(r.ParticipatoryMinutes)),
        new("Certificate number", (csv, r) => csv.Text(r.CertificateNumber)),
    ];

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<ExportFile<Row>>> {
        // So many people's entries are held at a time, by name as a reader expects them.
        const int Batch = 50;
        const string Select = """
            SELECT e.PersonId, e.HappenedOn, e.Title, e.Source, e.AgeRanges, e.Mode, e.Minutes, e.ParticipatoryMinutes, c.Number AS CertificateNumber
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL
            WHERE e.PersonId IN @Ids AND e.CauseKind = 'Attendance' AND e.WithdrawnAt IS NULL AND e.HappenedOn >= @From AND e.HappenedOn <= @To
            ORDER BY e.PersonId, e.HappenedOn, e.Id
            """;

        public async Task<Outcome<ExportFile<Row>>> Handle(Query request, CancellationToken cancellationToken) {
            var (from, to) = (request.From!.Value, request.To!.Value);
            var settings = me.Reach(AccreditationPermissions.ExportSettingRecords).Settings;
            var staff = await OwnStaff.Of(mediator, settings, from, to, cancellationToken);
            return new ExportFile<Row>(ExportPeriod.FileName("setting-records", from, to), request.Format!, Columns, Rows(staff, from, to, cancellationToken));
        }

        async IAsyncEnumerable<Row> Rows(IReadOnlyList<OwnStaff> staff, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken ct) {
            foreach (var batch in staff.Chunk(Batch)) {
                var entries = (await db.List<Entry>(Select, new { Ids = db.Ids(batch.Select(s => s.PersonId)), From = from, To = to }, ct)).ToLookup(e => e.PersonId);
                foreach (var person in batch) {
                    var seen = entries[person.PersonId].Where(e => e.HappenedOn <= person.LastDay).ToList();
                    if (seen.Count == 0) yield return Of(person, null);
                    foreach (var entry in seen) yield return Of(person, entry);
                }
            }
        }

        static Row Of(OwnStaff person, Entry? entry) => new(person.SettingName, person.Name, Wording.Of(person.JobRole), person.JoinedOn, person.Until, entry?.HappenedOn, entry?.Title,
            entry?.Source, entry is null ? null : Wording.Of(entry.AgeRanges), entry is null ? null : Modes.Words(entry.Mode), entry?.Minutes, entry?.ParticipatoryMinutes, entry?.CertificateNumber);
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/exports/setting-records", async (DateOnly? from, DateOnly? to, string? format, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(from, to, format ?? ExportPeriod.Json), ct)).ToHttp(file => file))
        .WithName("ExportSettingRecords").WithSummary("Your settings' CPD records from a day to a day (both included, at most 10 years): a row for each course attended by whoever worked there, and one for staff without any. format is json (default) or csv.")
        .Produces<IEnumerable<Row>>().Produces(200, contentType: "text/csv").ProducesValidationProblem().ProducesProblem(401).ProducesProblem(403)
        .Requires(AccreditationPermissions.ExportSettingRecords);

    sealed record Entry {
        public Guid PersonId { get; init; }
        public DateOnly HappenedOn { get; init; }
        public string Title { get; init; } = "";
        public string Source { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
        public CourseMode Mode { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public string? CertificateNumber { get; init; }
    }
}
