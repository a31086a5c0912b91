using System.Diagnostics;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Platform.Messages;

/// <summary>
/// Sends due messages. A row is claimed by a guarded UPDATE with a lease before it is sent and marked after, so that hosts share
/// the work; only a host that dies between the two can send one twice. The text is wiped once sent: it may hold a secret link.
/// </summary>
public sealed class MailWorker(IServiceScopeFactory scopes, MailSignal signal, IMailChannel channel, TimeProvider clock, ILogger<MailWorker> log) : BackgroundService {
    const int Batch = 20;
    const int MostAttempts = 8;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    const string SelectDue = """
        SELECT Id, Recipient, Subject, Body, Calendar, CalendarMethod, Attempts
        FROM platform_Message
        WHERE State = 'Due' AND DueAt <= @Now AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        ORDER BY DueAt, Id
        """;
    const string Claim = """
        UPDATE platform_Message SET ClaimedUntil = @Until, ClaimedBy = @Me
        WHERE Id = @Id AND State = 'Due' AND (ClaimedUntil IS NULL OR ClaimedUntil <= @Now)
        """;
    const string MarkSent = "UPDATE platform_Message SET State = 'Sent', SentAt = @Now, Body = '', Calendar = NULL, ClaimedUntil = NULL WHERE Id = @Id AND ClaimedBy = @Me";
    const string MarkFailed = """
        UPDATE platform_Message SET State = @State, Attempts = Attempts + 1, DueAt = @Next, Error = @Error, ClaimedUntil = NULL
        WHERE Id = @Id AND ClaimedBy = @Me
        """;

    readonly Guid me = Ids.New(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) {
        while (!stoppingToken.IsCancellationRequested) {
            try {
                while (await SendBatch(stoppingToken) > 0) { }
                await signal.Wait(Poll, stoppingToken);
            } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) {
                return;
            } catch (Exception e) {
                log.LogError(e, "Messages could not be read; trying again");
                await Task.Delay(Poll, stoppingToken);
            }
        }
    }

    /// <summary>Sends until nothing is due; for tests.</summary>
    public async Task Drain(CancellationToken ct) {
        while (await SendBatch(ct) > 0) { }
    }

    async Task<int> SendBatch(CancellationToken ct) {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var due = await db.List<Row>(db.Page(SelectDue), new { Now = Now(), Skip = 0, Take = Batch }, ct);
        var claimed = 0;
        foreach (var row in due) {
            var claim = new { row.Id, Now = Now(), Until = Now() + Lease, Me = me };
            if (await db.Write(() => db.Execute(Claim, claim, ct), _ => true, ct) == 0) continue;
            claimed++;
            using var span = Measures.Spans.StartActivity("send message", ActivityKind.Client);
            try {
                await channel.Send(row.Id, row.Recipient, row.Subject, row.Body, row.Calendar is { } text ? new CalendarPart(row.CalendarMethod!, text) : null, ct);
                await db.Write(() => db.Execute(MarkSent, new { row.Id, Now = Now(), Me = me }, ct), ct);
                Measures.Mail("sent");
            } catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested) {
                var park = row.Attempts + 1 >= MostAttempts;
                span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
                Measures.Mail(park ? "parked" : "failed");
                log.LogWarning(e, "Message {MessageId} was not sent at attempt {Attempt}", row.Id, row.Attempts + 1);
                var wait = TimeSpan.FromSeconds(Math.Pow(4, row.Attempts + 1) + Random.Shared.NextDouble());
                await db.Write(() => db.Execute(MarkFailed, new {
                    row.Id, Me = me, State = park ? "Parked" : "Due", Next = Now() + wait, Error = e.GetType().Name,
                }, ct), ct);
            }
        }
        return claimed;
    }

    DateTime Now() => clock.GetUtcNow().UtcDateTime;

    sealed record Row {
        public Guid Id { get; init; }
        public string Recipient { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Body { get; init; } = "";
        public string? Calendar { get; init; }
        public string? CalendarMethod { get; init; }
        public int Attempts { get; init; }
    }
}
