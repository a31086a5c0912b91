using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Registers;

/// <summary>An officer says by how many minutes people may come late or leave early. It holds for what is marked from then on; what is recorded stays as it is.</summary>
internal static class SetRegisterRules {
    /// <param name="Version">Of the rules as they were read; 0 for the usual ones.</param>
    internal sealed record Command(Guid AuthorityId, int Version, int? Tolerance) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Tolerance).NotNull().WithMessage("Enter the minutes, or 0 to count every one").InclusiveBetween(0, 60).WithMessage("The minutes must be between 0 and 60");
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = "INSERT INTO training_RegisterRule (AuthorityId, Tolerance, Version) VALUES (@AuthorityId, @Tolerance, 1)";
        const string Update = "UPDATE training_RegisterRule SET Tolerance = @Tolerance, Version = Version + 1 WHERE AuthorityId = @AuthorityId AND Version = @Version";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            try {
                if (await db.Execute(request.Version == 0 ? Insert : Update, request, cancellationToken) == 0) return Changed;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Changed;
            }
            return Outcome.Done;
        }

        static Refusal Changed => Outcome.Conflict("Somebody else has changed the rules since you opened them. Open them again to see their changes.");
    }

    internal sealed record Body(int Version, int? Tolerance);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/authorities/{authorityId:guid}/register-rules", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(authorityId, body.Version, body.Tolerance), ct)).ToHttp())
        .WithName("SetRegisterRules").WithSummary("Changes by how many minutes someone may come late or leave early and still have attended all of a date.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ChangeBookingRules);
}
