using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Accreditation.Certificates;

/// <summary>Anyone who holds a certificate's number may check it, and sees only what they must: initials, course, date, hours, who stands for it, and whether it is valid.</summary>
internal static class CheckCertificate {
    internal sealed record Query(string Number) : IRequest<Outcome<View>>;

    internal sealed record View(string Number, CertificateStatus Status, string Initials, string CourseTitle, DateOnly HappenedOn, int Minutes, string IssuerName, string? AccreditorName);

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = IssueCertificate.Columns + "WHERE Number = @Number";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<Certificate>(Select, new { Number = Codes.Normalise(request.Number) }, cancellationToken) is not { } found ? Outcome.NotFound
                : new View(found.Number, found.On(London.Today(clock)), Certificate.Initials(found.LearnerName), found.CourseTitle, found.HappenedOn, found.Minutes, found.IssuerName, found.AccreditorName);
    }
}
