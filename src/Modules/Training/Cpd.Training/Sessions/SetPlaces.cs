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

namespace Cpd.Training.Sessions;

/// <summary>A program gives a session more places or fewer: never fewer than are booked or held, and more go at once to those who wait.</summary>
internal static class SetPlaces {
    internal sealed record Command(Guid Id, int? Places) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Places).NotNull().WithMessage("Enter the number of places").InclusiveBetween(1, 5000).WithMessage("The number of places must be between 1 and 5,000");
    }

    internal sealed class Handler(Db db, Allotment allotment, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Session SET Places = @Places, Version = Version + 1
            WHERE Id = @Id AND State <> 'Cancelled' AND StartsAt > @Now AND PlacesTaken <= @Places AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string Select = "SELECT State, StartsAt, PlacesTaken FROM training_Session WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new { request.Id, request.Places, Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.Execute(Update, row, cancellationToken) == 0) {
                return await db.One<Row>(Select, row, cancellationToken) is not { } session ? Outcome.NotFound
                    : session.State == Publication.Cancelled ? Outcome.Conflict("The session has been cancelled, so it can no longer be changed.")
                    : session.StartsAt <= row.Now ? Outcome.Conflict("The session has started, so its places can no longer be changed.")
                    : Outcome.Invalid(nameof(request.Places), $"There must be at least {session.PlacesTaken} places, because that many are booked or offered");
            }
            await allotment.Settle(request.Id, "The number of places was changed", null, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(int? Places);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/sessions/{id:guid}/places", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Places), ct)).ToHttp())
        .WithName("SetPlaces").WithSummary("Changes the number of places of a session: not below what is booked or held. Places that are added go to those who wait.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ManageCourses);

    sealed record Row {
        public Publication State { get; init; }
        public DateTime StartsAt { get; init; }
        public int PlacesTaken { get; init; }
    }
}
