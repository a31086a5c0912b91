using Cpd.Platform.Data;

namespace Cpd.Platform.Messages;

/// <summary>
/// Which kinds of message people do not want. It is asked when one is to be sent, and not when it is planned: who changes their mind gets the next. Only kinds that may be
/// refused are ever written here.
/// </summary>
public sealed class UnwantedMessages(Db db, TimeProvider clock) {
    const string Insert = """
        INSERT INTO platform_Unwanted (PersonId, Kind, SaidAt)
        SELECT @PersonId, @Kind, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_Unwanted WHERE PersonId = @PersonId AND Kind = @Kind)
        """;
    const string Delete = "DELETE FROM platform_Unwanted WHERE PersonId = @PersonId AND Kind = @Kind";
    const string SelectOf = "SELECT Kind FROM platform_Unwanted WHERE PersonId = @PersonId";
    const string SelectAmong = "SELECT PersonId, Kind FROM platform_Unwanted WHERE PersonId IN @People";

    /// <summary>The kinds that a person does not want.</summary>
    public Task<IReadOnlyList<string>> Of(Guid personId, CancellationToken ct) => db.List<string>(SelectOf, new { PersonId = personId }, ct);

    /// <summary>In the caller's transaction; twice is once.</summary>
    public Task Add(Guid personId, IEnumerable<string> kinds, CancellationToken ct) => db.Execute(Insert, Rows(personId, kinds), ct);

    /// <summary>In the caller's transaction.</summary>
    public Task Remove(Guid personId, IEnumerable<string> kinds, CancellationToken ct) => db.Execute(Delete, Rows(personId, kinds), ct);

    /// <summary>What these people do not want, at most a batch of them.</summary>
    internal async Task<IReadOnlySet<(Guid PersonId, string Kind)>> Among(IEnumerable<Guid> people, CancellationToken ct) =>
        (await db.List<Row>(SelectAmong, new { People = db.Ids(people) }, ct)).Select(r => (r.PersonId, r.Kind)).ToHashSet();

    List<Row> Rows(Guid personId, IEnumerable<string> kinds) => [.. kinds.Select(kind => new Row { PersonId = personId, Kind = kind, Now = clock.GetUtcNow().UtcDateTime })];

    sealed record Row {
        public Guid PersonId { get; init; }
        public string Kind { get; init; } = "";
        public DateTime Now { get; init; }
    }
}
