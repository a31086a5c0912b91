using Cpd.Accreditation.StaffRecords;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation.Certificates;

/// <summary>A certificate in full: for the learner, a manager where they work, the training provider that ran the course and its accreditor.</summary>
internal static class OpenCertificate {
    internal sealed record Query(string Number) : IRequest<Outcome<View>>;

    /// <param name="CheckAt">Where anyone can check it, on this service.</param>
    internal sealed record View(string Number, CertificateStatus Status, Guid PersonId, string LearnerName, Guid CourseId, string CourseTitle, string LearningOutcomes, CourseMode Mode,
        DateTime StartsAt, DateTime EndsAt, int Minutes, int ParticipatoryMinutes, string? TrainerName, string IssuerName, string? AccreditorName, string? AccreditationReference,
        DateTime IssuedAt, DateOnly? ValidUntil, DateTime? RevokedAt, string? RevokedReason, string? ReplacedBy, string CheckAt);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = IssueCertificate.Columns + "WHERE Number = @Number";
        const string SelectNumber = "SELECT Number FROM accreditation_Certificate WHERE Id = @Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var number = Codes.Normalise(request.Number);
            if (await db.One<Certificate>(Select, new { Number = number }, cancellationToken) is not { } found || !await IsInReach(found, cancellationToken)) return Outcome.NotFound;
            var replacedBy = found.ReplacedBy is { } next ? await db.One<string>(SelectNumber, new { Id = next }, cancellationToken) : null;
            return new View(found.Number, found.On(London.Today(clock)), found.PersonId, found.LearnerName, found.CourseId, found.CourseTitle, found.LearningOutcomes, found.Mode,
                found.StartsAt, found.EndsAt, found.Minutes, found.ParticipatoryMinutes, found.TrainerName, found.IssuerName, found.AccreditorName, found.AccreditationReference,
                found.IssuedAt, found.ValidUntil, found.RevokedAt, found.RevokedReason, replacedBy, AccreditationLinks.CheckNumber(found.Number));
        }

        async Task<bool> IsInReach(Certificate certificate, CancellationToken ct) {
            if (certificate.PersonId == me.PersonId) return true;
            var reach = me.Reach(AccreditationPermissions.SeeCertificates);
            return reach.All
                || certificate.TrainingProviderId is { } provider && reach.TrainingProviders.Contains(provider)
                || certificate.AccreditorId is { } accreditor && reach.Accreditors.Contains(accreditor)
                || await OwnStaff.LastDayOf(mediator, reach.Settings, certificate.PersonId, ct) >= certificate.HappenedOn;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/certificates/{number}", async (string number, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(number), ct)).ToHttp())
        .WithName("OpenCertificate").WithSummary("A certificate in full, for its learner, their manager, the training provider and the accreditor. Times are UTC.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(404)
        .Requires(AccreditationPermissions.KeepOwnRecord);
}
