using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer throws a draft away. What has been sent stays on record.</summary>
internal static class DiscardNewsletter {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Claim = "UPDATE people_Newsletter SET State = 'Cancelled' WHERE Id = @Id AND State = 'Draft' AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Clear = "DELETE FROM people_NewsletterAudience WHERE NewsletterId = @Id";
        const string Delete = "DELETE FROM people_Newsletter WHERE Id = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.Execute(Claim, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) == 0)
                return await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is null ? Outcome.NotFound : Outcome.Conflict("It has been sent already. You can stop what has not gone out yet.");
            await db.Execute(Clear, request, cancellationToken);
            await db.Execute(Delete, request, cancellationToken);
            return Outcome.Done;
        }
    }
}
