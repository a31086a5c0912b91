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

/// <summary>A manager says whether staff of their setting who book for themselves need approval. It holds for what is asked from now on.</summary>
internal static class AskForApproval {
    internal sealed record Command(Guid SettingId, bool Asks) : IRequest<Outcome<Done>>, IWrite;

    /// <summary>The settings that one manages, by name, with what each has chosen; none for those who manage none.</summary>
    internal sealed record Query : IRequest<IReadOnlyList<View>>;

    internal sealed record View(Guid SettingId, string Name, bool Asks);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SettingId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = "UPDATE training_SettingRule SET AsksApproval = @Asks, ChangedAt = @Now, ChangedBy = @Me WHERE SettingId = @SettingId";
        const string Insert = """
            INSERT INTO training_SettingRule (SettingId, AsksApproval, ChangedAt, ChangedBy)
            SELECT @SettingId, @Asks, @Now, @Me WHERE NOT EXISTS (SELECT 1 FROM training_SettingRule WHERE SettingId = @SettingId)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.Reach(TrainingPermissions.ApproveBookings).Settings.Contains(request.SettingId)) return Outcome.NotFound;
            var row = new { request.SettingId, request.Asks, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId };
            if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed class Reader(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, IReadOnlyList<View>> {
        const string Select = "SELECT SettingId FROM training_SettingRule WHERE SettingId IN @Settings AND AsksApproval = 1";

        public async Task<IReadOnlyList<View>> Handle(Query request, CancellationToken cancellationToken) {
            var mine = me.Reach(TrainingPermissions.ApproveBookings).Settings;
            if (mine.Count == 0) return [];
            var asking = await db.List<Guid>(Select, new { Settings = db.Ids(mine) }, cancellationToken);
            return [.. (await mediator.Send(new FindSettings(mine), cancellationToken)).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new View(s.Id, s.Name, asking.Contains(s.Id)))];
        }
    }

    internal sealed record Body(bool Asks);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/settings/{id:guid}/approval", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Asks), ct)).ToHttp())
        .WithName("AskForApproval").WithSummary("Says whether staff of a setting that you manage need approval before they take a place.")
        .Produces(204).ProducesProblem(404)
        .Requires(TrainingPermissions.ApproveBookings);
}
