using System.Diagnostics;
using System.Text.Json;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
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

    readonly Guid me = Ids.New(clock);
    readonly Fates fates = new(clock, log);
    HandingOver? begun;

    HandingOver Over => begun ??= new(me, channel, fates, options, clock, log, signal.Wake);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        var again = true;
        while (!stoppingToken.IsCancellationRequested) {
            try {
                if (again) await TakeOver(stoppingToken);
                while (await SendBatch(stoppingToken) > 0) { }
                again = !await signal.Wait(Over.HasSlow ? HandingOver.Slow : Poll, stoppingToken);
            } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) {
                break;
            } catch (Exception e) {
                log.LogError(e, "Messages could not be read; trying again");
                await Task.Delay(Poll, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        // What is on its way is not torn off: its outcome would be unknown.
        await Over.End();
        await Record([], CancellationToken.None);
    }

    /// <summary>Sends until nothing is due; for tests.</summary>
    public async Task Drain(CancellationToken ct) {
        await TakeOver(ct);
        do {
            while (await SendBatch(ct) > 0) { }
            await Over.End();
            await Record([], ct);
        } while (await SendBatch(ct) > 0);
    }

    public override void Dispose() {
        begun?.Dispose();
        base.Dispose();
    }

    /// <returns>How many were claimed.</returns>
    async Task<int> SendBatch(CancellationToken ct) {
        if (!fates.IsEmpty) await Record([], ct);
        if (Over.Rests) return 0;
        await Over.Begin();
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
                if (message.GoodUntil <= now) fates.Drop(message, "Too late"); else good.Add(message);
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
            foreach (var message in messages) fates.Fail(message, e);
            return;
        }
        foreach (var message in messages) {
            switch (answers.GetValueOrDefault(message.Id)) {
                case Letter letter: letters[message.Id] = letter; break;
                case SaidLater later: fates.Add(new Fate.Later(message.Id, later.At)); break;
                case SaidToEach each: fates.Add(new Fate.Round(message.Id, each.Planned)); break;
                case Unsaid unsaid: fates.Drop(message, unsaid.Why); break;
                default: fates.Drop(message, "Its cause is gone"); break;
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
            if (may is not null && refused[message.RecipientId!.Value].Contains(may.Name)) fates.Drop(message, "They do not want such messages");
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
            fates.Fail(message, e);
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
        foreach (var put in ready.Skip(ready.Count - notToday)) fates.Add(new Fate.Later(put.Message.Id, tomorrow));
        ready = new(ready.SkipLast(notToday));
        if (granted < ready.Count && Over.RestUntil(more)) log.LogInformation("The limit for messages is reached; the next go out from {More:o}", more);
        foreach (var put in ready.Skip(Math.Max(granted, 0))) fates.Add(new Fate.Released(put.Message.Id));
        return new(ready.Take(Math.Max(granted, 0)));
    }

    /// <summary>Hands them over, so many side by side; back when each has an outcome or goes on by itself. What is left in the queue was not handed over.</summary>
    async Task HandOver(AsyncServiceScope scope, Queue<Ready> waiting, CancellationToken ct) {
        var (asked, looked) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var placed = new List<Task>();
        try {
            while (waiting.Count > 0) {
                await Over.Enter(ct);
                if (asked.Elapsed > Fresh) {
                    Over.Leave();
                    var again = await Words(scope, [.. waiting.Select(r => r.Message)], ct);
                    waiting.Clear();
                    foreach (var ready in again) waiting.Enqueue(ready);
                    asked.Restart();
                    looked.Restart();
                } else if (looked.Elapsed > Glance) {
                    Over.Leave();
                    var mine = await scope.ServiceProvider.GetRequiredService<DueTable>().StillMine(me, waiting.Select(r => r.Message.Id), ct);
                    for (var left = waiting.Count; left > 0; left--)
                        if (waiting.Dequeue() is var ready && mine.Contains(ready.Message.Id)) waiting.Enqueue(ready);
                    looked.Restart();
                } else if (Over.IsOutOfOrder) {
                    Over.Leave();
                    return;
                } else {
                    placed.Add(Over.Place(waiting.Dequeue()));
                }
            }
        } finally {
            await Task.WhenAll(placed);
        }
    }

    async Task Record(IEnumerable<Fate> more, CancellationToken ct) {
        List<Fate> all = [.. more, .. fates.Take()];
        if (all.Count == 0) return;
        try {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DueTable>().Record(me, all, ct);
        } catch {
            // Nothing of it was written: it is tried again with the next batch.
            foreach (var fate in all) fates.Add(fate);
            throw;
        }
        Over.Written(all.OfType<Fate.Sent>().Count());
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
