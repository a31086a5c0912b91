using System.Text.Encodings.Web;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cpd.People.Access;

/// <summary>Signs programs in by the key in <c>Authorization: Bearer</c>. A key acts as one role that its person still holds; cookies count for nothing here, so forms of other sites can't use them.</summary>
internal sealed class ApiKeys(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Db db, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder) {
    internal new const string Scheme = "Key";

    const string SelectLive = """
        SELECT k.Id, k.PersonId, p.Name, k.Role, k.Kind, k.OrganisationId
        FROM people_ApiKey k
        JOIN people_Person p ON p.Id = k.PersonId
        JOIN people_Grant g ON g.PersonId = k.PersonId AND g.Role = k.Role AND g.OrganisationId = k.OrganisationId AND g.EndedAt IS NULL
        WHERE k.KeyHash = @KeyHash AND k.EndedAt IS NULL AND k.ExpiresAt > @Now
        """;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var key = Codes.Hash(header["Bearer ".Length..].Trim());
        var row = await db.One<Row>(SelectLive, new { KeyHash = key, Now = clock.GetUtcNow().UtcDateTime }, Context.RequestAborted);
        return row is null ? AuthenticateResult.Fail("The key is unknown, ended or expired.")
            : AuthenticateResult.Success(new AuthenticationTicket(CurrentUser.Principal(Scheme, row.Id.ToString(), row.PersonId, row.Name, [new Grant(row.Role, row.Kind, row.OrganisationId)]), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string Kind { get; init; } = "";
        public Guid OrganisationId { get; init; }
    }
}
