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
        // So many days are read at a time, and no read stays open while the bytes are on their way: whoever takes a file away slowly
        // would otherwise hold back the log of the database for as long.
        const int DaysAtOnce = 7;
        // What the file holds and no more: most of a certificate's bytes are its learning outcomes.
        const string Select = """
            SELECT CourseTitle, AccreditorName, AccreditationReference, LearnerName, HappenedOn, EndsAt, Mode, Minutes, ParticipatoryMinutes, IssuerName, Number, IssuedAt, ValidUntil, RevokedAt
            FROM accreditation_Certificate
            WHERE (TrainingProviderId IN @TrainingProviders OR AccreditorId IN @Accreditors) AND HappenedOn >= @From AND HappenedOn <= @To
            ORDER BY HappenedOn, Id
            """;

        public Task<Outcome<ExportFile<Row>>> Handle(Query request, CancellationToken cancellationToken) {
            var (from, to) = (request.From!.Value, request.To!.Value);
            Outcome<ExportFile<Row>> file = new ExportFile<Row>(ExportPeriod.FileName("accreditation-records", from, to), request.Format!, Columns, Rows(from, to, cancellationToken));
            return Task.FromResult(file);
        }

        async IAsyncEnumerable<Row> Rows(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken ct) {
            var reach = me.Reach(AccreditationPermissions.ExportAccreditationRecords);
            var today = London.Today(clock);
            for (var day = from.DayNumber; day <= to.DayNumber; day += DaysAtOnce) {
                var args = new {
                    TrainingProviders = db.Ids(reach.TrainingProviders), Accreditors = db.Ids(reach.Accreditors),
                    From = DateOnly.FromDayNumber(day), To = DateOnly.FromDayNumber(Math.Min(day + DaysAtOnce - 1, to.DayNumber)),
                };
                foreach (var c in await db.List<Certificate>(Select, args, ct)) {
                    yield return new Row(c.CourseTitle, c.AccreditorName, c.AccreditationReference, c.LearnerName, c.HappenedOn, London.Day(c.EndsAt), Modes.Words(c.Mode), c.Minutes,
                        c.ParticipatoryMinutes, c.IssuerName, c.Number, London.Day(c.IssuedAt), c.ValidUntil, c.On(today));
                }
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/exports/accreditation-records", async (DateOnly? from, DateOnly? to, string? format, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(from, to, format ?? ExportPeriod.Json), ct)).ToHttp(file => file))
        .WithName("ExportAccreditationRecords").WithSummary("The certificates of courses held from a day to a day (both included, at most 10 years): for a training provider those of its courses, for an accreditor those under its schemes. format is json (default) or csv.")
        .Produces<IEnumerable<Row>>().Produces(200, contentType: "text/csv").ProducesValidationProblem().ProducesProblem(401).ProducesProblem(403)
        .Requires(AccreditationPermissions.ExportAccreditationRecords);
}
