using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.Platform.Calendars;

/// <summary>A person's secret address. Times are UTC.</summary>
public sealed record CalendarFeedRow {
    public Guid Id { get; init; }
    public Guid PersonId { get; init; }
    public DateTime MadeAt { get; init; }
    /// <summary>What stood there when it was last read, as a hash; null before the first time.</summary>
    public byte[]? ContentHash { get; init; }
    /// <summary>Since when it has stood there, to the second.</summary>
    public DateTime? ContentAt { get; init; }
    /// <summary>When it was last read, within the hour.</summary>
    public DateTime? ReadAt { get; init; }
}

/// <summary>The addresses at which people's calendars are read: at most one a person works. Only hashes of the secrets are kept.</summary>
public sealed class CalendarFeeds(Db db, TimeProvider clock) {
    const string EndAll = "UPDATE platform_CalendarFeed SET EndedAt = @Now WHERE PersonId = @PersonId AND EndedAt IS NULL";
    const string Insert = "INSERT INTO platform_CalendarFeed (Id, PersonId, SecretHash, MadeAt) VALUES (@Id, @PersonId, @SecretHash, @Now)";
    const string SelectOf = "SELECT Id, PersonId, MadeAt, ContentHash, ContentAt, ReadAt FROM platform_CalendarFeed WHERE PersonId = @PersonId AND EndedAt IS NULL";
    const string SelectBySecret = "SELECT Id, PersonId, MadeAt, ContentHash, ContentAt, ReadAt FROM platform_CalendarFeed WHERE SecretHash = @SecretHash AND EndedAt IS NULL";
    const string MarkRead = "UPDATE platform_CalendarFeed SET ReadAt = @Now, ContentHash = @Hash, ContentAt = @At WHERE Id = @Id";

    /// <summary>Makes a new address and gives its secret, known only here; the one before stops working. In the caller's transaction.</summary>
    public async Task<string> Make(Guid personId, CancellationToken ct) {
        await End(personId, ct);
        var secret = Codes.Secret();
        await db.Execute(Insert, new { Id = Ids.New(clock), PersonId = personId, SecretHash = Codes.Hash(secret), Now = clock.GetUtcNow().UtcDateTime }, ct);
        return secret;
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> End(Guid personId, CancellationToken ct) => await db.Execute(EndAll, new { PersonId = personId, Now = clock.GetUtcNow().UtcDateTime }, ct) > 0;

    public Task<CalendarFeedRow?> Of(Guid personId, CancellationToken ct) => db.One<CalendarFeedRow>(SelectOf, new { PersonId = personId }, ct);

    /// <summary>Null for a secret that is wrong or has ended.</summary>
    public Task<CalendarFeedRow?> Find(string secret, CancellationToken ct) => db.One<CalendarFeedRow>(SelectBySecret, new { SecretHash = Codes.Hash(secret) }, ct);

    /// <summary>Notes that it was read and what stood there; gives since when that has stood there. Writes when it changed, or once an hour.</summary>
    public async Task<DateTime> Read(CalendarFeedRow feed, byte[] hash, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var same = feed.ContentHash is { } known && known.AsSpan().SequenceEqual(hash);
        // HTTP knows whole seconds: a second change within one counts as the next second's, so that it is never taken for the first.
        var second = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        var at = same ? feed.ContentAt!.Value : second > feed.ContentAt.GetValueOrDefault() ? second : feed.ContentAt!.Value.AddSeconds(1);
        if (!same || feed.ReadAt is null || feed.ReadAt < now.AddHours(-1)) await db.Write(() => db.Execute(MarkRead, new { feed.Id, Now = now, Hash = hash, At = at }, ct), ct);
        return at;
    }
}
