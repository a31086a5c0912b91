using Cpd.Accreditation.StaffRecords;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation.Ledger;

/// <summary>A person's CPD for programs: the whole record for the person; for a manager where they work, what came from registers.</summary>
internal static class ListCpd {
    /// <param name="After">The id after which to go on; null from the beginning.</param>
    internal sealed record Query(Guid PersonId, DateOnly? From, DateOnly? To, Guid? After) : IRequest<Outcome<View>>;

    internal sealed class Validator : AbstractValidator<Query> {
        public Validator() => RuleFor(q => q.To).GreaterThanOrEqualTo(q => q.From).When(q => q is { From: not null, To: not null }).WithMessage("to must be the same day as from or later");
    }

    /// <param name="Totals">Of the whole period, not only of these items.</param>
    /// <param name="Next">Goes into the next call's after; null when there is no more.</param>
    internal sealed record View(Guid PersonId, DateOnly? From, DateOnly? To, Totals Totals, IReadOnlyList<Entry> Items, Guid? Next);

    /// <summary>One entry. Reflection and evidence are only ever given to the person.</summary>
    internal sealed record Entry {
        public Guid Id { get; init; }
        public ListMyCpd.Source CauseKind { get; init; }
        public string Title { get; init; } = "";
        public string Source { get; init; } = "";
        public DateOnly HappenedOn { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public AgeRanges AgeRanges { get; init; }
        public CourseMode Mode { get; init; }
        public Guid? CourseId { get; init; }
        public Guid? SessionId { get; init; }
        public string? CertificateNumber { get; init; }
        public string? Reflection { get; init; }
        public string? Evidence { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Where = """
            WHERE e.PersonId = @PersonId AND e.WithdrawnAt IS NULL AND e.HappenedOn >= @From AND e.HappenedOn <= @To AND (@Own = 1 OR e.CauseKind = 'Attendance')

            """;
        const string SelectTotals = """
            SELECT COUNT(*) AS Entries, COALESCE(SUM(CAST(e.Minutes AS BIGINT)), 0) AS Minutes, COALESCE(SUM(CAST(e.ParticipatoryMinutes AS BIGINT)), 0) AS ParticipatoryMinutes
            FROM accreditation_Entry e

            """ + Where;
        const string Select = """
            SELECT e.Id, e.CauseKind, e.Title, e.Source, e.HappenedOn, e.Minutes, e.ParticipatoryMinutes, e.AgeRanges, e.Mode, e.CourseId, e.SessionId,
                c.Number AS CertificateNumber, CASE WHEN @Own = 1 THEN e.Reflection END AS Reflection, CASE WHEN @Own = 1 THEN e.Evidence END AS Evidence
            FROM accreditation_Entry e
            LEFT JOIN accreditation_Certificate c ON c.CauseId = e.CauseId AND c.RevokedAt IS NULL

            """ + Where + "AND e.Id > @After ORDER BY e.Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var own = request.PersonId == me.PersonId;
            var last = own ? DateOnly.MaxValue
                : await OwnStaff.LastDayOf(mediator, me.Reach(AccreditationPermissions.SeeRecords).Settings, request.PersonId, cancellationToken);
            if (last is not { } lastDay) return Outcome.NotFound;
            var to = request.To is { } day && day < lastDay ? day : lastDay;
            // No id is smaller than all zeros.
            var args = new { request.PersonId, Own = own, From = request.From ?? DateOnly.MinValue, To = to, After = request.After ?? Guid.Empty, Skip = 0, Take = Slice<Entry>.Size + 1 };
            var totals = (await db.One<TotalsRow>(SelectTotals, args, cancellationToken))!;
            var slice = Slice<Entry>.Of(await db.List<Entry>(db.Page(Select), args, cancellationToken), e => e.Id);
            return new View(request.PersonId, request.From, request.To, new(totals.Entries, totals.Minutes, totals.ParticipatoryMinutes), slice.Items, slice.Next);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/people/{id:guid}/cpd", async (Guid id, DateOnly? from, DateOnly? to, Guid? after, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Query(id, from, to, after), ct)).ToHttp())
        .WithName("ListCpd").WithSummary("A person's CPD record: their own, or that of staff of your setting (without what they added and wrote themselves). 100 entries at a time; from and to are days, both included.")
        .Produces<View>().ProducesValidationProblem().ProducesProblem(401).ProducesProblem(404)
        .Requires(AccreditationPermissions.KeepOwnRecord);

    sealed record TotalsRow {
        public int Entries { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
    }
}
