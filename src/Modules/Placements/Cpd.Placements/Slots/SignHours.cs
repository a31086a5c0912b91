using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>
/// A supervisor signs off hours, several at once: what was logged now counts, the slot was attended, and the student's CPD record hears of it. All of them or none: what was
/// changed meanwhile is looked at first.
/// </summary>
internal static class SignHours {
    /// <param name="Version">As the supervisor has seen it.</param>
    internal sealed record Item(Guid SlotId, int Version);

    internal sealed record Command(IReadOnlyList<Item> Items) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Items).NotEmpty().WithMessage("Select the hours that you sign").Must(i => i.Count <= ListToSign.Most).WithMessage($"Sign at most {ListToSign.Most} slots at once");
    }

    internal sealed class Handler(Db db, CurrentUser me, Ledger ledger, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Count = $"""
            SELECT COUNT(*) FROM placements_Slot t JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            WHERE t.Id IN @Ids AND {Within.Supervised} AND t.State <> 'Draft'
            """;
        const string Update = """
            UPDATE placements_Slot SET Hours = 'Signed', State = 'Attended', SignedAt = @Now, SignedBy = @By, Revision = Revision + 1, Version = Version + 1
            WHERE Id = @SlotId AND Version = @Version AND Hours = 'Logged' AND State IN ('Published', 'Attended')
            """;
        const string SetInducted = """
            UPDATE placements_Student SET InductedOn = (SELECT MIN(t.OnDay) FROM placements_Slot t WHERE t.StudentId = placements_Student.Id AND t.Id IN @Ids AND t.Kind = 'Induction')
            WHERE InductedOn IS NULL AND Id IN (SELECT t.StudentId FROM placements_Slot t WHERE t.Id IN @Ids AND t.Kind = 'Induction')
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var items = request.Items.DistinctBy(i => i.SlotId).ToList();
            var ids = db.Ids(items.Select(i => i.SlotId));
            if (await db.One<int>(Count, db.Supervising(me, new { Ids = ids }), cancellationToken) != items.Count) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Update, items.Select(i => new { i.SlotId, i.Version, Now = now, By = me.PersonId }).ToList(), cancellationToken) != items.Count)
                return Outcome.Conflict("Some of these hours have been changed or signed since you opened the page. Look at them again; nothing has been signed.");
            await db.Execute(SetInducted, new { Ids = ids }, cancellationToken);
            await ledger.Tell([.. items.Select(i => i.SlotId)], cancellationToken);
            return items.Count;
        }
    }

    internal sealed record Body(IReadOnlyList<Item>? Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/slots/sign", async (Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(body.Items ?? []), ct)).ToHttp(count => Results.Ok(new { signed = count })))
        .WithName("SignPlacementHours").WithSummary("Signs off logged hours of your own slots, all of them or none, each with the version that you have seen.")
        .Produces(200).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SignHours);
}
