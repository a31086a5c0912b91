using Cpd.Platform.Data;

namespace Cpd.Platform.Calendars;

/// <summary>How often an appointment was told to people's calendars, and when last.</summary>
public sealed record Revision {
    public Guid Id { get; init; }
    public int Sequence { get; init; }
    public DateTime ChangedAt { get; init; }
}

/// <summary>
/// Counts what calendars are told of an appointment, by the id of its owner's row: each invitation, change and cancellation has a higher
/// number than all before it, whatever becomes of the row. The caller keeps others from telling of the same appointment meanwhile.
/// </summary>
public sealed class Appointments(Db db, TimeProvider clock) {
    const int Batch = 1000;
    const string RaiseAll = "UPDATE platform_Appointment SET Sequence = Sequence + 1, ChangedAt = @Now WHERE Id IN @Ids";
    const string Select = "SELECT Id, Sequence, ChangedAt FROM platform_Appointment WHERE Id IN @Ids";
    const string Begin = """
        INSERT INTO platform_Appointment (Id, Sequence, ChangedAt)
        SELECT @Id, @Sequence, @ChangedAt
        WHERE NOT EXISTS (SELECT 1 FROM platform_Appointment WHERE Id = @Id)
        """;

    /// <summary>Raises these, in the caller's transaction; where calendars were told of none of them before, they begin at 1.</summary>
    public async Task<IReadOnlyDictionary<Guid, Revision>> Raise(IEnumerable<Guid> ids, CancellationToken ct) {
        var first = ids.Distinct().Select(id => new Revision { Id = id, Sequence = 1, ChangedAt = clock.GetUtcNow().UtcDateTime }).ToList();
        if (first.Count == 0) return new Dictionary<Guid, Revision>();
        // Someone who has just booked is told for the first time: that costs one statement.
        return await db.Execute(Begin, first, ct) == first.Count ? first.ToDictionary(r => r.Id) : await RaiseKnown(first.Select(r => r.Id), ct);
    }

    /// <summary>Raises those of them that calendars were told of, and leaves the others out.</summary>
    public async Task<IReadOnlyDictionary<Guid, Revision>> RaiseKnown(IEnumerable<Guid> ids, CancellationToken ct) {
        var wanted = ids.Distinct().ToList();
        foreach (var batch in wanted.Chunk(Batch)) await db.Execute(RaiseAll, new { Now = clock.GetUtcNow().UtcDateTime, Ids = db.Ids(batch) }, ct);
        return await Find(wanted, ct);
    }

    /// <summary>Those of them that calendars were told of.</summary>
    public async Task<IReadOnlyDictionary<Guid, Revision>> Find(IEnumerable<Guid> ids, CancellationToken ct) {
        var found = new Dictionary<Guid, Revision>();
        foreach (var batch in ids.Distinct().Chunk(Batch))
            foreach (var revision in await db.List<Revision>(Select, new { Ids = db.Ids(batch) }, ct)) found[revision.Id] = revision;
        return found;
    }
}
