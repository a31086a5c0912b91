using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer who has seen to how many people a newsletter goes sends it. It is one round, which becomes a message for each of them and yields to all other messages.</summary>
internal static class SendNewsletter {
    /// <param name="Version">Of what the officer has seen.</param>
    internal sealed record Command(Guid Id, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, Audience audience, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        // Of two officers who send it at once, one does.
        const string Claim = """
            UPDATE people_Newsletter SET State = 'Sent', SentAt = @Now, SentBy = @PersonId, Version = Version + 1
            WHERE Id = @Id AND State = 'Draft' AND Version = @Version AND (@All = 1 OR AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is not { } newsletter) return Outcome.NotFound;
            if (newsletter.Words.Length == 0 || (await audience.Count(newsletter, cancellationToken)).WithAddress == 0) return Outcome.Conflict("There is nobody to send it to. Change who gets it.");
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Claim, Newsletter.Reach(me, db, new { request.Id, request.Version, Now = now, me.PersonId }), cancellationToken) == 0)
                return Outcome.Conflict("Somebody else has changed or sent this newsletter meanwhile. Open it again.");
            await mailbox.Plan([new Planned(Newsletter.Kind.Name, request.Id, request.Id, Planned.Everyone, now) { AuthorityId = newsletter.AuthorityId, Priority = MessagePriority.Bulk }], cancellationToken);
            return Outcome.Done;
        }
    }
}
