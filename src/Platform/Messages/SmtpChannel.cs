using System.Collections.Concurrent;

namespace Cpd.Platform.Messages;

/// <summary>
/// Hands emails to a mail server (RFC 5321). A connection is kept for the next message for a while, since making one costs more than a message. What the
/// server says decides what happens: it is out of order or does not let this service in (the channel rests); it does not take this message now (tried again),
/// or never (parked).
/// </summary>
sealed class SmtpChannel(SmtpOptions options, TimeProvider clock) : IMailChannel, IDisposable {
    // Servers close what is idle for long; this is well below what they allow (RFC 5321 4.5.3.2 asks for five minutes).
    static readonly TimeSpan Keep = TimeSpan.FromSeconds(20);

    readonly ConcurrentBag<SmtpConnection> idle = [];

    public async Task<TimeSpan?> Send(Post post, CancellationToken ct) {
        var to = Mime.Address(post.Recipient);
        var message = Mime.Write(post, options.From, to, clock.GetUtcNow().UtcDateTime);
        var connection = await Begin(ct);
        try {
            await connection.Hand(to.Address, message, ct);
            idle.Add(connection);
        } catch {
            connection.Dispose();
            throw;
        }
        return null;
    }

    /// <summary>A connection on which the server has taken the sender of a new message.</summary>
    async Task<SmtpConnection> Begin(CancellationToken ct) {
        while (idle.TryTake(out var kept)) {
            // Nothing of the message has been said yet: if the server has hung up meanwhile, the next connection does as well.
            if (kept.Idle < Keep && await kept.TryBegin(options.From.Address, ct)) return kept;
            kept.Dispose();
        }
        var connection = await SmtpConnection.Open(options, ct);
        try {
            await connection.Begin(options.From.Address, ct);
            return connection;
        } catch {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() {
        while (idle.TryTake(out var kept)) kept.Dispose();
    }
}
