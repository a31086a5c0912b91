using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Timetables;

/// <summary>An officer throws the draft of a timetable away; what is published stays as it is. That there was one is kept, so that the next has another version and nobody takes it for this one.</summary>
internal static class DiscardDraft {
    internal sealed record Command(Guid CohortId, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT c.Id FROM placements_Cohort c JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE c.Id = @CohortId AND {Within.Programmes}";
        const string Discard = "UPDATE placements_Timetable SET State = 'Replaced', Version = Version + 1 WHERE CohortId = @CohortId AND State = 'Draft' AND Version = @Version";
        const string DeleteSlots = "DELETE FROM placements_Slot WHERE CohortId = @CohortId AND State = 'Draft'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), request), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Discard, request, cancellationToken) == 0) return Outcome.Conflict(KeepTimetable.Changed);
            await db.Execute(DeleteSlots, request, cancellationToken);
            return Outcome.Done;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/placements/cohorts/{id:guid}/timetable/draft", async (Guid id, int? version, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, version ?? 0), ct)).ToHttp())
        .WithName("DiscardPlacementTimetable").WithSummary("Throws the draft of a cohort's timetable away, of the version that you have seen; what is published stays.")
        .Produces(204).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
