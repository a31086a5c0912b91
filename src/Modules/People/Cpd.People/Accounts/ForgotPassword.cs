using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>Somebody asks for a link to choose a new password. Known and unknown addresses get the same answer after the same work; the link is made and sent afterwards.</summary>
internal static class ForgotPassword {
    internal sealed record Command(string? Email) : IRequest<Outcome<Done>>, IWrite;

    /// <summary>A new password was asked for. The account is empty when the address has none.</summary>
    internal sealed record NewPasswordAsked(Guid? AccountId) : IEvent;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Email).NotEmpty().WithMessage("Enter your email address")
                .MaximumLength(320).WithMessage("Email address must be 320 characters or fewer")
                .Matches(EmailShape.Pattern).WithMessage("Enter an email address in the correct format, like name@example.com");
        }
    }

    internal sealed class Handler(Db db, Outbox outbox) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectAccount = "SELECT Id FROM people_Account WHERE EmailKey = @EmailKey AND State <> 'Disabled'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var account = await db.One<Guid?>(SelectAccount, new { EmailKey = NameKey.OfEmail(request.Email!) }, cancellationToken);
            await outbox.Add(new NewPasswordAsked(account), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed class WhenNewPasswordAsked(Db db, AccountLink links, Mailbox mailbox, TimeProvider clock) : Reaction<NewPasswordAsked>(db, clock) {
        readonly Db db = db;
        readonly TimeProvider clock = clock;
        // A link made within the last minute is left alone: pressing twice must not spoil the first mail, nor a stranger flood somebody's mailbox.
        const string SelectAccount = """
            SELECT p.Name, p.Email
            FROM people_Account a
            JOIN people_Person p ON p.Id = a.PersonId
            WHERE a.Id = @AccountId AND a.State <> 'Disabled' AND p.Email IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM people_AccountLink l WHERE l.AccountId = a.Id AND l.Kind = 'Reset' AND l.CreatedAt > @Recently)
            """;

        protected override async Task React(NewPasswordAsked happened, CancellationToken ct) {
            if (happened.AccountId is not { } accountId) return;
            var person = await db.One<Row>(SelectAccount, new { AccountId = accountId, Recently = clock.GetUtcNow().UtcDateTime.AddMinutes(-1) }, ct);
            if (person is null) return;
            var address = await links.New(accountId, LinkKind.Reset, ct);
            await mailbox.Add(new Mail(AccountLetters.NewPasswordKind, Ids.New(clock), AccountLetters.NewPassword(person.Email, person.Name, address)) { Priority = MessagePriority.Awaited, GoodUntil = clock.GetUtcNow().UtcDateTime + AccountLink.Lifetime(LinkKind.Reset) }, ct);
        }

        sealed record Row {
            public string Name { get; init; } = "";
            public string Email { get; init; } = "";
        }
    }
}
