using Cpd.Placements.Reminders;
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

/// <summary>A missed slot is made good at another time that is free; of two who want the last room, one is told to choose again.</summary>
internal static class RescheduleSlot {
    /// <param name="Choice">One of the options of <see cref="FindFree"/>.</param>
    internal sealed record Command(Guid SlotId, string? Choice) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Choice).NotEmpty().WithMessage("Select another time");
    }

    internal sealed class Handler(Db db, IMediator mediator, SlotNews news, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, ProjectId, SupervisorId, OnDay, DayPart, StartsAt, EndsAt, Minutes, Kind, Pinned, State, RescheduledFrom, Hours, Revision, Version)
            SELECT @Id, t.ProgrammeId, t.CohortId, t.StudentId, t.ProjectId, @SupervisorId, @Day, @DayPart, @StartsAt, @EndsAt, t.Minutes, t.Kind, 1, 'Published', t.Id, 'None', 0, 1
            FROM placements_Slot t WHERE t.Id = @SlotId AND t.State = 'Missed'
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenSlot.Query(request.SlotId), cancellationToken);
            if (opened.Refusal is { } unseen) return unseen;
            await db.Execute(Slot.Hold, new { opened.Value.ProgrammeId }, cancellationToken);
            var found = await mediator.Send(new FindFree.Query(request.SlotId), cancellationToken);
            if (found.Refusal is { } refusal) return refusal;
            if (found.Value.Options.FirstOrDefault(o => o.Value == request.Choice) is not { } option) return Outcome.Conflict("That time is not free any more. Select another.");
            var id = Ids.New(clock);
            try {
                await db.Execute(Insert, new { Id = id, request.SlotId, option.SupervisorId, option.Day, option.DayPart, option.StartsAt, option.EndsAt }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("That time is not free any more. Select another.");
            }
            await news.Tell([id], cancellationToken);
            return id;
        }
    }

    internal sealed record Body(string? Choice);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/slots/{id:guid}/again", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Choice), ct)).ToHttp(made => Results.Created($"/api/v1/placements/slots/{id}/again", new { id = made })))
        .WithName("ReschedulePlacementSlot").WithSummary("Makes a missed slot good at one of the times that are free, by its value. The student, the supervisor and the host are told.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SignHours);
}
