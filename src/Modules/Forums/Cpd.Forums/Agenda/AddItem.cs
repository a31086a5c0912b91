using Cpd.Forums.Meetings;
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

namespace Cpd.Forums.Agenda;

/// <summary>An officer puts an item on the agenda of a meeting, after those that stand there.</summary>
internal static class AddItem {
    /// <param name="LeadId">A member of the forum or an officer; or anybody by name; or nobody.</param>
    internal sealed record Command(Guid MeetingId, ItemKind? Kind, string? Title, string? Detail, Guid? LeadId, string? LeadName, int? Minutes, Guid? ThemeId) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Kind).NotNull().WithMessage("Select what the item is for").IsInEnum().WithMessage("Select what the item is for");
            RuleFor(c => c.Title).NotEmpty().WithMessage("Enter what the item is called").MaximumLength(200).WithMessage("What the item is called must be 200 characters or fewer");
            RuleFor(c => c.Detail).MaximumLength(1000).WithMessage("The detail must be 1,000 characters or fewer");
            RuleFor(c => c.LeadName).MaximumLength(200).WithMessage("The name of who leads it must be 200 characters or fewer")
                .Must((c, name) => c.LeadId is null || string.IsNullOrWhiteSpace(name)).WithMessage("Select who leads it or enter a name, not both");
            RuleFor(c => c.Minutes).InclusiveBetween(1, 600).WithMessage("The minutes must be between 1 and 600");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_AgendaItem (Id, MeetingId, Number, Kind, Title, Detail, LeadId, LeadName, Minutes, ThemeId, State, DeclineReason)
            SELECT @Id, @MeetingId, COALESCE((SELECT MAX(i.Number) FROM forums_AgendaItem i WHERE i.MeetingId = @MeetingId), 0) + 1, @Kind, @Title, @Detail, @LeadId, @LeadName, @Minutes, @ThemeId, 'Accepted', ''
            WHERE (@ThemeId IS NULL OR EXISTS (SELECT 1 FROM forums_Theme t WHERE t.Id = @ThemeId AND t.AuthorityId = @AuthorityId AND t.EndedAt IS NULL))
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (await ForumPeople.Named(db, mediator, meeting.SeriesId, meeting.AuthorityId, request.LeadId, request.LeadName, cancellationToken) is not { } lead)
                return Outcome.Invalid(nameof(request.LeadId), "Select a member of the forum or an officer");
            var id = Ids.New(clock);
            return await db.Execute(Insert, new {
                Id = id, request.MeetingId, Kind = request.Kind!.Value.ToString(), Title = request.Title!.Trim(), Detail = request.Detail?.Trim() ?? "", LeadId = lead.Id, LeadName = lead.Name, request.Minutes, request.ThemeId, meeting.AuthorityId,
            }, cancellationToken) == 1 ? id : Outcome.Invalid(nameof(request.ThemeId), "Select one of your authority's themes");
        }
    }

    internal sealed record Body(ItemKind? Kind, string? Title, string? Detail, Guid? LeadId, string? LeadName, int? Minutes, Guid? ThemeId);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/agenda", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Kind, body.Title, body.Detail, body.LeadId, body.LeadName, body.Minutes, body.ThemeId), ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{id}/agenda", new { id = made })))
        .WithName("AddAgendaItem").WithSummary("Puts an item on the agenda of a meeting: kind is Learning, OpenDialogue or Business; led by a member or officer (leadId) or anybody by name.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
