using Cpd.Platform.Data;

namespace Cpd.Platform.Messages;

/// <summary>
/// Email addresses that do not exist, as a mail server or a provider has said for good. It is the address that is dead and not the person: another address is not, and
/// one that takes a message again is not any more.
/// </summary>
public sealed class DeadAddresses(Db db, TimeProvider clock) {
    const int Batch = 500;
    const string Insert = """
        INSERT INTO platform_DeadAddress (AddressKey, FoundAt)
        SELECT @Key, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_DeadAddress WHERE AddressKey = @Key)
        """;
    const string Delete = "DELETE FROM platform_DeadAddress WHERE AddressKey IN @Keys";
    const string Select = "SELECT AddressKey FROM platform_DeadAddress WHERE AddressKey IN @Keys";

    /// <summary>Those of these addresses to which messages can't be delivered, in the form in which they were given.</summary>
    public async Task<IReadOnlySet<string>> Among(IEnumerable<string> addresses, CancellationToken ct) {
        var asked = addresses.ToLookup(Key);
        var dead = new HashSet<string>();
        foreach (var keys in asked.Select(a => a.Key).Chunk(Batch)) foreach (var key in await db.List<string>(Select, new { Keys = keys }, ct)) dead.UnionWith(asked[key]);
        return dead;
    }

    /// <summary>In the caller's transaction.</summary>
    internal Task Add(IEnumerable<string> addresses, CancellationToken ct) => db.Execute(Insert, addresses.Select(Key).Distinct().Select(key => new { Key = key, Now = clock.GetUtcNow().UtcDateTime }).ToList(), ct);

    /// <summary>They have taken a message. In the caller's transaction.</summary>
    internal async Task Remove(IEnumerable<string> addresses, CancellationToken ct) {
        foreach (var keys in addresses.Select(Key).Distinct().Chunk(Batch)) await db.Execute(Delete, new { Keys = keys }, ct);
    }

    static string Key(string address) => address.Trim().ToLowerInvariant();
}
