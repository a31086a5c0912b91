using System.Collections.Concurrent;
using System.Diagnostics;
using Cpd.Platform.Telemetry;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messages;

/// <summary>A message, in the form in which it goes out.</summary>
sealed record Ready(ClaimedMessage Message, Post Post);

/// <summary>
/// Hands messages to the channel, so many side by side. Who takes long goes on by itself and leaves its place to the next; a channel that is out of order rests.
/// </summary>
/// <param name="wake">Called when one that took long has ended.</param>
sealed class HandingOver(Guid me, IMailChannel channel, Fates fates, SendingOptions options, TimeProvider clock, ILogger log, Action wake) : IDisposable {
    // So that a thousand that hang delay the others by half a minute.
    internal static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);
    const int MostSlow = 512;
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim places = new(options.AtOnce);
    readonly ConcurrentDictionary<Task, bool> slow = new();
    SentJournal? journal;
    DateTime restUntil;
    int refusals;

    /// <summary>Nothing is to be handed over now: the limit is reached, or the channel is out of order.</summary>
    internal bool Rests => restUntil > clock.GetUtcNow().UtcDateTime;

    internal bool IsOutOfOrder => Rests && refusals > 0;

    /// <summary>Some go on by themselves.</summary>
    internal bool HasSlow => !slow.IsEmpty;

    /// <returns>True when that is longer than before.</returns>
    internal bool RestUntil(DateTime until) {
        if (until <= restUntil) return false;
        restUntil = until;
        return true;
    }

    /// <summary>Not too many go on by themselves, and what is handed over will be noted in a file.</summary>
    internal async Task Begin() {
        while (slow.Count >= MostSlow) await Task.WhenAny(slow.Keys);
        journal ??= SentJournal.Open(options.Folder, me);
    }

    internal Task End() => Task.WhenAll(slow.Keys);

    /// <summary>Waits for a place. Give it back with <see cref="Leave"/>, or use it with <see cref="Place"/>.</summary>
    internal Task Enter(CancellationToken ct) => places.WaitAsync(ct);

    internal void Leave() => places.Release();

    /// <summary>Hands one over in the place that was waited for; back when it has an outcome or goes on by itself.</summary>
    internal async Task Place(Ready ready) {
        try {
            var sending = Send(ready);
            if (await Task.WhenAny(sending, Task.Delay(Slow)) == sending) return;
            slow[sending] = true;
            _ = sending.ContinueWith(done => {
                slow.TryRemove(done, out _);
                wake();
            }, TaskScheduler.Default);
        } finally {
            places.Release();
        }
    }

    /// <summary>So many of those that were handed over stand in the database now.</summary>
    internal void Written(int sent) {
        if (sent > 0) journal!.Written(sent);
    }

    public void Dispose() {
        journal?.Dispose();
        places.Dispose();
    }

    /// <summary>Never throws. It is not torn off when the host stops, for then nobody would know whether it was taken.</summary>
    async Task Send(Ready ready) {
        var (message, post) = ready;
        using var span = Measures.Spans.StartActivity("send message", ActivityKind.Client);
        using var timeout = new CancellationTokenSource(options.Timeout);
        try {
            var askAfter = await channel.Send(post with { Again = message.Again }, timeout.Token).WaitAsync(timeout.Token);
            refusals = 0;
            Note(message.Id);
            fates.Add(new Fate.Sent(message.Id, post.Recipient, askAfter));
            Measures.Mail("sent");
        } catch (Exception e) {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
            if (e is ChannelDownException down) Rest(down);
            fates.Fail(message, timeout.IsCancellationRequested && e is OperationCanceledException ? new TimeoutException("The message was not taken in time.", e) : e, post.Recipient);
        }
    }

    void Note(Guid id) {
        try {
            journal!.Note(id);
        } catch (IOException e) {
            // It is written to the database next; only if the host dies before that would it go out again.
            log.LogWarning(e, "The journal of sent messages could not be written");
        }
    }

    /// <summary>The whole channel is out of order: nobody is sent anything for a while, so that the tries of many are not used up on one fault.</summary>
    void Rest(ChannelDownException down) {
        // Those that were on their way together fail together: that is one refusal.
        if (down.Rest is null && Rests) return;
        var rest = down.Rest ?? TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, Math.Min(refusals, 10)), LongestRest.TotalSeconds));
        refusals++;
        RestUntil(clock.GetUtcNow().UtcDateTime + (rest < LongestRest ? rest : LongestRest));
    }
}
