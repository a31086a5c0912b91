using Cpd.Accreditation.Ledger;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Accreditation.StaffRecords;

/// <summary>A manager sees the courses and certificates of one of their staff, newest first; nothing that the person added or wrote.</summary>
internal static class OpenStaffRecord {
    internal sealed record Query(Guid PersonId, Period Period, Paging Paging) : IRequest<Outcome<View>>;

    internal sealed record View(Guid PersonId, string Name, Totals Totals, PageOf<Row> Found);

    internal sealed record Row {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        public string Source { get; init; } = "";
        public DateOnly HappenedOn { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public string? CertificateNumber { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Where = "WHERE e.PersonId = @PersonId AND e.CauseKind = 'Attendance' AND e.WithdrawnAt IS NULL AND e.HappenedOn >= @From AND e.HappenedOn <= @To\n";
        const string SelectTotals = """
            SELECT COUNT(*) AS Entries, COALESCE(SUM(CAST(e.Minutes AS BIGINT)), 0) AS Minutes, COALESCE(SUM(CAST(e.ParticipatoryMinutes AS BIGINT)), 0) AS ParticipatoryMinutes
            FROM accreditation_Entry e

            """ + Where;
        const string Select = """
            SELECT e.Id, e.Title, e.Source, e.HappenedOn, e.Minutes, e.ParticipatoryMinutes, e.AgeRanges, c.Number AS CertificateNumber
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL

            """ + Where + "ORDER BY e.HappenedOn DESC, e.Id DESC";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var settings = me.Reach(AccreditationPermissions.SeeRecords).Settings;
            if (await OwnStaff.LastDayOf(mediator, settings, request.PersonId, cancellationToken) is not { } lastDay) return Outcome.NotFound;
            if (await mediator.Send(new FindPeople([request.PersonId]), cancellationToken) is not [var person, ..]) return Outcome.NotFound;
            var to = request.Period.To < lastDay ? request.Period.To : lastDay;
            var totals = (await db.One<TotalsRow>(SelectTotals, new { request.PersonId, request.Period.From, To = to }, cancellationToken))!;
            var paging = request.Paging.Skip < totals.Entries ? request.Paging : new Paging(1);
            var rows = await db.List<Row>(db.Page(Select), new { request.PersonId, request.Period.From, To = to, paging.Skip, paging.Take }, cancellationToken);
            return new View(request.PersonId, person.Name, new(totals.Entries, totals.Minutes, totals.ParticipatoryMinutes), new(rows, totals.Entries, paging));
        }
    }

    sealed record TotalsRow {
        public int Entries { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
    }
}
