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

/// <summary>An officer moves a priority band before the one above it, takes it away, or keeps its list of settings.</summary>
internal static class ChangeBand {
    internal enum Change { MoveUp, Remove, AddSetting, RemoveSetting }

    /// <param name="SettingId">For a change of the list.</param>
    internal sealed record Command(Guid BandId, Change Change, Guid? SettingId = null) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Change).IsInEnum().WithMessage("Select what to change");
            RuleFor(c => c.SettingId).Must((c, id) => c.Change is not (Change.AddSetting or Change.RemoveSetting) || id is not null).WithMessage("Select the setting");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = "SELECT AuthorityId, Rank, Kind FROM training_Band WHERE Id = @BandId AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectAbove = "SELECT MAX(Rank) FROM training_Band WHERE AuthorityId = @AuthorityId AND Rank < @Rank";
        const string Swap = """
            UPDATE training_Band SET Rank = CASE WHEN Id = @BandId THEN @Above ELSE @Rank END
            WHERE AuthorityId = @AuthorityId AND (Id = @BandId OR Rank = @Above)
            """;
        const string DeleteList = "DELETE FROM training_BandSetting WHERE BandId = @BandId";
        const string Delete = "DELETE FROM training_Band WHERE Id = @BandId";
        const string InsertSetting = """
            INSERT INTO training_BandSetting (BandId, SettingId) SELECT @BandId, @SettingId WHERE NOT EXISTS (SELECT 1 FROM training_BandSetting WHERE BandId = @BandId AND SettingId = @SettingId)
            """;
        const string DeleteSetting = "DELETE FROM training_BandSetting WHERE BandId = @BandId AND SettingId = @SettingId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (await db.One<Row>(Select, new { request.BandId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } band) return Outcome.NotFound;
            switch (request.Change) {
                case Change.MoveUp:
                    if (await db.One<int?>(SelectAbove, band, cancellationToken) is { } above) await db.Execute(Swap, new { request.BandId, band.AuthorityId, band.Rank, Above = above }, cancellationToken);
                    break;
                case Change.Remove:
                    await db.Execute(DeleteList, request, cancellationToken);
                    await db.Execute(Delete, request, cancellationToken);
                    break;
                case Change.AddSetting:
                    if (band.Kind != BandKind.SettingList || await mediator.Send(new FindSettings([request.SettingId!.Value]), cancellationToken) is not [var setting] || setting.AuthorityId != band.AuthorityId) return Outcome.NotFound;
                    await db.Execute(InsertSetting, request, cancellationToken);
                    break;
                default:
                    await db.Execute(DeleteSetting, request, cancellationToken);
                    break;
            }
            return Outcome.Done;
        }
    }

    internal sealed record Body(Change Change, Guid? SettingId);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bands/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Change, body.SettingId), ct)).ToHttp())
        .WithName("ChangeBand").WithSummary("Moves a priority band up (MoveUp), takes it away (Remove), or changes its list of settings (AddSetting, RemoveSetting).")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeBookingRules);

    sealed record Row {
        public Guid AuthorityId { get; init; }
        public int Rank { get; init; }
        public BandKind Kind { get; init; }
    }
}
