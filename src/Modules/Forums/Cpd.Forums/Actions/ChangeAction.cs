using Cpd.Forums.Reminders;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Actions;

/// <summary>An officer changes who does something and by when, or closes it with what came of it. A closed action stands on no later agenda.</summary>
internal static class ChangeAction {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;
    internal sealed record View(OneSeries Series, ListActions.Action Action);

    internal sealed record Change(Guid Id, int Version, string? ActionWords, Guid? OwnerId, string? OwnerName, DateOnly? DueOn) : IRequest<Outcome<Done>>, IWrite;
    /// <param name="Result">What came of it; may be left out.</param>
    internal sealed record Close(Guid Id, int Version, string? Result) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class ChangeValidator : AbstractValidator<Change> {
        // The same sentences as when it was added.
        public ChangeValidator() => RuleFor(c => c).Custom((c, context) => {
            foreach (var failure in new AddAction.Validator().Validate(new AddAction.Command(Guid.Empty, c.ActionWords, c.OwnerId, c.OwnerName, c.DueOn)).Errors) context.AddFailure(failure.PropertyName, failure.ErrorMessage);
        });
    }

    internal sealed class CloseValidator : AbstractValidator<Close> {
        public CloseValidator() => RuleFor(c => c.Result).MaximumLength(500).WithMessage("What came of it must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, IMediator mediator, ActionReminders reminders, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Change, Outcome<Done>>, IRequestHandler<Close, Outcome<Done>> {
        const string Select = """
            SELECT a.Id, a.SeriesId, a.Words, a.OwnerId, a.OwnerName, a.DueOn, m.StartsAt AS TakenOn, a.ClosedAt, a.Outcome, a.Version
            FROM forums_Action a
            JOIN forums_Meeting m ON m.Id = a.MeetingId
            WHERE a.Id = @Id
            """;
        const string Update = "UPDATE forums_Action SET Words = @Words, OwnerId = @OwnerId, OwnerName = @OwnerName, DueOn = @DueOn, Version = Version + 1 WHERE Id = @Id AND Version = @Version AND ClosedAt IS NULL";
        const string Finish = "UPDATE forums_Action SET ClosedAt = @Now, Outcome = @Result, Version = Version + 1 WHERE Id = @Id AND Version = @Version AND ClosedAt IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) => await Find(request.Id, cancellationToken) is { } found ? found : Outcome.NotFound;

        public async Task<Outcome<Done>> Handle(Change request, CancellationToken cancellationToken) {
            if (await Find(request.Id, cancellationToken) is not { } found) return Outcome.NotFound;
            // Whoever has left the forum since may still have it to do.
            var kept = request.OwnerId is not null && request.OwnerId == found.Action.OwnerId ? (request.OwnerId, found.Action.OwnerName) : default((Guid? Id, string Name)?);
            if ((kept ?? await ForumPeople.Named(db, mediator, found.Series.Id, found.Series.AuthorityId, request.OwnerId, request.OwnerName, cancellationToken)) is not { } owner)
                return Outcome.Invalid(nameof(request.OwnerId), "Select a member of the forum or an officer");
            if (await db.Execute(Update, new { request.Id, request.Version, Words = request.ActionWords!.Trim(), OwnerId = owner.Id, OwnerName = owner.Name, request.DueOn }, cancellationToken) == 0) return Stale;
            await reminders.Plan(request.Id, found.Series.AuthorityId, owner.Id, request.DueOn!.Value, cancellationToken);
            return Outcome.Done;
        }

        public async Task<Outcome<Done>> Handle(Close request, CancellationToken cancellationToken) {
            if (await Find(request.Id, cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Finish, new { request.Id, request.Version, Result = request.Result?.Trim() ?? "", Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 0) return Stale;
            await reminders.Withdraw(request.Id, cancellationToken);
            return Outcome.Done;
        }

        static Refusal Stale => Outcome.Conflict("Somebody else has changed or closed the action since you opened the page. Look again.");

        async Task<View?> Find(Guid id, CancellationToken ct) =>
            await db.One<ListActions.Action>(Select, new { Id = id }, ct) is { } action && await OneSeries.Managed(db, me, action.SeriesId, ct) is { } series ? new(series, action) : null;
    }

    internal sealed record ChangeBody(int Version, string? Words, Guid? OwnerId, string? OwnerName, DateOnly? DueOn);
    internal sealed record CloseBody(int Version, string? Outcome);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPut("/forum-actions/{id:guid}", async (Guid id, ChangeBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Change(id, body.Version, body.Words, body.OwnerId, body.OwnerName, body.DueOn), ct)).ToHttp())
            .WithName("ChangeForumAction").WithSummary("Changes what is to be done, by whom and by when.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
        api.MapPost("/forum-actions/{id:guid}/close", async (Guid id, CloseBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Close(id, body.Version, body.Outcome), ct)).ToHttp())
            .WithName("CloseForumAction").WithSummary("Closes an action with what came of it: it stands on no later agenda.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
    }
}
