using System.Collections.Concurrent;
using Cpd.Platform.Telemetry;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messages;

/// <summary>What became of messages and is not written down yet. What failed is tried again later, and parked after its last try.</summary>
sealed class Fates(TimeProvider clock, ILogger log) {
    // Eight tries over most of a day: long enough for a mail server to come back, short enough for a person to hear of it.
    static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12)];
    readonly ConcurrentQueue<Fate> known = new();

    internal bool IsEmpty => known.IsEmpty;

    internal void Add(Fate fate) => known.Enqueue(fate);

    internal void Drop(ClaimedMessage message, string why) {
        Measures.Mail("dropped");
        Add(new Fate.Dropped(message.Id, why));
    }

    internal void Fail(ClaimedMessage message, Exception e, string recipient = "") {
        var tries = message.Attempts + 1;
        var refused = e as MessageRefusedException;
        var park = refused is { ForGood: true } || tries > Pauses.Length;
        Measures.Mail(park ? "parked" : "failed");
        if (park) log.LogError(e, "Message {MessageId} of kind {Kind} is parked after {Attempts} attempts", message.Id, message.Kind, tries);
        else log.LogWarning(e, "Message {MessageId} of kind {Kind} was not sent at attempt {Attempt}", message.Id, message.Kind, tries);
        var pause = park ? TimeSpan.Zero : Pauses[message.Attempts] * (0.75 + Random.Shared.NextDouble() / 2);
        // Of others than our own refusals the name of the fault alone: a mail server's sentence may repeat the address.
        var error = refused?.Message ?? (e.InnerException is { } inner ? $"{e.GetType().Name} ({inner.GetType().Name})" : e.GetType().Name);
        Add(new Fate.Failed(message.Id, clock.GetUtcNow().UtcDateTime + pause, park, error, recipient, refused is { NoSuchAddress: true } ? Delivery.PermanentFailure : null));
    }

    /// <summary>All that are known by now; whoever takes them writes them down, or puts them back.</summary>
    internal List<Fate> Take() {
        var all = new List<Fate>();
        while (known.TryDequeue(out var fate)) all.Add(fate);
        return all;
    }
}
