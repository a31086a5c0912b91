using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer stops a newsletter that is on its way: what has not gone out does not.</summary>
internal static class StopNewsletter {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Claim = "UPDATE people_Newsletter SET State = 'Cancelled', Version = Version + 1 WHERE Id = @Id AND State = 'Sent' AND (@All = 1 OR AuthorityId IN @Authorities)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.Execute(Claim, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) == 0)
                return await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is null ? Outcome.NotFound : Outcome.Conflict("It is not on its way.");
            await mailbox.WithdrawAllAbout([request.Id], [Newsletter.Kind.Name], "The newsletter was stopped", cancellationToken);
            return Outcome.Done;
        }
    }
}
