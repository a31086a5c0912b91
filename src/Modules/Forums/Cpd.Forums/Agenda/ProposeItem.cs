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

/// <summary>A member proposes an item for a meeting ahead. An officer takes it on or says why not.</summary>
internal static class ProposeItem {
    internal sealed record Command(Guid MeetingId, ItemKind? ItemKind, string? ItemTitle, string? ItemDetail) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.ItemKind).NotNull().WithMessage("Select what the item is for").IsInEnum().WithMessage("Select what the item is for");
            RuleFor(c => c.ItemTitle).NotEmpty().WithMessage("Enter what you would like to speak about").MaximumLength(200).WithMessage("What you would like to speak about must be 200 characters or fewer");
            RuleFor(c => c.ItemDetail).MaximumLength(1000).WithMessage("The detail must be 1,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const int Most = 5;
        const string Insert = """
            INSERT INTO forums_AgendaItem (Id, MeetingId, Number, Kind, Title, Detail, LeadName, State, ProposedBy, DeclineReason)
            SELECT @Id, @MeetingId, 0, @Kind, @Title, @Detail, '', 'Proposed', @Me, ''
            WHERE (SELECT COUNT(*) FROM forums_AgendaItem i WHERE i.MeetingId = @MeetingId AND i.ProposedBy = @Me AND i.State = 'Proposed') < @Most
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Joined(db, me.PersonId, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (meeting.State != Publication.Published || meeting.StartsAt <= clock.GetUtcNow().UtcDateTime) return Outcome.Conflict("You can propose items until the meeting begins.");
            var id = Ids.New(clock);
            return await db.Execute(Insert, new { Id = id, request.MeetingId, Kind = request.ItemKind!.Value.ToString(), Title = request.ItemTitle!.Trim(), Detail = request.ItemDetail?.Trim() ?? "", Me = me.PersonId, Most }, cancellationToken) == 1
                ? id : Outcome.Conflict($"You have proposed {Most} items that wait for an answer. Wait for it before you propose more.");
        }
    }

    internal sealed record Body(ItemKind? Kind, string? Title, string? Detail);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/proposals", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Kind, body.Title, body.Detail), ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{id}/agenda", new { id = made })))
        .WithName("ProposeAgendaItem").WithSummary("Proposes an item for the agenda of a meeting ahead, of a forum that you belong to.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
