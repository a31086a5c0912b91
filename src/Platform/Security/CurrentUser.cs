using System.Security.Claims;
using System.Security.Cryptography;

namespace Cpd.Platform.Security;

/// <summary>A role held at an organisation. <paramref name="Kind"/> says what the organisation is; for roles without one it is empty.</summary>
public sealed record Grant(string Role, string Kind, Guid OrganisationId);

/// <summary>
/// Who asks, for this unit of work: a person signed in, a program with a key, or nobody. Scopes come from here and never from a
/// form. Its grants are read from the database at each request, so that a role taken away is gone at once.
/// </summary>
public sealed class CurrentUser(Matrix matrix) {
    public bool IsSignedIn { get; private set; }
    /// <summary>The person who asks; for a key, the person it was made for. Empty when nobody is signed in.</summary>
    public Guid PersonId { get; private set; }
    public string Name { get; private set; } = "";
    public IReadOnlyList<Grant> Grants { get; private set; } = [];

    public void Become(Guid personId, string name, IReadOnlyList<Grant> grants) =>
        (IsSignedIn, PersonId, Name, Grants) = (true, personId, name, grants);

    public bool May(string permission) => Grants.Any(g => matrix[g.Role, permission] != Scope.None);

    /// <summary>Whose data this user reaches by a permission, over all the roles they hold.</summary>
    public Reach Reach(string permission) {
        var reach = new Reach();
        foreach (var grant in Grants) {
            switch (matrix[grant.Role, permission]) {
                case Scope.All: reach.All = true; break;
                case Scope.Own: reach.Add(grant.Kind, grant.OrganisationId); break;
                case Scope.Self: reach.Self = PersonId; break;
                default: break;
            }
        }
        return reach;
    }

    public static ClaimsPrincipal Principal(string scheme, string sessionId, Guid personId, string name, IEnumerable<Grant> grants) => new(new ClaimsIdentity([
        new(ClaimTypes.NameIdentifier, sessionId), new("person", personId.ToString()), new(ClaimTypes.Name, name),
        .. grants.Select(g => new Claim("grant", $"{g.Role}|{g.Kind}|{g.OrganisationId}")),
    ], scheme));

    public void Become(ClaimsPrincipal principal) => Become(
        Guid.Parse(principal.FindFirstValue("person")!), principal.Identity!.Name!,
        [.. principal.FindAll("grant").Select(c => c.Value.Split('|')).Select(p => new Grant(p[0], p[1], Guid.Parse(p[2])))]);
}

/// <summary>
/// The rows a user reaches: everything, or those of these organisations, or their own. A query takes the parts that its table
/// knows, as in <c>(@All = 1 OR AuthorityId IN @Authorities OR PersonId = @Self)</c>; what is left empty matches nothing.
/// </summary>
public sealed class Reach {
    readonly List<(string Kind, Guid Id)> organisations = [];

    public bool All { get; internal set; }
    public Guid? Self { get; internal set; }
    internal void Add(string kind, Guid id) => organisations.Add((kind, id));

    /// <summary>The organisations of a kind that are reached; the kinds are People's (its OrganisationKind).</summary>
    public IReadOnlyList<Guid> Of(string kind) => [.. organisations.Where(o => o.Kind == kind).Select(o => o.Id)];
    public IReadOnlyList<Guid> Authorities => Of("Authority");
    public IReadOnlyList<Guid> Settings => Of("Setting");
    public IReadOnlyList<Guid> TrainingProviders => Of("TrainingProvider");
    public IReadOnlyList<Guid> Accreditors => Of("Accreditor");
    public IReadOnlyList<Guid> PlacementHosts => Of("PlacementHost");
    public IReadOnlyList<Guid> Institutions => Of("Institution");
}

/// <summary>Secrets and references that cannot be guessed.</summary>
public static class Codes {
    // Crockford's base 32: no I, L, O or U, so that what is read aloud or typed from paper is not mistaken.
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Random letters and digits in groups of four, for people to read: "7K3M-9QXT".</summary>
    public static string ForPeople(int groups) => string.Join('-', Enumerable.Range(0, groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4)));

    /// <summary>The same of bytes that are as good as random, one for each letter.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, int groups) {
        var letters = new char[4 * groups];
        for (var i = 0; i < letters.Length; i++) letters[i] = Alphabet[bytes[i] % Alphabet.Length];
        return string.Join('-', letters.Chunk(4).Select(c => new string(c)));
    }

    /// <summary>What someone typed, as <see cref="ForPeople"/> wrote it: upper case, look-alikes mended, the groups joined anew.</summary>
    public static string Normalise(string typed) {
        var letters = new string([.. typed.ToUpperInvariant().Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }).Where(Alphabet.Contains)]);
        return string.Join('-', letters.Chunk(4).Select(c => new string(c)));
    }

    /// <summary>A 256-bit secret for an address or a header.</summary>
    public static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret. A fast hash is right here: the secret is random and long.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret));
}
