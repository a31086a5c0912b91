using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cpd.Bench.Http;

/// <summary>What many connections saw that each asked again as soon as it was answered.</summary>
/// <param name="Times">Of every answer, shortest first.</param>
/// <param name="Bytes">The mean length of a body.</param>
sealed record Load(double Seconds, IReadOnlyList<TimeSpan> Times, double Bytes) {
    public double ASecond => Times.Count / Seconds;
    public double Percentile(double share) => Times.Count == 0 ? double.NaN : Times[Math.Min(Times.Count - 1, (int)(Times.Count * share))].TotalMilliseconds;
}

/// <summary>
/// A closed loop over the loopback on bare sockets: it shares the processors with what it measures, so it does no more than HTTP needs.
/// It asks for no compression. An answer that is not 200 stops the run, because a page of an error is quick.
/// </summary>
static class LoadClient {
    /// <param name="requests">Paths with the cookie of whoever asks ("" for nobody); each connection begins at another and takes them in turn.</param>
    public static async Task<Load> Run(Uri address, IReadOnlyList<(string Path, string Cookie)> requests, int connections, TimeSpan warmUp, TimeSpan length, CancellationToken ct) {
        var messages = requests.Select(r => Encoding.ASCII.GetBytes($"GET {r.Path} HTTP/1.1\r\nHost: {address.Authority}\r\n{(r.Cookie.Length > 0 ? $"Cookie: {r.Cookie}\r\n" : "")}\r\n")).ToArray();
        if (warmUp > TimeSpan.Zero) await Round(address, messages, requests, connections, warmUp, ct);
        return await Round(address, messages, requests, connections, length, ct);
    }

    static async Task<Load> Round(Uri address, byte[][] messages, IReadOnlyList<(string Path, string Cookie)> requests, int connections, TimeSpan length, CancellationToken ct) {
        var watch = Stopwatch.StartNew();
        var seen = await Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(async () => {
            using var connection = await HttpConnection.Open(address, ct);
            var times = new List<TimeSpan>();
            long bytes = 0;
            for (var i = n * messages.Length / connections; watch.Elapsed < length; i++) {
                var began = Stopwatch.GetTimestamp();
                var (status, body) = await connection.Ask(messages[i % messages.Length], ct);
                times.Add(Stopwatch.GetElapsedTime(began));
                if (status != 200) throw new InvalidOperationException($"{requests[i % messages.Length].Path} answered {status}.");
                bytes += body;
            }
            return (times, bytes);
        }, ct)));
        var all = seen.SelectMany(s => s.times).Order().ToList();
        return new(watch.Elapsed.TotalSeconds, all, seen.Sum(s => s.bytes) / (double)Math.Max(1, all.Count));
    }

    /// <summary>One HTTP/1.1 connection that keeps no body, only its length.</summary>
    sealed class HttpConnection(Socket socket) : IDisposable {
        readonly byte[] buffer = new byte[64 * 1024];
        int start, end;

        public static async Task<HttpConnection> Open(Uri address, CancellationToken ct) {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, ct);
            return new(socket);
        }

        public async ValueTask<(int Status, long Body)> Ask(byte[] message, CancellationToken ct) {
            await socket.SendAsync(message, ct);
            int head;
            while ((head = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0) await More(ct);
            var (status, length, chunked) = Head(buffer.AsSpan(start, head + 2));
            start += head + 4;
            if (!chunked) {
                await Skip(length, ct);
                return (status, length);
            }
            for (long body = 0; ;) {
                int line;
                while ((line = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0) await More(ct);
                if (!Utf8Parser.TryParse(buffer.AsSpan(start, line), out int size, out _, 'x')) throw new InvalidOperationException("A chunk has no size.");
                start += line + 2;
                await Skip(size + 2, ct);
                if (size == 0) return (status, body);
                body += size;
            }
        }

        static (int Status, long Length, bool Chunked) Head(ReadOnlySpan<byte> head) {
            if (!Utf8Parser.TryParse(head[9..], out int status, out _)) throw new InvalidOperationException("An answer has no status.");
            if (head.IndexOf("Transfer-Encoding: chunked\r\n"u8) >= 0) return (status, 0, true);
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0 || !Utf8Parser.TryParse(head[(at + 16)..], out long length, out _)) throw new InvalidOperationException("An answer has no length.");
            return (status, length, false);
        }

        async ValueTask Skip(long bytes, CancellationToken ct) {
            while (bytes > end - start) {
                bytes -= end - start;
                start = end;
                await More(ct);
            }
            start += (int)bytes;
        }

        async ValueTask More(CancellationToken ct) {
            if (start == end) (start, end) = (0, 0);
            else if (end == buffer.Length) {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            var got = await socket.ReceiveAsync(buffer.AsMemory(end), ct);
            if (got == 0) throw new InvalidOperationException("The connection was closed.");
            end += got;
        }

        public void Dispose() => socket.Dispose();
    }
}
