using System.Collections.Concurrent;
using System.Diagnostics;

namespace Cpd.Platform.Web;

/// <summary>
/// Remembers for as long as a public page is kept (<see cref="PublicPages"/>: less than a second) what is the same for everyone and costs
/// much to find. One of each type, in this process; every host has its own.
/// </summary>
public sealed class BriefMemory(TimeSpan lifetime) {
    readonly ConcurrentDictionary<Type, Place> places = [];

    /// <summary>What is remembered of this type, or what <paramref name="find"/> gives now. Of several who ask at once one finds it and the others wait for it.</summary>
    public async Task<T> Get<T>(Func<Task<T>> find, CancellationToken ct) where T : class {
        if (lifetime <= TimeSpan.Zero) return await find();
        var place = places.GetOrAdd(typeof(T), _ => new Place());
        if (place.Fresh(lifetime) is T known) return known;
        await place.Turn.WaitAsync(ct);
        try {
            if (place.Fresh(lifetime) is T found) return found;
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
        public object? Fresh(TimeSpan lifetime) => Held is { } held && Stopwatch.GetElapsedTime(held.Since) < lifetime ? held.Value : null;
    }

    sealed record Remembered(long Since, object Value);
}
