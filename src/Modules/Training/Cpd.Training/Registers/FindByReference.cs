using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>Which register a booking's reference belongs to, for whoever keeps it: what any phone's camera opens from the code on a confirmation.</summary>
internal static class FindByReference {
    internal sealed record Query(string Reference) : IRequest<Outcome<Found>>;

    internal sealed record Found {
        public Guid SessionId { get; init; }
        public string Reference { get; init; } = "";
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<Found>> {
        const string Select = """
            SELECT b.SessionId, b.Reference
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.Reference = @Reference AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;

        public async Task<Outcome<Found>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            return await db.One<Found>(Select, new { Reference = Codes.Normalise(request.Reference), All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, cancellationToken) is { } found ? found : Outcome.NotFound;
        }
    }
}
