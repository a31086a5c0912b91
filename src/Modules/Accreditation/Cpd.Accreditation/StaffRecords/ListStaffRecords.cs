using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Accreditation.StaffRecords;

/// <summary>A manager sees how much CPD each of their staff has done in a period, those without any too; what staff added themselves is theirs and not counted.</summary>
internal static class ListStaffRecords {
    /// <param name="SettingId">One of the manager's settings; null is all of them.</param>
    internal sealed record Query(Guid? SettingId, Period Period, Paging Paging) : IRequest<View>;

    internal sealed record View(PageOf<Row> Staff, IReadOnlyList<SettingCard> Settings);

    internal sealed record Row(Guid PersonId, string Name, string SettingName, JobRole JobRole, DateOnly? LeftOn, int Entries, int Minutes, int ParticipatoryMinutes, int Certificates);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, View> {
        // By day, because each person is seen only up to the day they left; the days of one page of staff are few.
        const string Select = """
            SELECT e.PersonId, e.HappenedOn, COUNT(*) AS Entries, SUM(CAST(e.Minutes AS BIGINT)) AS Minutes, SUM(CAST(e.ParticipatoryMinutes AS BIGINT)) AS ParticipatoryMinutes, COUNT(c.Id) AS Certificates
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL
            WHERE e.PersonId IN @Ids AND e.CauseKind = 'Attendance' AND e.WithdrawnAt IS NULL AND e.HappenedOn >= @From AND e.HappenedOn <= @To
            GROUP BY e.PersonId, e.HappenedOn
            """;

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var mine = me.Reach(AccreditationPermissions.SeeRecords).Settings;
            var settings = mine.Count == 0 ? [] : await mediator.Send(new FindSettings(mine), cancellationToken);
            var chosen = request.SettingId is { } one ? [.. mine.Where(s => s == one)] : mine;
            var staff = await OwnStaff.Of(mediator, chosen, request.Period.From, request.Period.To, cancellationToken);
            var paging = request.Paging.Skip < staff.Count ? request.Paging : new Paging(1);
            var page = staff.Skip(paging.Skip).Take(paging.Take).ToList();
            var days = page.Count == 0 ? [] : await db.List<Day>(Select, new { Ids = db.Ids(page.Select(s => s.PersonId)), request.Period.From, request.Period.To }, cancellationToken);
            var byPerson = days.ToLookup(d => d.PersonId);
            return new(new([.. page.Select(s => {
                var seen = byPerson[s.PersonId].Where(d => d.HappenedOn <= s.LastDay).ToList();
                return new Row(s.PersonId, s.Name, s.SettingName, s.JobRole, s.Until, seen.Sum(d => d.Entries), seen.Sum(d => d.Minutes), seen.Sum(d => d.ParticipatoryMinutes), seen.Sum(d => d.Certificates));
            })], staff.Count, paging), [.. settings.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)]);
        }
    }

    sealed record Day {
        public Guid PersonId { get; init; }
        public DateOnly HappenedOn { get; init; }
        public int Entries { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public int Certificates { get; init; }
    }
}
