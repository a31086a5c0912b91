using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Changes;

/// <summary>An officer says from when on a cancellation is late, until when a colleague can take a place over and who may let them, and when managers are warned of releasing many staff at once.</summary>
internal static class SetChangeRules {
    internal sealed record Command : IRequest<Outcome<Done>>, IWrite {
        public Guid AuthorityId { get; init; }
        /// <summary>Of the rules as they were read; 0 for the defaults.</summary>
        public int Version { get; init; }
        public int? LateHours { get; init; }
        public int? SubstituteHours { get; init; }
        public bool SelfSubstitutes { get; init; }
        public int? ReleasePercent { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.LateHours).NotNull().WithMessage("Enter from how many hours before a cancellation is late").InclusiveBetween(0, 2000).WithMessage("The hours for late cancellations must be between 0 and 2,000");
            RuleFor(c => c.SubstituteHours).NotNull().WithMessage("Enter until how many hours before a colleague can take a place").InclusiveBetween(0, 2000).WithMessage("The hours for colleagues must be between 0 and 2,000");
            RuleFor(c => c.ReleasePercent).NotNull().WithMessage("Enter from which share of the staff managers are warned").InclusiveBetween(1, 100).WithMessage("The share of the staff must be between 1 and 100");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = """
            INSERT INTO training_ChangeRule (AuthorityId, LateHours, SubstituteHours, SelfSubstitutes, ReleasePercent, Version)
            VALUES (@AuthorityId, @LateHours, @SubstituteHours, @SelfSubstitutes, @ReleasePercent, 1)
            """;
        const string Update = """
            UPDATE training_ChangeRule SET LateHours = @LateHours, SubstituteHours = @SubstituteHours, SelfSubstitutes = @SelfSubstitutes, ReleasePercent = @ReleasePercent, Version = Version + 1
            WHERE AuthorityId = @AuthorityId AND Version = @Version
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            try {
                return await db.Execute(request.Version == 0 ? Insert : Update, request, cancellationToken) == 1 ? Outcome.Done : Changed;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Changed;
            }
        }

        static Refusal Changed => Outcome.Conflict("Somebody else has changed the rules since you opened them. Open them again to see their changes.");
    }

    internal sealed record Body(int Version, int? LateHours, int? SubstituteHours, bool SelfSubstitutes, int? ReleasePercent);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/authorities/{authorityId:guid}/change-rules", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command {
            AuthorityId = authorityId, Version = body.Version, LateHours = body.LateHours, SubstituteHours = body.SubstituteHours, SelfSubstitutes = body.SelfSubstitutes, ReleasePercent = body.ReleasePercent,
        }, ct)).ToHttp())
        .WithName("SetChangeRules").WithSummary("Changes what an authority says of changing and cancelling bookings. Hours are counted back from the start of a session.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ChangeBookingRules);
}
