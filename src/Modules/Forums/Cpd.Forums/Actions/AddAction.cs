using Cpd.Forums.Meetings;
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

/// <summary>What somebody takes on at a meeting, until a day. It stands on the agenda of every later meeting until it is closed.</summary>
internal static class AddAction {
    /// <param name="OwnerId">A member of the forum or an officer, who is reminded; or anybody by name.</param>
    internal sealed record Command(Guid MeetingId, string? ActionWords, Guid? OwnerId, string? OwnerName, DateOnly? DueOn) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.ActionWords).NotEmpty().WithMessage("Enter what is to be done").MaximumLength(500).WithMessage("What is to be done must be 500 characters or fewer");
            RuleFor(c => c.OwnerName).MaximumLength(200).WithMessage("The name must be 200 characters or fewer")
                .Must((c, name) => c.OwnerId is null || string.IsNullOrWhiteSpace(name)).WithMessage("Select who does it or enter a name, not both")
                .Must((c, name) => c.OwnerId is not null || !string.IsNullOrWhiteSpace(name)).WithMessage("Select who does it, or enter a name");
            RuleFor(c => c.DueOn).NotNull().WithMessage("Enter by when it is to be done");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, ActionReminders reminders, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_Action (Id, SeriesId, MeetingId, Words, OwnerId, OwnerName, DueOn, Outcome, Version)
            VALUES (@Id, @SeriesId, @MeetingId, @Words, @OwnerId, @OwnerName, @DueOn, '', 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (meeting.StartsAt > clock.GetUtcNow().UtcDateTime) return Outcome.Conflict("The meeting has not started yet, so nothing has been taken on at it.");
            if (meeting.State != Publication.Published) return Outcome.Conflict("The meeting did not take place, so nothing has been taken on at it.");
            if (await ForumPeople.Named(db, mediator, meeting.SeriesId, meeting.AuthorityId, request.OwnerId, request.OwnerName, cancellationToken) is not { } owner)
                return Outcome.Invalid(nameof(request.OwnerId), "Select a member of the forum or an officer");
            var id = Ids.New(clock);
            await db.Execute(Insert, new { Id = id, meeting.SeriesId, request.MeetingId, Words = request.ActionWords!.Trim(), OwnerId = owner.Id, OwnerName = owner.Name, request.DueOn }, cancellationToken);
            await reminders.Plan(id, meeting.AuthorityId, owner.Id, request.DueOn!.Value, cancellationToken);
            return id;
        }
    }

    internal sealed record Body(string? Words, Guid? OwnerId, string? OwnerName, DateOnly? DueOn);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/actions", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Words, body.OwnerId, body.OwnerName, body.DueOn), ct)).ToHttp(made => Results.Created($"/api/v1/forum-actions/{made}", new { id = made })))
        .WithName("AddForumAction").WithSummary("What a member or officer (ownerId), or anybody by name, took on at a meeting, until a day.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
