using Cpd.People.Contracts;
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

/// <summary>An officer adds a priority band behind those there are: whom it is for, and the reason that people on a waiting list read.</summary>
internal static class AddBand {
    internal sealed record Command(Guid AuthorityId, string? Name, string? Reason, BandKind? Kind, string? SettingType) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter a name, like Not yet inspected").MaximumLength(60).WithMessage("The name must be 60 characters or fewer");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter the reason that people read").MaximumLength(300).WithMessage("The reason must be 300 characters or fewer");
            RuleFor(c => c.Kind).NotNull().WithMessage("Select whom the band is for").IsInEnum().WithMessage("Select whom the band is for");
            RuleFor(c => c.SettingType).Must((c, type) => c.Kind != BandKind.SettingType || !string.IsNullOrWhiteSpace(type)).WithMessage("Select the type of setting");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const int Most = 10;
        const string Count = "SELECT COUNT(*) FROM training_Band WHERE AuthorityId = @AuthorityId";
        const string Insert = """
            INSERT INTO training_Band (Id, AuthorityId, Rank, Name, Reason, Kind, SettingType)
            SELECT @Id, @AuthorityId, COALESCE(MAX(Rank), 0) + 1, @Name, @Reason, @Kind, @SettingType FROM training_Band WHERE AuthorityId = @AuthorityId
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            if (request.Kind == BandKind.SettingType && !(await mediator.Send(new ListSettingTypes(request.AuthorityId), cancellationToken)).Contains(request.SettingType))
                return Outcome.Invalid(nameof(request.SettingType), "Select the type of setting");
            if (await db.One<int>(Count, request, cancellationToken) >= Most) return Outcome.Invalid(nameof(request.Name), $"There are {Most} bands already");
            var id = Ids.New(clock);
            await db.Execute(Insert, new { Id = id, request.AuthorityId, Name = request.Name!.Trim(), Reason = request.Reason!.Trim(), Kind = request.Kind!.Value.ToString(), SettingType = request.Kind == BandKind.SettingType ? request.SettingType : null }, cancellationToken);
            return id;
        }
    }

    internal sealed record Body(string? Name, string? Reason, BandKind? Kind, string? SettingType);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/authorities/{authorityId:guid}/bands", async (Guid authorityId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(authorityId, body.Name, body.Reason, body.Kind, body.SettingType), ct)).ToHttp())
        .WithName("AddBand").WithSummary("Adds a priority band behind those there are: for settings with NoPlaceThisYear, of a SettingType, or on a SettingList. Answers with its id.")
        .Produces<Guid>().ProducesValidationProblem().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeBookingRules);
}
