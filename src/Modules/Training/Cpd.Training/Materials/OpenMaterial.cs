using Cpd.Platform.Data;
using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.Training.Materials;

/// <summary>A file of a session, for whoever is booked at it, its trainer, and officers of its authority.</summary>
internal static class OpenMaterial {
    internal sealed record Query(Guid Id) : IRequest<Outcome<KeptFile>>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<KeptFile>> {
        const string Select = """
            SELECT m.FileName, m.Size
            FROM training_Material m
            JOIN training_Session s ON s.Id = m.SessionId
            WHERE m.Id = @Id AND m.FileName IS NOT NULL AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self
                OR EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = m.SessionId AND b.PersonId = @Me AND b.State = 'Booked'))
            """;
        const string SelectPart = "SELECT Content FROM training_MaterialPart WHERE MaterialId = @Id AND Number = @Number";

        public async Task<Outcome<KeptFile>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepMaterials);
            return await db.One<Row>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty, Me = me.PersonId }, cancellationToken) is { } row
                ? new KeptFile(row.FileName, row.Size, SentFile.Join(number => db.One<string>(SelectPart, new { request.Id, Number = number }, cancellationToken), cancellationToken)) : Outcome.NotFound;
        }

        sealed record Row {
            public string FileName { get; init; } = "";
            public int Size { get; init; }
        }
    }
}
