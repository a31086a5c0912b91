using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Agenda;

/// <summary>An officer takes on what was proposed or declines it with a reason, and moves items up or takes them off.</summary>
internal static class ChangeItem {
    internal enum Change { Accept, Decline, MoveUp, Remove }

    internal sealed record Command(Guid MeetingId, Guid ItemId, Change? Change, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Change).NotNull().WithMessage("Say what to do with the item").IsInEnum().WithMessage("Say what to do with the item");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.Change == ChangeItem.Change.Decline, ApplyConditionTo.CurrentValidator).WithMessage("Enter why the item is declined").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Accept = """
            UPDATE forums_AgendaItem SET State = 'Accepted', Number = COALESCE((SELECT MAX(i.Number) FROM forums_AgendaItem i WHERE i.MeetingId = @MeetingId), 0) + 1
            WHERE Id = @ItemId AND MeetingId = @MeetingId AND State = 'Proposed'
            """;
        const string Decline = "UPDATE forums_AgendaItem SET State = 'Declined', DeclineReason = @Reason WHERE Id = @ItemId AND MeetingId = @MeetingId AND State = 'Proposed'";
        // The one above goes where this one was.
        const string MoveUp = """
            UPDATE forums_AgendaItem SET Number = CASE WHEN Id = @ItemId THEN @Above ELSE @Number END
            WHERE MeetingId = @MeetingId AND State = 'Accepted' AND ((Id = @ItemId AND Number = @Number) OR (Id = @Other AND Number = @Above))
            """;
        const string SelectOrder = "SELECT Id, Number FROM forums_AgendaItem WHERE MeetingId = @MeetingId AND State = 'Accepted' ORDER BY Number, Id";
        const string Release = "UPDATE forums_Paper SET ItemId = NULL WHERE ItemId = @ItemId";
        const string Remove = "DELETE FROM forums_AgendaItem WHERE Id = @ItemId AND MeetingId = @MeetingId AND State = 'Accepted'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null) return Outcome.NotFound;
            var changed = request.Change!.Value switch {
                Change.Accept => await db.Execute(Accept, request, cancellationToken),
                Change.Decline => await db.Execute(Decline, new { request.ItemId, request.MeetingId, Reason = request.Reason!.Trim() }, cancellationToken),
                Change.MoveUp => await Move(request, cancellationToken),
                _ => await TakeOff(request, cancellationToken),
            };
            return changed > 0 ? Outcome.Done : Outcome.Conflict("The item is not as it was when you opened the page. Look again.");
        }

        async Task<int> Move(Command request, CancellationToken ct) {
            var order = await db.List<Place>(SelectOrder, request, ct);
            var at = order.ToList().FindIndex(p => p.Id == request.ItemId);
            return at < 1 ? at + 1 : await db.Execute(MoveUp, new { request.ItemId, request.MeetingId, Other = order[at - 1].Id, order[at].Number, Above = order[at - 1].Number }, ct);
        }

        async Task<int> TakeOff(Command request, CancellationToken ct) {
            await db.Execute(Release, request, ct);
            return await db.Execute(Remove, request, ct);
        }

        sealed record Place {
            public Guid Id { get; init; }
            public int Number { get; init; }
        }
    }

    internal sealed record Body(Change? Change, string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/agenda/{itemId:guid}", async (Guid id, Guid itemId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, itemId, body.Change, body.Reason), ct)).ToHttp())
        .WithName("ChangeAgendaItem").WithSummary("Accept or Decline (with a reason) what a member proposed, MoveUp or Remove what is on the agenda.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
