using Cpd.People.Access;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Accounts;

/// <summary>Somebody signs in with address and password. A wrong password, an address without an account and a disabled account are answered alike, in the same time.</summary>
internal static class SignIn {
    // Not an IWrite: a refusal must not undo the count of attempts, and nothing may hold a transaction while the password is hashed.
    internal sealed record Command(string? Email, string? Password, string Network) : IRequest<Outcome<Guid>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Email).NotEmpty().WithMessage("Enter your email address").MaximumLength(320).WithMessage("Email address must be 320 characters or fewer");
            RuleFor(c => c.Password).NotEmpty().WithMessage("Enter your password").MaximumLength(Passwords.Longest).WithMessage($"Password must be {Passwords.Longest} characters or fewer");
        }
    }

    internal sealed class Handler(Db db, Passwords passwords, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string SelectDelay = "SELECT Failures, LastAt, DelayedUntil FROM people_SignInDelay WHERE EmailHash = @EmailHash AND Network = @Network";
        const string InsertDelay = """
            INSERT INTO people_SignInDelay (EmailHash, Network, Failures, LastAt, DelayedUntil)
            SELECT @EmailHash, @Network, @Failures, @Now, @Until
            WHERE NOT EXISTS (SELECT 1 FROM people_SignInDelay WHERE EmailHash = @EmailHash AND Network = @Network)
            """;
        const string CountAttempt = """
            UPDATE people_SignInDelay SET Failures = @Failures, LastAt = @Now, DelayedUntil = @Until
            WHERE EmailHash = @EmailHash AND Network = @Network AND Failures = @Known AND DelayedUntil <= @Now
            """;
        const string SelectAccount = "SELECT Id, PasswordHash FROM people_Account WHERE EmailKey = @EmailKey AND State = 'Active'";
        const string Forget = "DELETE FROM people_SignInDelay WHERE EmailHash = @EmailHash AND Network = @Network";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var email = NameKey.OfEmail(request.Email!);
            var from = (EmailHash: Codes.Hash(email), request.Network);
            if (await Count(from.EmailHash, from.Network, cancellationToken) is { } until) {
                var minutes = (int)Math.Ceiling((until - Now).TotalMinutes);
                return Outcome.Invalid("", $"There have been too many attempts to sign in with this email address. Wait {Show.Count(Math.Max(1, minutes), "minute")} and try again, or choose a new password.");
            }
            var account = await db.One<AccountRow>(SelectAccount, new { EmailKey = email }, cancellationToken);
            if (!passwords.Verify(account?.PasswordHash, request.Password!)) return Outcome.Invalid("", "The email address or password is wrong. Check them and try again.");
            await db.Write(() => db.Execute(Forget, new { from.EmailHash, from.Network }, cancellationToken), cancellationToken);
            return account!.Id;
        }

        /// <summary>Counts the attempt before the password is looked at, so that many at once gain nothing. Gives the end of the delay, if there is one.</summary>
        Task<DateTime?> Count(byte[] emailHash, string network, CancellationToken ct) => db.Write<DateTime?>(async () => {
            var known = await db.One<DelayRow>(SelectDelay, new { EmailHash = emailHash, Network = network }, ct);
            if (known is not null && known.DelayedUntil > Now) return known.DelayedUntil;
            var failures = known is null || known.LastAt < Now - SignInDelay.ForgottenAfter ? 1 : known.Failures + 1;
            var row = new { EmailHash = emailHash, Network = network, Failures = failures, Now, Until = Now + SignInDelay.After(failures), Known = known?.Failures };
            var counted = await db.Execute(known is null ? InsertDelay : CountAttempt, row, ct);
            // Another attempt of the same moment came first: this one waits its turn.
            return counted == 1 ? null : Now.AddSeconds(1);
        }, _ => true, ct);

        DateTime Now => clock.GetUtcNow().UtcDateTime is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)) : default;

        sealed record DelayRow {
            public int Failures { get; init; }
            public DateTime LastAt { get; init; }
            public DateTime DelayedUntil { get; init; }
        }

        sealed record AccountRow {
            public Guid Id { get; init; }
            public string? PasswordHash { get; init; }
        }
    }
}
