using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>An accreditor ends a course's accreditation: sessions from today on no longer carry it, what was certified before still does.</summary>
internal static class EndAccreditation {
    internal sealed record Command(Guid SchemeId, Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter the reason").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        // Ended once: a second attempt finds nothing to end.
        const string Update = """
            UPDATE accreditation_AccreditedCourse SET EndedOn = @Today, EndedReason = @Reason
            WHERE Id = @Id AND SchemeId = @SchemeId AND EndedOn IS NULL
              AND SchemeId IN (SELECT s.Id FROM accreditation_Scheme s WHERE @All = 1 OR s.AccreditorId IN @Accreditors)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            var ended = await db.Execute(Update, new {
                request.Id, request.SchemeId, Today = London.Today(clock), Reason = request.Reason!.Trim(), reach.All, Accreditors = db.Ids(reach.Accreditors),
            }, cancellationToken);
            return ended == 1 ? Outcome.Done : Outcome.NotFound;
        }
    }
}
