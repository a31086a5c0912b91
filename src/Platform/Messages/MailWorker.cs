using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Telemetry;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messages;

/// <summary>
/// Sends due messages, a batch at a time: claims it, asks each kind what still holds and in which words, hands over, and writes what became of
/// all of them in one transaction. At least once: only what a host was handing over at the very moment it died can go out twice.
/// </summary>
public sealed class MailWorker(IServiceScopeFactory scopes, MailSignal signal, IMailChannel channel, PostMaker maker, LetterKinds kinds, SendingOptions options, TimeProvider clock, ILogger<MailWorker> log) : BackgroundService {
    const int Batch = 100;
    const string Channel = "Mail";
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);
    // How long an answer to "does it still hold?" is good for.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    // How long a look at the due table is: what was withdrawn meanwhile goes out.
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    // Whoever takes longer goes on by itself and leaves its place to the next, so that a thousand that hang delay the others by half a minute.
    static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);
    const int MostSlow = 512;
    // Eight tries over most of a day: long enough for a mail server to come back, short enough for a person to hear of it.
    static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12)];
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    readonly Guid me = Ids.New(clock);
    readonly SemaphoreSlim places = new(options.AtOnce);
    readonly ConcurrentQueue<Fate> fates = new();
    readonly ConcurrentDictionary<Task, bool> slow = new();
    SentJournal? journal;
    DateTime restUntil;
    int refusals;

    /// <summary>A message, in the form in which it goes out.</summary>
    sealed record Ready(ClaimedMessage Message, Post Post);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        var again = true;
        while (!stoppingToken.IsCancellationRequested) {
            try {
                if (again) await TakeOver(stoppingToken);
                while (await SendBatch(stoppingToken) > 0) { }
                again = !await signal.Wait(slow.IsEmpty ? Poll : Slow, stoppingToken);
            } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) {
                break;
            } catch (Exception e) {
                log.LogError(e, "Messages could not be read; trying again");
                await Task.Delay(Poll, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        // What is on its way is not torn off: its outcome would be unknown.
        await Task.WhenAll(slow.Keys);
        await Record([], CancellationToken.None);
    }

    /// <summary>Sends until nothing is due; for tests.</summary>
    public async Task Drain(CancellationToken ct) {
        await TakeOver(ct);
        do {
            while (await SendBatch(ct) > 0) { }
            await Task.WhenAll(slow.Keys);
            await Record([], ct);
        } while (await SendBatch(ct) > 0);
    }

    public override void Dispose() {
        journal?.Dispose();
        places.Dispose();
        base.Dispose();
    }

    /// <returns>How many were claimed.</returns>
    async Task<int> SendBatch(CancellationToken ct) {
        if (!fates.IsEmpty) await Record([], ct);
        if (restUntil > clock.GetUtcNow().UtcDateTime) return 0;
        while (slow.Count >= MostSlow) await Task.WhenAny(slow.Keys);
        journal ??= SentJournal.Open(options.Folder, me);
        await using var scope = scopes.CreateAsyncScope();
        var claimed = await scope.ServiceProvider.GetRequiredService<DueTable>().Claim(me, Batch, ct);
        if (claimed.Count == 0) return 0;
        // Until it is known what is to be sent, all of it is to be put back if anything fails.
        var left = claimed;
        try {
            var waiting = await Allowed(await Words(scope, claimed, ct), ct);
            left = [];
            try {
                await HandOver(scope, waiting, ct);
            } finally {
                left = [.. waiting.Select(r => r.Message)];
            }
        } finally {
            await Record(left.Select(m => new Fate.Released(m.Id)), CancellationToken.None);
        }
        return claimed.Count;
    }

    /// <summary>What still holds of these, in its words. What became of the others is noted.</summary>
    async Task<Queue<Ready>> Words(AsyncServiceScope scope, IReadOnlyList<ClaimedMessage> claimed, CancellationToken ct) {
        var now = clock.GetUtcNow().UtcDateTime;
        var letters = new Dictionary<Guid, Letter>();
        foreach (var kind in claimed.GroupBy(m => m.PlannedFor is null ? null : m.Kind)) {
            var good = new List<ClaimedMessage>();
            foreach (var message in kind)
                if (message.GoodUntil <= now) Drop(message, "Too late"); else good.Add(message);
            if (kind.Key is null) {
                foreach (var m in good) Try(m, () => letters[m.Id] = Letter.Read(m.Recipient, m.Subject, m.Body, m.Calendar is { } text ? new CalendarPart(m.CalendarMethod!, text) : null));
            } else if (good.Count > 0) {
                await Ask(scope, kind.Key, good, letters, ct);
            }
        }
        var ready = await Make(scope, [.. claimed.Where(m => letters.ContainsKey(m.Id)).Select(m => (m, letters[m.Id]))], ct);
        // Last, so that nothing lies between this and the sending: who withdraws a message changes its row.
        var mine = ready.Count == 0 ? [] : await scope.ServiceProvider.GetRequiredService<DueTable>().StillMine(me, ready.Keys, ct);
        return new(claimed.Where(m => mine.Contains(m.Id)).Select(m => ready[m.Id]));
    }

    async Task Ask(AsyncServiceScope scope, string kind, List<ClaimedMessage> messages, Dictionary<Guid, Letter> letters, CancellationToken ct) {
        IReadOnlyDictionary<Guid, Saying> answers;
        try {
            var reminder = scope.ServiceProvider.GetServices<IReminder>().FirstOrDefault(r => r.Kind == kind) ?? throw new InvalidOperationException($"No reminder is of kind {kind}.");
            answers = await reminder.Say([.. messages.Select(m => new DueMessage {
                Id = m.Id, Kind = m.Kind, CauseId = m.CauseId, AboutId = m.AboutId!.Value, RecipientId = m.RecipientId!.Value, AuthorityId = m.AuthorityId, PlannedFor = m.PlannedFor!.Value, GoodUntil = m.GoodUntil,
            })], ct);
        } catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested) {
            // One kind that can't be asked must not hold up the others.
            foreach (var message in messages) Fail(message, e);
            return;
        }
        foreach (var message in messages) {
            switch (answers.GetValueOrDefault(message.Id)) {
                case Letter letter: letters[message.Id] = letter; break;
                case SaidLater later: fates.Enqueue(new Fate.Later(message.Id, later.At)); break;
                case SaidToEach each: fates.Enqueue(new Fate.Round(message.Id, each.Planned)); break;
                case Unsaid unsaid: Drop(message, unsaid.Why); break;
                default: Drop(message, "Its cause is gone"); break;
            }
        }
    }

    /// <summary>Gives letters their form, each on the paper of its authority.</summary>
    async Task<Dictionary<Guid, Ready>> Make(AsyncServiceScope scope, IReadOnlyList<(ClaimedMessage Message, Letter Letter)> letters, CancellationToken ct) {
        var authorities = letters.Select(l => l.Message.AuthorityId).OfType<Guid>().Distinct().ToList();
        var refused = await scope.ServiceProvider.GetRequiredService<Refusals>().Of([.. letters.Where(l => MayRefuse(l.Message) is not null).Select(l => l.Message.RecipientId!.Value).Distinct()], ct);
        var heads = authorities.Count == 0 ? [] : (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new FindLetterheads(authorities), ct)).ToDictionary(h => h.AuthorityId);
        var ready = new Dictionary<Guid, Ready>();
        foreach (var (message, letter) in letters) {
            var may = MayRefuse(message);
            if (may is not null && refused[message.RecipientId!.Value].Contains(may.Name)) Drop(message, "They do not want such messages");
            else Try(message, () => ready[message.Id] = new(message, maker.Make(message.Id, letter, heads.GetValueOrDefault(message.AuthorityId ?? Guid.Empty), kinds.Of(message.Kind), may is null ? null : maker.Refuse(message.RecipientId!.Value, may))));
        }
        return ready;
    }

    /// <summary>Its kind, if its reader may refuse it. What somebody has just asked for themselves goes in any case.</summary>
    LetterKind? MayRefuse(ClaimedMessage message) => message is { RecipientId: not null, Priority: not (int)MessagePriority.Awaited } && kinds.Of(message.Kind) is { MayRefuse: true } kind ? kind : null;

    /// <summary>One that can't be written must not hold up the others.</summary>
    void Try(ClaimedMessage message, Action write) {
        try {
            write();
        } catch (Exception e) when (e is InvalidOperationException or JsonException or NotSupportedException) {
            Fail(message, e);
        }
    }

    /// <summary>As many of them as the channel may be given now; the others are put back.</summary>
    async Task<Queue<Ready>> Allowed(Queue<Ready> ready, CancellationToken ct) {
        if (ready.Count == 0 || (options.PerMinute ?? options.PerDay) is null) return ready;
        await using var scope = scopes.CreateAsyncScope();
        var bulk = ready.Count(r => r.Message.Priority == (int)MessagePriority.Bulk);
        var (granted, more, notToday) = await scope.ServiceProvider.GetRequiredService<DueTable>().Reserve(Channel, ready.Count, bulk, options.PerMinute, options.PerDay, ct);
        // The lowest priority stands last.
        var tomorrow = clock.GetUtcNow().UtcDateTime.Date.AddDays(1);
        foreach (var put in ready.Skip(ready.Count - notToday)) fates.Enqueue(new Fate.Later(put.Message.Id, tomorrow));
        ready = new(ready.SkipLast(notToday));
        if (granted < ready.Count && more > restUntil) {
            restUntil = more;
            log.LogInformation("The limit for messages is reached; the next go out from {More:o}", more);
        }
        foreach (var put in ready.Skip(Math.Max(granted, 0))) fates.Enqueue(new Fate.Released(put.Message.Id));
        return new(ready.Take(Math.Max(granted, 0)));
    }

    /// <summary>Hands them over, so many side by side; back when each has an outcome or goes on by itself. What is left in the queue was not handed over.</summary>
    async Task HandOver(AsyncServiceScope scope, Queue<Ready> waiting, CancellationToken ct) {
        var (asked, looked) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var placed = new List<Task>();
        try {
            while (waiting.Count > 0) {
                await places.WaitAsync(ct);
                if (asked.Elapsed > Fresh) {
                    places.Release();
                    var again = await Words(scope, [.. waiting.Select(r => r.Message)], ct);
                    waiting.Clear();
                    foreach (var ready in again) waiting.Enqueue(ready);
                    asked.Restart();
                    looked.Restart();
                } else if (looked.Elapsed > Glance) {
                    places.Release();
                    var mine = await scope.ServiceProvider.GetRequiredService<DueTable>().StillMine(me, waiting.Select(r => r.Message.Id), ct);
                    for (var left = waiting.Count; left > 0; left--)
                        if (waiting.Dequeue() is var ready && mine.Contains(ready.Message.Id)) waiting.Enqueue(ready);
                    looked.Restart();
                } else if (restUntil > clock.GetUtcNow().UtcDateTime && refusals > 0) {
                    places.Release();
                    return;
                } else {
                    placed.Add(Place(waiting.Dequeue()));
                }
            }
        } finally {
            await Task.WhenAll(placed);
        }
    }

    async Task Place(Ready ready) {
        try {
            var sending = Send(ready);
            if (await Task.WhenAny(sending, Task.Delay(Slow)) == sending) return;
            slow[sending] = true;
            _ = sending.ContinueWith(done => {
                slow.TryRemove(done, out _);
                signal.Wake();
            }, TaskScheduler.Default);
        } finally {
            places.Release();
        }
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
            fates.Enqueue(new Fate.Sent(message.Id, post.Recipient, askAfter));
            Measures.Mail("sent");
        } catch (Exception e) {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
            if (e is ChannelDownException down) Rest(down);
            Fail(message, timeout.IsCancellationRequested && e is OperationCanceledException ? new TimeoutException("The message was not taken in time.", e) : e, post.Recipient);
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
        if (down.Rest is null && restUntil > clock.GetUtcNow().UtcDateTime) return;
        var rest = down.Rest ?? TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, Math.Min(refusals, 10)), LongestRest.TotalSeconds));
        refusals++;
        var until = clock.GetUtcNow().UtcDateTime + (rest < LongestRest ? rest : LongestRest);
        if (until > restUntil) restUntil = until;
    }

    void Fail(ClaimedMessage message, Exception e, string recipient = "") {
        var tries = message.Attempts + 1;
        var refused = e as MessageRefusedException;
        var park = refused is { ForGood: true } || tries > Pauses.Length;
        Measures.Mail(park ? "parked" : "failed");
        if (park) log.LogError(e, "Message {MessageId} of kind {Kind} is parked after {Attempts} attempts", message.Id, message.Kind, tries);
        else log.LogWarning(e, "Message {MessageId} of kind {Kind} was not sent at attempt {Attempt}", message.Id, message.Kind, tries);
        var pause = park ? TimeSpan.Zero : Pauses[message.Attempts] * (0.75 + Random.Shared.NextDouble() / 2);
        // Of others than our own refusals the name of the fault alone: a mail server's sentence may repeat the address.
        var error = refused?.Message ?? (e.InnerException is { } inner ? $"{e.GetType().Name} ({inner.GetType().Name})" : e.GetType().Name);
        fates.Enqueue(new Fate.Failed(message.Id, clock.GetUtcNow().UtcDateTime + pause, park, error, recipient, refused is { NoSuchAddress: true } ? Delivery.PermanentFailure : null));
    }

    void Drop(ClaimedMessage message, string why) {
        Measures.Mail("dropped");
        fates.Enqueue(new Fate.Dropped(message.Id, why));
    }

    async Task Record(IEnumerable<Fate> more, CancellationToken ct) {
        var all = new List<Fate>(more);
        while (fates.TryDequeue(out var fate)) all.Add(fate);
        if (all.Count == 0) return;
        try {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DueTable>().Record(me, all, ct);
        } catch {
            // Nothing of it was written: it is tried again with the next batch.
            foreach (var fate in all) fates.Enqueue(fate);
            throw;
        }
        if (all.OfType<Fate.Sent>().Count() is > 0 and var sent) journal!.Written(sent);
    }

    async Task TakeOver(CancellationToken ct) {
        foreach (var left in SentJournal.Left(options.Folder)) {
            using (left) {
                var sent = left.Sent();
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<DueTable>().TakeOver(left.Claimant, sent, ct);
                log.LogInformation("Took over from a host that died: {Count} messages were sent and not written down", sent.Count);
                left.Forget();
            }
        }
    }
}
