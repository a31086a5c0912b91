using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Charges;

/// <summary>
/// An officer says what cancelling late and not coming cost whoever is booked from a day on. A table is never changed: another one takes
/// its place from a later day, also one without amounts. One whose day has not come yet can be taken back.
/// </summary>
internal static class AddChargeTable {
    internal sealed record Command(Guid AuthorityId, DateOnly? ValidFrom, IReadOnlyList<Step>? Steps, int? NoShowPence) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed record Step(int? HoursBefore, int? Pence);

    internal sealed record RemoveCommand(Guid AuthorityId, Guid TableId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.ValidFrom).NotNull().WithMessage("Enter the first day");
            RuleForEach(c => c.Steps).ChildRules(s => {
                s.RuleFor(x => x.HoursBefore).NotNull().WithMessage("Enter from how many hours before").InclusiveBetween(1, 2000).WithMessage("The hours must be between 1 and 2,000");
                s.RuleFor(x => x.Pence).NotNull().WithMessage("Enter the amount").InclusiveBetween(1, 100_000).WithMessage("The amount must be between 1p and £1,000");
            });
            RuleFor(c => c.Steps).Must(s => s is null || s.Select(x => x.HoursBefore).Distinct().Count() == s.Count).WithMessage("Name each number of hours once").Must(s => s is null || s.Count <= 10).WithMessage("Enter at most 10 amounts");
            RuleFor(c => c.NoShowPence).InclusiveBetween(0, 100_000).WithMessage("The amount must be £1,000 or less");
        }
    }

    internal sealed class RemoveValidator : AbstractValidator<RemoveCommand> {
        public RemoveValidator() => RuleFor(c => c.TableId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>>, IRequestHandler<RemoveCommand, Outcome<Done>> {
        const string Insert = """
            INSERT INTO training_ChargeTable (Id, AuthorityId, ValidFrom, NoShowPence, MadeAt, MadeBy) VALUES (@Id, @AuthorityId, @ValidFrom, @NoShowPence, @Now, @Me)
            """;
        const string InsertStep = "INSERT INTO training_ChargeStep (TableId, HoursBefore, Pence) VALUES (@TableId, @HoursBefore, @Pence)";
        const string SelectTable = "SELECT ValidFrom FROM training_ChargeTable WHERE Id = @TableId AND AuthorityId = @AuthorityId";
        const string DeleteSteps = "DELETE FROM training_ChargeStep WHERE TableId = @TableId";
        const string Delete = "DELETE FROM training_ChargeTable WHERE Id = @TableId AND AuthorityId = @AuthorityId";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (!Mine(request.AuthorityId)) return Outcome.NotFound;
            // Whoever is booked already was told other terms.
            if (request.ValidFrom < London.Today(clock)) return Outcome.Invalid(nameof(request.ValidFrom), "The first day must be today or later");
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new { Id = id, request.AuthorityId, request.ValidFrom, NoShowPence = request.NoShowPence ?? 0, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.ValidFrom), "There is a table from that day on already");
            }
            if (request.Steps is { Count: > 0 } steps) await db.Execute(InsertStep, steps.Select(s => new { TableId = id, s.HoursBefore, s.Pence }).ToList(), cancellationToken);
            return id;
        }

        public async Task<Outcome<Done>> Handle(RemoveCommand request, CancellationToken cancellationToken) {
            if (!Mine(request.AuthorityId) || await db.One<TableRow>(SelectTable, request, cancellationToken) is not { } table) return Outcome.NotFound;
            if (table.ValidFrom <= London.Today(clock)) return Outcome.Conflict("The table holds already. Add another one from a later day.");
            await db.Execute(DeleteSteps, request, cancellationToken);
            await db.Execute(Delete, request, cancellationToken);
            return Outcome.Done;
        }

        bool Mine(Guid authority) => me.Reach(TrainingPermissions.ChangeBookingRules) is var reach && (reach.All || reach.Authorities.Contains(authority));
    }

    internal sealed record Body(DateOnly? ValidFrom, IReadOnlyList<Step>? Steps, int? NoShowPence);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPost("/authorities/{authorityId:guid}/charge-tables", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(authorityId, body.ValidFrom, body.Steps, body.NoShowPence), ct)).ToHttp())
            .WithName("AddChargeTable").WithSummary("Says what cancelling late and not coming cost whoever is booked from a day on; gives the table's id. Amounts are in pence.")
            .Produces<Guid>().ProducesValidationProblem().ProducesProblem(404)
            .Requires(TrainingPermissions.ChangeBookingRules);
        api.MapDelete("/authorities/{authorityId:guid}/charge-tables/{id:guid}", async (Guid authorityId, Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new RemoveCommand(authorityId, id), ct)).ToHttp())
            .WithName("RemoveChargeTable").WithSummary("Takes back a table of charges whose first day has not come yet.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409)
            .Requires(TrainingPermissions.ChangeBookingRules);
    }

    sealed record TableRow {
        public DateOnly ValidFrom { get; init; }
    }
}
