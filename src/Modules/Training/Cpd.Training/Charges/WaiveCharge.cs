using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Charges;

/// <summary>An officer waives a charge that is due at a session of their authority, with the reason. The amount stays on record; a waived charge is not asked for again.</summary>
internal static class WaiveCharge {
    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the charge is waived").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, BookingLog history, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = "SELECT BookingId, State FROM training_Charge WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Waive = """
            UPDATE training_Charge SET State = 'Waived', ChangedAt = @Now, ChangedBy = @Me, Reason = @Reason
            WHERE Id = @Id AND State = 'Due'
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.WaiveCharges);
            if (await db.One<Row>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } charge) return Outcome.NotFound;
            var reason = request.Reason!.Trim();
            if (await db.Execute(Waive, new { request.Id, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, Reason = reason }, cancellationToken) == 0)
                return Outcome.Conflict("The charge is no longer due: somebody has waived it, or the register was corrected.");
            await history.Add([new Act(charge.BookingId, "Charge waived", reason)], cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/charges/{id:guid}/waive", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reason), ct)).ToHttp())
        .WithName("WaiveCharge").WithSummary("Waives a charge that is due, with the reason.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.WaiveCharges);

    sealed record Row {
        public Guid BookingId { get; init; }
        public ChargeState State { get; init; }
    }
}
