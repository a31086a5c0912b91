using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Charges;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Changes;

/// <summary>What an authority says of changing and cancelling bookings, with all its tables of charges, latest first.</summary>
internal static class SeeChangeRules {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    /// <param name="Version">0 while the authority has said nothing and the defaults hold.</param>
    internal sealed record View(Guid AuthorityId, string AuthorityName, ChangeRules Rules, int Version, IReadOnlyList<Table> Tables);

    /// <param name="ValidFrom">For whoever is booked from this day on, until the day of the next table.</param>
    /// <param name="IsAhead">It holds for nobody yet, so it can be taken back.</param>
    internal sealed record Table(Guid Id, DateOnly ValidFrom, IReadOnlyList<ChargeStep> Steps, int NoShowPence, bool IsAhead);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT LateHours, SubstituteHours, SelfSubstitutes, ReleasePercent, Version FROM training_ChangeRule WHERE AuthorityId = @AuthorityId";
        const string SelectTables = "SELECT Id, ValidFrom, NoShowPence FROM training_ChargeTable WHERE AuthorityId = @AuthorityId ORDER BY ValidFrom DESC, Id";
        const string SelectSteps = """
            SELECT s.TableId, s.HoursBefore, s.Pence
            FROM training_ChargeStep s
            JOIN training_ChargeTable t ON t.Id = s.TableId
            WHERE t.AuthorityId = @AuthorityId
            ORDER BY s.HoursBefore DESC, s.TableId
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            if ((await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == request.AuthorityId) is not { } authority) return Outcome.NotFound;
            var row = await db.One<Row>(Select, request, cancellationToken);
            var steps = (await db.List<StepRow>(SelectSteps, request, cancellationToken)).ToLookup(s => s.TableId);
            var today = London.Today(clock);
            return new View(authority.Id, authority.Name, row is null ? ChangeRules.Default : new(row.LateHours, row.SubstituteHours, row.SelfSubstitutes, row.ReleasePercent), row?.Version ?? 0,
                [.. (await db.List<TableRow>(SelectTables, request, cancellationToken)).Select(t => new Table(t.Id, t.ValidFrom, [.. steps[t.Id].Select(s => new ChargeStep(s.HoursBefore, s.Pence))], t.NoShowPence, t.ValidFrom > today))]);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/authorities/{authorityId:guid}/change-rules", async (Guid authorityId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(authorityId), ct)).ToHttp())
        .WithName("SeeChangeRules").WithSummary("What an authority says of changing and cancelling bookings, and its tables of charges. Hours are counted back from the start of a session; amounts are in pence.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeBookingRules);

    sealed record Row {
        public int LateHours { get; init; }
        public int SubstituteHours { get; init; }
        public bool SelfSubstitutes { get; init; }
        public int ReleasePercent { get; init; }
        public int Version { get; init; }
    }

    sealed record TableRow {
        public Guid Id { get; init; }
        public DateOnly ValidFrom { get; init; }
        public int NoShowPence { get; init; }
    }

    sealed record StepRow {
        public Guid TableId { get; init; }
        public int HoursBefore { get; init; }
        public int Pence { get; init; }
    }
}
