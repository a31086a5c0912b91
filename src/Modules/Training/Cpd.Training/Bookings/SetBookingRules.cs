using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Bookings;

/// <summary>An officer says how their authority gives out free places: offers or at once, how long an offer stands, in which hours they work, and when managers approve.</summary>
internal static class SetBookingRules {
    internal sealed record Command : IRequest<Outcome<Done>>, IWrite {
        public Guid AuthorityId { get; init; }
        /// <summary>Of the rules as they were read; 0 for the defaults.</summary>
        public int Version { get; init; }
        public bool Offers { get; init; }
        public int? OfferHours { get; init; }
        public int? LastHours { get; init; }
        public TimeOnly? DayStarts { get; init; }
        public TimeOnly? DayEnds { get; init; }
        public int? PassLimit { get; init; }
        public bool AsksApproval { get; init; }
        public int? ApprovalHours { get; init; }
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.OfferHours).NotNull().WithMessage("Enter for how many hours an offer stands").InclusiveBetween(1, 240).WithMessage("The hours of an offer must be between 1 and 240");
            RuleFor(c => c.LastHours).NotNull().WithMessage("Enter in how many last hours there are no offers").InclusiveBetween(0, 80).WithMessage("The last hours must be between 0 and 80");
            RuleFor(c => c.DayStarts).NotNull().WithMessage("Enter when your working day starts");
            RuleFor(c => c.DayEnds).NotNull().WithMessage("Enter when your working day ends").Must((c, ends) => ends is null || c.DayStarts is null || ends > c.DayStarts).WithMessage("The working day must end after it starts");
            RuleFor(c => c.PassLimit).NotNull().WithMessage("Enter how often a group is passed over").InclusiveBetween(0, 50).WithMessage("A group can be passed over 0 to 50 times");
            RuleFor(c => c.ApprovalHours).NotNull().WithMessage("Enter for how many hours a place is held for approval").InclusiveBetween(1, 240).WithMessage("The hours for approval must be between 1 and 240");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = """
            INSERT INTO training_BookingRule (AuthorityId, Offers, OfferHours, LastHours, DayStarts, DayEnds, PassLimit, AsksApproval, ApprovalHours, Version)
            VALUES (@AuthorityId, @Offers, @OfferHours, @LastHours, @DayStarts, @DayEnds, @PassLimit, @AsksApproval, @ApprovalHours, 1)
            """;
        const string Update = """
            UPDATE training_BookingRule
            SET Offers = @Offers, OfferHours = @OfferHours, LastHours = @LastHours, DayStarts = @DayStarts, DayEnds = @DayEnds, PassLimit = @PassLimit,
                AsksApproval = @AsksApproval, ApprovalHours = @ApprovalHours, Version = Version + 1
            WHERE AuthorityId = @AuthorityId AND Version = @Version
            """;
        // Whoever waits may fit by the new rules: their sessions are served with the next tick of the clock.
        const string MarkDue = """
            UPDATE training_Session SET DueAt = @Now
            WHERE AuthorityId = @AuthorityId AND State = 'Published' AND StartsAt > @Now AND WaitingCount > 0
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            var row = new {
                request.AuthorityId, request.Version, request.Offers, request.OfferHours, request.LastHours, DayStarts = Minutes(request.DayStarts), DayEnds = Minutes(request.DayEnds), request.PassLimit, request.AsksApproval, request.ApprovalHours,
                Now = clock.GetUtcNow().UtcDateTime,
            };
            try {
                if (await db.Execute(request.Version == 0 ? Insert : Update, row, cancellationToken) == 0) return Changed;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Changed;
            }
            await db.Execute(MarkDue, row, cancellationToken);
            return Outcome.Done;
        }

        static Refusal Changed => Outcome.Conflict("Somebody else has changed the rules since you opened them. Open them again to see their changes.");

        static int Minutes(TimeOnly? time) => (int)time!.Value.ToTimeSpan().TotalMinutes;
    }

    internal sealed record Body(int Version, bool Offers, int? OfferHours, int? LastHours, TimeOnly? DayStarts, TimeOnly? DayEnds, int? PassLimit, bool AsksApproval, int? ApprovalHours);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/authorities/{authorityId:guid}/booking-rules", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command {
            AuthorityId = authorityId, Version = body.Version, Offers = body.Offers, OfferHours = body.OfferHours, LastHours = body.LastHours, DayStarts = body.DayStarts, DayEnds = body.DayEnds, PassLimit = body.PassLimit,
            AsksApproval = body.AsksApproval, ApprovalHours = body.ApprovalHours,
        }, ct)).ToHttp())
        .WithName("SetBookingRules").WithSummary("Changes how an authority gives out free places. Times of day are London's, like 09:00.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ChangeBookingRules);
}
