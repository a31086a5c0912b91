using Cpd.Platform.Data;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Answers;

/// <summary>Answers whose certificates wait: those of sessions that give them only after the evaluation, until the person has answered.</summary>
internal static class AnswerWaitingCertificates {
    internal sealed class Handler(Db db) : IRequestHandler<FindWaitingCertificates, IReadOnlyList<Guid>> {
        const string Select = """
            SELECT b.Id
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            WHERE b.Id IN @Ids AND s.CertificateAfterEvaluation = 1 AND NOT EXISTS (SELECT 1 FROM training_Evaluation e WHERE e.BookingId = b.Id AND e.PersonId = b.PersonId AND e.Answered = 1)
            """;

        public Task<IReadOnlyList<Guid>> Handle(FindWaitingCertificates request, CancellationToken cancellationToken) => db.List<Guid>(Select, new { Ids = db.Ids(request.BookingIds) }, cancellationToken);
    }
}
