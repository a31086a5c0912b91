using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>A person changes an entry that they added; what came from a register only the register changes.</summary>
internal static class ChangeOwnEntry {
    internal sealed record Command(Guid Id, int Version, string? Title, string? Source, DateOnly? HappenedOn, int? Hours, int? Minutes, int? ParticipatoryHours,
        int? ParticipatoryMinutes, AgeRanges AgeRanges, CourseMode? Mode, string? Reflection, string? Evidence) : IOwnEntry, IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator(TimeProvider clock) : OwnEntryRules<Command>(clock);

    internal sealed class Handler(Db db, CurrentUser me, IMediator mediator) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE accreditation_Entry
            SET Title = @Title, Source = @Source, HappenedOn = @HappenedOn, Minutes = @Minutes, ParticipatoryMinutes = @ParticipatoryMinutes, AgeRanges = @AgeRanges,
                Mode = @Mode, Reflection = @Reflection, Evidence = @Evidence, Version = Version + 1
            WHERE Id = @Id AND PersonId = @Me AND CauseKind = 'Own' AND WithdrawnAt IS NULL AND Version = @Version
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var changed = await db.Execute(Update, new {
                request.Id, Me = me.PersonId, request.Version, Title = request.Title!.Trim(), Source = request.Source!.Trim(), request.HappenedOn, Minutes = (int)request.Total(),
                ParticipatoryMinutes = (int)request.Participatory(), request.AgeRanges, Mode = request.Mode.ToString(), Reflection = request.Reflection.Cut(), Evidence = request.Evidence.Cut(),
            }, cancellationToken);
            if (changed == 1) return Outcome.Done;
            var entry = await mediator.Send(new OpenEntry.Query(request.Id), cancellationToken);
            return entry.Refusal ?? (entry.Value.IsOwn ? Outcome.Conflict(Reflect.ChangedMeanwhile) : Outcome.NotFound);
        }
    }
}
