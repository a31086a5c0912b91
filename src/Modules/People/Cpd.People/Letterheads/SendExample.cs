using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Letterheads;

/// <summary>An officer sends an example of one kind of message to themselves, the way the real ones go, to see it in their own mail program.</summary>
internal static class SendExample {
    internal sealed record Command(Guid AuthorityId, string Kind) : IRequest<Outcome<string>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, LetterKinds kinds, Site site, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<string>> {
        const string SelectMine = "SELECT Email, Mobile FROM people_Person WHERE Id = @PersonId";

        public async Task<Outcome<string>> Handle(Command request, CancellationToken cancellationToken) {
            if (!me.MayWord(request.AuthorityId) || kinds.Find(request.Kind) is not { } kind) return Outcome.NotFound;
            var mine = await db.One<Row>(SelectMine, new { me.PersonId }, cancellationToken);
            if ((kind.IsText ? mine?.Mobile : mine?.Email) is not { } recipient)
                return Outcome.Conflict(kind.IsText ? "You have given no mobile number here to send it to. Give one under your account." : "You have no email address here to send it to.");
            var now = clock.GetUtcNow().UtcDateTime;
            var letter = kind.Example(new(recipient, me.Name, Specimen.Moment(now), site.Absolute));
            await mailbox.Add(new Mail(kind, Ids.New(clock), letter with { Subject = $"Test: {letter.Subject}" }) {
                PersonId = me.PersonId, AuthorityId = kind.IsOfNobody ? null : request.AuthorityId, Priority = MessagePriority.Awaited, GoodUntil = now.AddHours(1),
            }, cancellationToken);
            return recipient;
        }

        sealed record Row {
            public string? Email { get; init; }
            public string? Mobile { get; init; }
        }
    }
}
