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

namespace Cpd.Training.Changes;

/// <summary>A manager says from which share of their staff, away on the same day, they want to be warned before they book.</summary>
internal static class SetReleaseShare {
    /// <param name="Percent">Null for what the local authority says.</param>
    internal sealed record Command(Guid SettingId, int? Percent) : IRequest<Outcome<Done>>, IWrite;

    /// <summary>The settings that one manages, by name; none for those who manage none.</summary>
    internal sealed record Query : IRequest<IReadOnlyList<View>>;

    internal sealed record View(Guid SettingId, string Name, int? Percent);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Percent).InclusiveBetween(1, 100).WithMessage("The share of the staff must be between 1 and 100");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = "UPDATE training_SettingRule SET ReleasePercent = @Percent, ChangedAt = @Now, ChangedBy = @Me WHERE SettingId = @SettingId";
        const string Insert = """
            INSERT INTO training_SettingRule (SettingId, AsksApproval, ReleasePercent, ChangedAt, ChangedBy)
            SELECT @SettingId, 0, @Percent, @Now, @Me WHERE NOT EXISTS (SELECT 1 FROM training_SettingRule WHERE SettingId = @SettingId)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.Reach(TrainingPermissions.ApproveBookings).Settings.Contains(request.SettingId)) return Outcome.NotFound;
            var row = new { request.SettingId, request.Percent, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId };
            if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed class Reader(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = "SELECT SettingId, ReleasePercent FROM training_SettingRule WHERE SettingId IN @Settings AND ReleasePercent IS NOT NULL";

        public async Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) {
            var mine = me.Reach(TrainingPermissions.ApproveBookings).Settings;
            if (mine.Count == 0) return [];
            var shares = (await db.List<Share>(Select, new { Settings = db.Ids(mine) }, cancellationToken)).ToDictionary(s => s.SettingId, s => s.ReleasePercent);
            return [.. (await mediator.Send(new FindSettings(mine), cancellationToken)).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new View(s.Id, s.Name, shares.TryGetValue(s.Id, out var share) ? share : null))];
        }
    }

    internal sealed record Body(int? Percent);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/settings/{settingId:guid}/release-share", async (Guid settingId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(settingId, body.Percent), ct)).ToHttp())
        .WithName("SetReleaseShare").WithSummary("From which share of a setting's staff on one day its manager is warned before booking, in percent; null for what the local authority says.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(TrainingPermissions.ApproveBookings);

    sealed record Share {
        public Guid SettingId { get; init; }
        public int ReleasePercent { get; init; }
    }
}
