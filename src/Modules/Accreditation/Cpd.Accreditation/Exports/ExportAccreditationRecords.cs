using System.Runtime.CompilerServices;
using Cpd.Accreditation.Certificates;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation.Exports;

/// <summary>A training provider takes away the certificates of the courses it ran in a period, an accreditor those issued under its schemes; revoked ones too, marked as such.</summary>
internal static class ExportAccreditationRecords {
    internal sealed record Query(DateOnly? From, DateOnly? To, string? Format) : IExport, IRequest<Outcome<ExportFile<Row>>>;

    internal sealed class Validator : ExportRules<Query>;

    internal sealed record Row(string Course, string? Accreditor, string? Reference, string Learner, DateOnly StartsOn, DateOnly EndsOn, string Mode, int Minutes, int ParticipatoryMinutes,
        string RunBy, string CertificateNumber, DateOnly IssuedOn, DateOnly? ValidUntil, CertificateStatus Status);

    static readonly IReadOnlyList<Column<Row>> Columns = [
        new("Course", (csv, r) => csv.Text(r.Course)), new("Accreditor", (csv, r) => csv.Text(r.Accreditor)), new("Reference", (csv, r) => csv.Text(r.Reference)),
        new("Learner", (csv, r) => csv.Text(r.Learner)), new("First day", (csv, r) => csv.Date(r.StartsOn)), new("Last day", (csv, r) => csv.Date(r.EndsOn)),
        new("How it was taken", (csv, r) => csv.Text(r.Mode)), new("Minutes", (csv, r) => csv.Number(r.Minutes)),
        new("Participatory minutes", (csv, r) => csv.Number(r.ParticipatoryMinutes)), new("Run by", (csv, r) => csv.Text(r.RunBy)),
        new("Certificate number", (csv, r) => csv.Text(r.CertificateNumber)), new("Issued on", (csv, r) => csv.Date(r.IssuedOn)),
        new("Valid until", (csv, r) => csv.Date(r.ValidUntil)), new("Status", (csv, r) => csv.Text(Certificate.Words(r.Status))),
    ];

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<ExportFile<Row>>> {
        // Two statements, each in the order of an index, so that the first row is there at once and none is held: with OR the engine would
        // read everything and sort it before it gave anything.
        const string SelectRun = IssueCertificate.Columns + """
            WHERE TrainingProviderId IN @TrainingProviders AND HappenedOn >= @From AND HappenedOn <= @To
            ORDER BY TrainingProviderId, HappenedOn, Id
            """;
        const string SelectAccredited = IssueCertificate.Columns + """
            WHERE AccreditorId IN @Accreditors AND (TrainingProviderId IS NULL OR TrainingProviderId NOT IN @TrainingProviders) AND HappenedOn >= @From AND HappenedOn <= @To
            ORDER BY AccreditorId, HappenedOn, Id
            """;

        public Task<Outcome<ExportFile<Row>>> Handle(Query request, CancellationToken cancellationToken) {
            var (from, to) = (request.From!.Value, request.To!.Value);
            Outcome<ExportFile<Row>> file = new ExportFile<Row>(ExportPeriod.FileName("accreditation-records", from, to), request.Format!, Columns, Rows(from, to, cancellationToken));
            return Task.FromResult(file);
        }

        async IAsyncEnumerable<Row> Rows(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken ct) {
            var reach = me.Reach(AccreditationPermissions.ExportAccreditationRecords);
            var today = London.Today(clock);
            var args = new { TrainingProviders = db.Ids(reach.TrainingProviders), Accreditors = db.Ids(reach.Accreditors), From = from, To = to };
            if (reach.TrainingProviders.Count > 0) await foreach (var c in db.Stream<Certificate>(SelectRun, args, ct)) yield return Of(c, today);
            if (reach.Accreditors.Count > 0) await foreach (var c in db.Stream<Certificate>(SelectAccredited, args, ct)) yield return Of(c, today);
        }

        static Row Of(Certificate c, DateOnly today) => new(c.CourseTitle, c.AccreditorName, c.AccreditationReference, c.LearnerName, c.HappenedOn, London.Day(c.EndsAt), Modes.Words(c.Mode), c.Minutes,
            c.ParticipatoryMinutes, c.IssuerName, c.Number, London.Day(c.IssuedAt), c.ValidUntil, c.On(today));
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/exports/accreditation-records", async (DateOnly? from, DateOnly? to, string? format, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(from, to, format ?? ExportPeriod.Json), ct)).ToHttp(file => file))
        .WithName("ExportAccreditationRecords").WithSummary("The certificates of courses held from a day to a day (both included, at most 10 years): for a training provider those of its courses, for an accreditor those under its schemes. format is json (default) or csv.")
        .Produces<IEnumerable<Row>>().Produces(200, contentType: "text/csv").ProducesValidationProblem().ProducesProblem(401).ProducesProblem(403)
        .Requires(AccreditationPermissions.ExportAccreditationRecords);
}
