using System.Runtime.CompilerServices;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hours;

/// <summary>Every slot from a day to a day, with what became of it, for an institution of its own students and for an authority of its programmes. By programme, cohort and student, and in order of time: so many students are read at a time and written out as they come.</summary>
internal static class ExportHours {
    internal sealed record Query(DateOnly? From, DateOnly? To, string? Format) : IRequest<Outcome<ExportFile<Row>>>;

    internal sealed class Validator : AbstractValidator<Query> {
        public Validator() {
            RuleFor(q => q.From).NotNull().WithMessage("Enter the first day");
            RuleFor(q => q.To).NotNull().WithMessage("Enter the last day").Must((q, to) => to is null || q.From is null || to >= q.From).WithMessage("The last day must be the same as or after the first day");
            RuleFor(q => q.Format).Must(f => f is "csv" or "json").WithMessage("Select csv or json");
        }
    }

    internal sealed record Row(string Programme, string Institution, string Cohort, string Student, string? StudentNumber, string Email, DateOnly Day, string Kind, string Place, string Host, string Supervisor, int Minutes, string State, string Hours, int? LoggedMinutes, int SignedMinutes, DateOnly? SignedOn, string? Reason);

    static readonly IReadOnlyList<Column<Row>> Columns = [
        new("Programme", (csv, r) => csv.Text(r.Programme)), new("Institution", (csv, r) => csv.Text(r.Institution)), new("Cohort", (csv, r) => csv.Text(r.Cohort)), new("Student", (csv, r) => csv.Text(r.Student)),
        new("Student number", (csv, r) => csv.Text(r.StudentNumber)), new("Email address", (csv, r) => csv.Text(r.Email)), new("Day", (csv, r) => csv.Date(r.Day)), new("Kind", (csv, r) => csv.Text(r.Kind)), new("Place", (csv, r) => csv.Text(r.Place)),
        new("Host", (csv, r) => csv.Text(r.Host)), new("Supervisor", (csv, r) => csv.Text(r.Supervisor)), new("Minutes", (csv, r) => csv.Number(r.Minutes)), new("State", (csv, r) => csv.Text(r.State)), new("Hours", (csv, r) => csv.Text(r.Hours)),
        new("Logged minutes", (csv, r) => csv.Number(r.LoggedMinutes)), new("Signed minutes", (csv, r) => csv.Number(r.SignedMinutes)), new("Signed on", (csv, r) => csv.Date(r.SignedOn)), new("Reason", (csv, r) => csv.Text(r.Reason)),
    ];

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<ExportFile<Row>>> {
        const int Batch = 50;
        const string SelectStudents = $"""
            SELECT s.Id
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE {Within.Cohorts} AND EXISTS (SELECT 1 FROM placements_Slot t WHERE t.StudentId = s.Id AND t.State <> 'Draft' AND t.OnDay >= @From AND t.OnDay <= @To)
            ORDER BY p.Name, p.Id, c.Name, s.Name, s.Id
            """;
        const string Select = """
            SELECT t.StudentId, p.Name AS Programme, c.OrganisationId, c.Name AS Cohort, s.Name AS Student, s.Reference, s.Email, t.OnDay, t.Kind, h.Project, t.Title, h.OrganisationId AS HostId, v.Name AS Supervisor, t.Minutes, t.State, t.Hours, t.LoggedMinutes, t.SignedAt, t.Reason
            FROM placements_Slot t
            JOIN placements_Student s ON s.Id = t.StudentId
            JOIN placements_Cohort c ON c.Id = t.CohortId
            JOIN placements_Programme p ON p.Id = t.ProgrammeId
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            LEFT JOIN placements_ProgrammeHost h ON h.Id = t.ProjectId
            WHERE t.StudentId IN @Ids AND t.State <> 'Draft' AND t.OnDay >= @From AND t.OnDay <= @To
            ORDER BY t.StudentId, t.StartsAt, t.Id
            """;

        public Task<Outcome<ExportFile<Row>>> Handle(Query request, CancellationToken cancellationToken) {
            var (from, to) = (request.From!.Value, request.To!.Value);
            return Task.FromResult<Outcome<ExportFile<Row>>>(new ExportFile<Row>($"placement-hours-{from:yyyy-MM-dd}-to-{to:yyyy-MM-dd}", request.Format!, Columns, Rows(from, to, cancellationToken)));
        }

        async IAsyncEnumerable<Row> Rows(DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken ct) {
            var reach = me.Reach(PlacementsPermissions.SendStudents);
            var names = new Dictionary<Guid, string>();
            foreach (var students in (await db.List<Guid>(SelectStudents, db.In(reach, new { From = from, To = to }), ct)).Chunk(Batch)) {
                var slots = await db.List<SlotRow>(Select, new { Ids = db.Ids(students), From = from, To = to }, ct);
                var unknown = slots.SelectMany(s => new[] { s.OrganisationId, s.HostId ?? s.OrganisationId }).Where(id => !names.ContainsKey(id)).Distinct().ToList();
                if (unknown.Count > 0) foreach (var organisation in await mediator.Send(new FindOrganisations(unknown), ct)) names[organisation.Id] = organisation.Name;
                var own = slots.ToLookup(s => s.StudentId);
                foreach (var s in students.SelectMany(id => own[id]))
                    yield return new(s.Programme, names.GetValueOrDefault(s.OrganisationId, ""), s.Cohort, s.Student, s.Reference, s.Email, s.OnDay, s.Kind, Words.Place(s.Project, s.Title), s.HostId is { } host ? names.GetValueOrDefault(host, "") : "", s.Supervisor, s.Minutes,
                        s.State, s.Hours, s.LoggedMinutes, s.Hours == nameof(HoursState.Signed) ? s.LoggedMinutes ?? 0 : 0, s.SignedAt is { } at ? London.Day(at) : null, s.Reason);
            }
        }

        sealed record SlotRow {
            public Guid StudentId { get; init; }
            public string Programme { get; init; } = "";
            public Guid OrganisationId { get; init; }
            public string Cohort { get; init; } = "";
            public string Student { get; init; } = "";
            public string? Reference { get; init; }
            public string Email { get; init; } = "";
            public DateOnly OnDay { get; init; }
            public string Kind { get; init; } = "";
            public string? Project { get; init; }
            public string? Title { get; init; }
            public Guid? HostId { get; init; }
            public string Supervisor { get; init; } = "";
            public int Minutes { get; init; }
            public string State { get; init; } = "";
            public string Hours { get; init; } = "";
            public int? LoggedMinutes { get; init; }
            public DateTime? SignedAt { get; init; }
            public string? Reason { get; init; }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/exports/placement-hours", async (DateOnly? from, DateOnly? to, string? format, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(from, to, format ?? "json"), ct)).ToHttp(file => file))
        .WithName("ExportPlacementHours").WithSummary("Every placement slot from a day to a day (both included), by programme, cohort and student and in order of time, of the students you send, or of your programmes, with what became of it. format is json (default) or csv.")
        .Produces<IEnumerable<Row>>().Produces(200, contentType: "text/csv").ProducesValidationProblem().ProducesProblem(401).ProducesProblem(403)
        .Requires(PlacementsPermissions.SendStudents);
}
