using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>A person adds something that they have learned from to their own record.</summary>
internal static class AddOwnEntry {
    internal sealed record Command(string? Title, string? Source, DateOnly? HappenedOn, int? Hours, int? Minutes, int? ParticipatoryHours, int? ParticipatoryMinutes,
        AgeRanges AgeRanges, CourseMode? Mode, string? Reflection, string? Evidence) : IOwnEntry, IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator(TimeProvider clock) : OwnEntryRules<Command>(clock);

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        // It is its own cause.
        const string Insert = """
            INSERT INTO accreditation_Entry (Id, PersonId, CauseKind, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode,
                Reflection, Evidence, RecordedAt, Version)
            VALUES (@Id, @Me, 'Own', @Id, 1, @Title, @Source, @HappenedOn, @Minutes, @ParticipatoryMinutes, @AgeRanges, @Mode, @Reflection, @Evidence, @Now, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var id = Ids.New(clock);
            await db.Execute(Insert, new {
                Id = id, Me = me.PersonId, Title = request.Title!.Trim(), Source = request.Source!.Trim(), request.HappenedOn, Minutes = (int)request.Total(),
                ParticipatoryMinutes = (int)request.Participatory(), request.AgeRanges, Mode = request.Mode.ToString(), Reflection = request.Reflection.Cut(),
                Evidence = request.Evidence.Cut(), Now = clock.GetUtcNow().UtcDateTime,
            }, cancellationToken);
            return id;
        }
    }
}
