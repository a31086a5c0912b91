using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Newsletters;

/// <summary>An officer sends a newsletter to themselves, the way it would go to everyone, to see it in their own mail program.</summary>
internal static class TestNewsletter {
    internal sealed record Command(Guid Id) : IRequest<Outcome<string>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<string>> {
        const string SelectEmail = "SELECT Email FROM people_Person WHERE Id = @PersonId";

        public async Task<Outcome<string>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Newsletter>(Newsletter.Select, Newsletter.Reach(me, db, new { request.Id }), cancellationToken) is not { } newsletter) return Outcome.NotFound;
            if (newsletter.Words.Length == 0) return Outcome.Conflict("Write and save the newsletter first.");
            if (await db.One<string>(SelectEmail, new { me.PersonId }, cancellationToken) is not { } email) return Outcome.Conflict("You have no email address here to send it to.");
            var letter = newsletter.To(email, me.Name);
            await mailbox.Add(new Mail(Newsletter.Kind, Ids.New(clock), letter with { Subject = $"Test: {letter.Subject}" }) {
                PersonId = me.PersonId, AuthorityId = newsletter.AuthorityId, Priority = MessagePriority.Awaited, GoodUntil = clock.GetUtcNow().UtcDateTime.AddHours(1),
            }, cancellationToken);
            return email;
        }
    }
}
