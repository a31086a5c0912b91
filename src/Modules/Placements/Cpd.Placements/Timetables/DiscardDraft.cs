using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Placements.Timetables;

/// <summary>An officer throws the draft of a timetable away; what is published stays as it is.</summary>
internal static class DiscardDraft {
    internal sealed record Command(Guid CohortId, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT c.Id FROM placements_Cohort c JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE c.Id = @CohortId AND {Within.Programmes}";
        const string Mark = "UPDATE placements_Timetable SET Version = Version + 1 WHERE CohortId = @CohortId AND State = 'Draft' AND Version = @Version";
        const string DeleteSlots = "DELETE FROM placements_Slot WHERE CohortId = @CohortId AND State = 'Draft'";
        const string Delete = "DELETE FROM placements_Timetable WHERE CohortId = @CohortId AND State = 'Draft'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), request), cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Mark, request, cancellationToken) == 0) return Outcome.Conflict(KeepTimetable.Changed);
            await db.Execute(DeleteSlots, request, cancellationToken);
            await db.Execute(Delete, request, cancellationToken);
            return Outcome.Done;
        }
    }
}
