using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cpd.Bench;

/// <summary>What a mail server does to a message.</summary>
enum Manner {
    Take,
    /// <summary>"Try later", before it has seen the message.</summary>
    Later,
    /// <summary>"There is no such mailbox", before it has seen the message.</summary>
    Refuse,
    /// <summary>It takes the message and never says so.</summary>
    Hang,
    /// <summary>It takes the message and closes the connection without a word.</summary>
    Drop,
}

/// <summary>
/// An SMTP server on the loopback that takes everything and counts each message by its Message-ID: the same one twice is a doubled message. It has taken what has
/// come to its end, whether or not the sender has heard so; what breaks off before, no server has (RFC 5321, 4.1.1.4).
/// </summary>
sealed class MailSink : IAsyncDisposable {
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentDictionary<string, int> times = new();
    readonly ConcurrentDictionary<TcpClient, bool> clients = new();
    readonly Task accepting;
    volatile TaskCompletionSource? gate;

    public MailSink() {
        listener.Start();
        accepting = Accept();
    }

    public int Different => times.Count;
    /// <summary>How often a message was taken that had been taken before.</summary>
    public int Twice => times.Sum(t => t.Value - 1);
    /// <summary>How it treats a message to an address.</summary>
    public Func<string, Manner> Treats { get; set; } = _ => Manner.Take;
    /// <summary>How often this message came: its Message-ID begins with its id.</summary>
    public int Times(Guid id) => times.Where(t => t.Key.Contains(id.ToString("N"), StringComparison.OrdinalIgnoreCase)).Sum(t => t.Value);

    /// <summary>What a host is started with to send here.</summary>
    public IReadOnlyList<string> Arguments => ["--Mail:Channel=Smtp", "--Mail:Host=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--Mail:Port={((IPEndPoint)listener.LocalEndpoint).Port}"), "--Mail:Tls=None", "--Mail:From=cpd@example.org"];

    /// <summary>Hangs up on everyone, and from now on greets nobody.</summary>
    public void Close() {
        gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var client in clients.Keys) client.Close();
    }

    /// <summary>Greets again; what comes from those who waited meanwhile is to come later.</summary>
    public void Open() {
        var closed = gate;
        gate = null;
        closed?.SetResult();
    }

    public async ValueTask DisposeAsync() {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    async Task Accept() {
        try {
            while (true) {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = Task.Run(() => Serve(client));
            }
        } catch (OperationCanceledException) { /* The drill is over. */ }
    }

    async Task Serve(TcpClient client) {
        using (client) {
            clients[client] = true;
            try {
                var waited = gate is not null;
                if (gate is { } closed) await closed.Task.WaitAsync(stop.Token);
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { AutoFlush = true, NewLine = "\r\n" };
                var manner = Manner.Take;
                await writer.WriteLineAsync("220 sink");
                while (await reader.ReadLineAsync(stop.Token) is { } line) {
                    if (line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) && (manner = waited ? Manner.Later : Treats(line)) is Manner.Later or Manner.Refuse) {
                        await writer.WriteLineAsync(manner == Manner.Later ? "451 4.3.2 try later" : "550 5.1.1 no such mailbox");
                        continue;
                    }
                    if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase)) {
                        await writer.WriteLineAsync("354 go on");
                        string? text, id = null;
                        while ((text = await reader.ReadLineAsync(stop.Token)) is not null and not ".")
                            if (id is null && text.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase)) id = text;
                        if (text is null) return;
                        times.AddOrUpdate(id!, 1, (_, n) => n + 1);
                        if (manner == Manner.Hang) await Task.Delay(Timeout.Infinite, stop.Token);
                        if (manner == Manner.Drop) return;
                    } else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase)) {
                        await writer.WriteLineAsync("221 bye");
                        return;
                    }
                    await writer.WriteLineAsync("250 ok");
                }
            } catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException) {
                // The host that spoke was killed, was hung up on, or the drill is over.
            } finally {
                clients.TryRemove(client, out _);
            }
        }
    }
}
