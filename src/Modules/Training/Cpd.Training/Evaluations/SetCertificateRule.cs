using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Registers;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>
/// An officer says that a session's certificates are given only after the evaluation. It can be said until the register is closed, and taken back
/// at any time: whoever waits for a certificate then gets it.
/// </summary>
internal static class SetCertificateRule {
    internal sealed record Command(Guid SessionId, bool AfterEvaluation) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Allotment allotment, Retelling retelling, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Find = "SELECT COUNT(*) FROM training_Session WHERE Id = @SessionId AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Begin = "UPDATE training_Session SET CertificateAfterEvaluation = 1 WHERE Id = @SessionId AND RegisterClosedAt IS NULL";
        const string End = "UPDATE training_Session SET CertificateAfterEvaluation = 0 WHERE Id = @SessionId AND CertificateAfterEvaluation = 1";
        const string SelectWaiting = "SELECT BookingId FROM training_Evaluation WHERE SessionId = @SessionId AND Answered = 0 AND WithdrawnAt IS NULL ORDER BY BookingId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (await db.One<int>(Find, new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) == 0) return Outcome.NotFound;
            await allotment.Lock(request.SessionId, cancellationToken);
            if (request.AfterEvaluation) return await db.Execute(Begin, request, cancellationToken) == 1 ? Outcome.Done : Outcome.Conflict("The register is closed and the certificates have been issued, so they can no longer wait for the evaluation.");
            if (await db.Execute(End, request, cancellationToken) == 1) await retelling.Again(await db.List<Guid>(SelectWaiting, request, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(bool AfterEvaluation);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/sessions/{id:guid}/certificate-rule", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.AfterEvaluation), ct)).ToHttp())
        .WithName("SetCertificateRule").WithSummary("Says whether the certificates of a session are issued only once a person has answered its evaluation. To be said before the register is closed; taken back at any time.")
        .Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.ManageCourses);
}
