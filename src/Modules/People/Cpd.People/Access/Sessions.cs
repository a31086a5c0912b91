using System.Data.Common;
using System.Security.Claims;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cpd.People.Access;

/// <summary>
/// Sign-ins live in the database: the cookie holds a key, and each request reads session, account and roles in one round trip. So
/// signing out, disabling an account or taking a role away works at once and on every host. Idle after 30 minutes, over after 12 hours.
/// </summary>
internal sealed class Sessions(IServiceScopeFactory scopes, IAuthenticationSchemeProvider schemes, TimeProvider clock, ILogger<Sessions> log) : ITicketStore {
    internal const string Scheme = "Session";
    internal const string AccountClaim = "account";
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    const string Insert = """
        INSERT INTO people_Session (Id, KeyHash, AccountId, StartedAt, SeenAt) VALUES (@Id, @KeyHash, @AccountId, @Now, @Now)
        """;
    const string SelectLive = """
        SELECT s.Id AS SessionId, s.SeenAt, s.StartedAt, a.Id AS AccountId, p.Id AS PersonId, p.Name, g.Role, g.Kind, g.OrganisationId
        FROM people_Session s
        JOIN people_Account a ON a.Id = s.AccountId AND a.State = 'Active'
        JOIN people_Person p ON p.Id = a.PersonId
        LEFT JOIN people_Grant g ON g.PersonId = p.Id AND g.EndedAt IS NULL
        WHERE s.KeyHash = @KeyHash AND s.SeenAt > @IdleSince AND s.StartedAt > @StartedAfter
        """;
    const string Touch = "UPDATE people_Session SET SeenAt = @Now WHERE Id = @Id AND SeenAt < @Now";
    const string Delete = "DELETE FROM people_Session WHERE KeyHash = @KeyHash";
    const string DeleteById = "DELETE FROM people_Session WHERE Id = @Id";

    /// <summary>Begins a session of an account, always with a new key. What this browser was signed in as before is over.</summary>
    internal async Task Begin(HttpContext context, Guid accountId) {
        if (Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var before))
            await InScope(async db => { await db.Write(() => db.Execute(DeleteById, new { Id = before }, default), default); return true; });
        // A handler of its own: the request's has read the old cookie, and would go on with its key and with whose session that was.
        var handler = await new AuthenticationHandlerProvider(schemes).GetHandlerAsync(context, Scheme);
        await ((IAuthenticationSignInHandler)handler!).SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(AccountClaim, accountId.ToString())], Scheme)), null);
    }

    public Task<string> StoreAsync(AuthenticationTicket ticket) => InScope(async db => {
        var key = Codes.Secret();
        var accountId = Guid.Parse(ticket.Principal.FindFirstValue(AccountClaim)!);
        await db.Write(() => db.Execute(Insert, new { Id = Ids.New(clock), KeyHash = Codes.Hash(key), AccountId = accountId, Now = Now }, default), default);
        return key;
    });

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => InScope(async db => {
        var rows = await db.List<Row>(SelectLive, new { KeyHash = Codes.Hash(key), IdleSince = Now - Idle, StartedAfter = Now - Longest }, default);
        if (rows.Count == 0) return null;
        var first = rows[0];
        // Once a minute is often enough to know that somebody is still there, and spares a write a page.
        if (Now - first.SeenAt > TimeSpan.FromMinutes(1)) await TouchSession(db, first.SessionId);
        var principal = CurrentUser.Principal(Scheme, first.SessionId.ToString(), first.PersonId, first.Name,
            rows.Where(r => r.Role is not null).Select(r => new Grant(r.Role!, r.Kind!, r.OrganisationId!.Value)));
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(AccountClaim, first.AccountId.ToString()));
        return new AuthenticationTicket(principal, new AuthenticationProperties(), Scheme);
    });

    async Task TouchSession(Db db, Guid id) {
        try {
            await db.Write(() => db.Execute(Touch, new { Id = id, Now }, default), default);
        } catch (DbException e) {
            // On a disk that is full people can still read what they came for; the next request tries again.
            log.LogWarning(e, "That somebody is still signed in could not be noted");
        }
    }

    // The roles are read anew at each request; there is nothing in a ticket to keep.
    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    public Task RemoveAsync(string key) => InScope(async db => {
        await db.Write(() => db.Execute(Delete, new { KeyHash = Codes.Hash(key) }, default), default);
        return true;
    });

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    async Task<T> InScope<T>(Func<Db, Task<T>> work) {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Db>());
    }

    sealed record Row {
        public Guid SessionId { get; init; }
        public DateTime SeenAt { get; init; }
        public DateTime StartedAt { get; init; }
        public Guid AccountId { get; init; }
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public string? Role { get; init; }
        public string? Kind { get; init; }
        public Guid? OrganisationId { get; init; }
    }
}
