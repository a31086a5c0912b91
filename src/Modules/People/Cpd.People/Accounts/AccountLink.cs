using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.People.Accounts;

internal enum LinkKind { Invitation, Reset }

/// <summary>The link with which a person sets their password. An account has one at most: a newer one takes the place of the older. Only a hash is kept.</summary>
internal sealed class AccountLink(Db db, Site site, TimeProvider clock) {
    const string Replace = """
        UPDATE people_AccountLink SET Kind = @Kind, SecretHash = @SecretHash, CreatedAt = @Now, ExpiresAt = @ExpiresAt WHERE AccountId = @AccountId
        """;
    const string Insert = """
        INSERT INTO people_AccountLink (AccountId, Kind, SecretHash, CreatedAt, ExpiresAt) VALUES (@AccountId, @Kind, @SecretHash, @Now, @ExpiresAt)
        """;

    /// <summary>Seven days to take up an invitation, one hour to choose a new password.</summary>
    internal static TimeSpan Lifetime(LinkKind kind) => kind == LinkKind.Invitation ? TimeSpan.FromDays(7) : TimeSpan.FromHours(1);

    /// <summary>Makes a link in the caller's transaction and gives its whole address, which is known only here.</summary>
    internal async Task<string> New(Guid accountId, LinkKind kind, CancellationToken ct) {
        var secret = Codes.Secret();
        var now = clock.GetUtcNow().UtcDateTime;
        var row = new { AccountId = accountId, Kind = kind.ToString(), SecretHash = Codes.Hash(secret), Now = now, ExpiresAt = now + Lifetime(kind) };
        if (await db.Execute(Replace, row, ct) == 0) await db.Execute(Insert, row, ct);
        return site.Absolute(PeopleLinks.SetPassword(secret));
    }
}
