using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cpd.Platform.Web;

/// <summary>
/// Remembers for as long as a public page is kept (<see cref="PublicPages"/>: less than a second) what is the same for everyone and costs
/// much to find. One of each type, in this process; every host has its own.
/// </summary>
public sealed class BriefMemory(TimeSpan lifetime) {
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);
    readonly ConcurrentDictionary<Type, Place> places = [];

    /// <summary>What is remembered of this type, or what <paramref name="find"/> gives now. Of several who ask at once one finds it and the others wait for it.</summary>
    public async Task<T> Get<T>(Func<Task<T>> find, CancellationToken ct) where T : class {
        if (lifetime <= TimeSpan.Zero) return await find();
        var place = places.GetOrAdd(typeof(T), _ => new Place());
        if (place.Held is { } held && held.Age < lifetime) return (T)held.Value;
        // Whoever comes while somebody looks anew is given what is there, unless it is too old to show.
        if (place.Held is { } older && older.Age < lifetime + Grace && place.Turn.CurrentCount == 0) return (T)older.Value;
        await place.Turn.WaitAsync(ct);
        try {
            if (place.Held is { } found && found.Age < lifetime) return (T)found.Value;
            var began = Stopwatch.GetTimestamp();
            var value = await find();
            // From when it was begun: what was changed while it was looked up may not be in it.
            place.Held = new(began, value);
            return value;
        } finally {
            place.Turn.Release();
        }
    }

    sealed class Place {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public Remembered? Held { get; set; }
    }

    sealed record Remembered(long Since, object Value) {
        public TimeSpan Age => Stopwatch.GetElapsedTime(Since);
    }
}
