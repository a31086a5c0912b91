using Cpd.People.Access;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>Whoever holds a live link sets the password of its account. The link is then used up, every session of the account ends and its delays are forgotten.</summary>
internal static class SetPassword {
    internal sealed record Query(string Secret) : IRequest<Outcome<View>>;

    internal sealed record View(LinkKind Kind, string Email);

    // Not an IWrite: nothing may hold a transaction while the password is hashed.
    internal sealed record Command(string Secret, string? Password) : IRequest<Outcome<Done>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Password).Custom((password, context) => {
            if (Passwords.Problem(password) is { } problem) context.AddFailure(problem);
        });
    }

    const string SelectLive = """
        SELECT l.AccountId, l.Kind, a.EmailKey, p.Name, p.Email
        FROM people_AccountLink l
        JOIN people_Account a ON a.Id = l.AccountId AND a.State <> 'Disabled'
        JOIN people_Person p ON p.Id = a.PersonId
        WHERE l.SecretHash = @SecretHash AND l.ExpiresAt > @Now
        """;

    internal sealed class Reader(Db db, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await db.One<Row>(SelectLive, new { SecretHash = Codes.Hash(request.Secret), Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) is { } row
                ? new View(row.Kind, row.Email ?? row.EmailKey) : Outcome.NotFound;
    }

    internal sealed class Handler(Db db, Passwords passwords, Mailbox mailbox, Site site, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string UseUp = "DELETE FROM people_AccountLink WHERE SecretHash = @SecretHash AND ExpiresAt > @Now";
        const string Update = "UPDATE people_Account SET PasswordHash = @PasswordHash, State = 'Active' WHERE Id = @AccountId AND State <> 'Disabled'";
        const string EndSessions = "DELETE FROM people_Session WHERE AccountId = @AccountId";
        const string ForgetDelays = "DELETE FROM people_SignInDelay WHERE EmailHash = @EmailHash";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var link = new { SecretHash = Codes.Hash(request.Secret), Now = clock.GetUtcNow().UtcDateTime };
            // Known first, so that a made-up link costs no hashing.
            if (await db.One<Row>(SelectLive, link, cancellationToken) is not { } account) return Outcome.NotFound;
            var hash = passwords.Hash(request.Password!);
            return await db.Write(async () => {
                if (await db.Execute(UseUp, link, cancellationToken) == 0) return Outcome.NotFound;
                if (await db.Execute(Update, new { account.AccountId, PasswordHash = hash }, cancellationToken) == 0) return Outcome.NotFound;
                await db.Execute(EndSessions, new { account.AccountId }, cancellationToken);
                await db.Execute(ForgetDelays, new { EmailHash = Codes.Hash(account.EmailKey) }, cancellationToken);
                if (account.Kind == LinkKind.Reset && account.Email is not null)
                    await mailbox.Add(new Mail(AccountLetters.PasswordChangedKind, Ids.New(clock), AccountLetters.PasswordChanged(account.Email, account.Name, site.Absolute(PeopleLinks.ForgotPassword))), cancellationToken);
                return Outcome.Done;
            }, outcome => outcome.Refusal is null, cancellationToken);
        }
    }

    sealed record Row {
        public Guid AccountId { get; init; }
        public LinkKind Kind { get; init; }
        public string EmailKey { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Email { get; init; }
    }
}
