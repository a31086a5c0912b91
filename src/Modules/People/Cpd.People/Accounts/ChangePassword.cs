using Cpd.People.Access;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>A person changes their own password, knowing the old one. All their other sessions end.</summary>
internal static class ChangePassword {
    // Not an IWrite: nothing may hold a transaction while passwords are hashed.
    internal sealed record Command(string? CurrentPassword, string? NewPassword, Guid SessionId) : IRequest<Outcome<Done>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.CurrentPassword).NotEmpty().WithMessage("Enter your current password").MaximumLength(Passwords.Longest).WithMessage($"Password must be {Passwords.Longest} characters or fewer");
            RuleFor(c => c.NewPassword).Custom((password, context) => {
                if (Passwords.Problem(password) is { } problem) context.AddFailure(problem);
            });
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, Passwords passwords, Mailbox mailbox, Site site, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT a.Id, a.PasswordHash, p.Name, p.Email
            FROM people_Account a
            JOIN people_Person p ON p.Id = a.PersonId
            WHERE a.PersonId = @PersonId AND a.State = 'Active'
            """;
        // The old hash is the guard: of two changes at once only one counts.
        const string Update = "UPDATE people_Account SET PasswordHash = @PasswordHash WHERE Id = @Id AND PasswordHash = @Old";
        const string EndOthers = "DELETE FROM people_Session WHERE AccountId = @Id AND Id <> @SessionId";
        const string EndLink = "DELETE FROM people_AccountLink WHERE AccountId = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, new { me.PersonId }, cancellationToken) is not { } account) return Outcome.NotFound;
            if (!passwords.Verify(account.PasswordHash, request.CurrentPassword!))
                return Outcome.Invalid(nameof(Command.CurrentPassword), "Your current password is not right");
            var change = new { account.Id, Old = account.PasswordHash, PasswordHash = passwords.Hash(request.NewPassword!), request.SessionId };
            return await db.Write(async () => {
                if (await db.Execute(Update, change, cancellationToken) == 0) return Outcome.Conflict("Your password was changed somewhere else at the same moment. Sign in again.");
                await db.Execute(EndOthers, change, cancellationToken);
                await db.Execute(EndLink, change, cancellationToken);
                if (account.Email is not null) await mailbox.Add(new Mail(AccountLetters.PasswordChangedKind, Ids.New(clock), AccountLetters.PasswordChanged(account.Email, account.Name, site.Absolute(PeopleLinks.ForgotPassword))), cancellationToken);
                return Outcome.Done;
            }, outcome => outcome.Refusal is null, cancellationToken);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string? PasswordHash { get; init; }
            public string Name { get; init; } = "";
            public string? Email { get; init; }
        }
    }
}
