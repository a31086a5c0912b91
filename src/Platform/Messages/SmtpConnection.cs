using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Cpd.Platform.Messages;

/// <summary>One conversation with a mail server. It is encrypted or, where that was asked for and can't be had, not held at all.</summary>
sealed class SmtpConnection : IDisposable {
    static readonly TimeSpan Opening = TimeSpan.FromSeconds(10);
    const int LongestLine = 4096, MostLines = 100;

    readonly TcpClient client = new() { NoDelay = true, SendTimeout = 1000 };
    readonly Dictionary<string, string> extensions = new(StringComparer.OrdinalIgnoreCase);
    readonly byte[] buffer = new byte[LongestLine];
    Stream stream = Stream.Null;
    int start, end;
    long used = Stopwatch.GetTimestamp();

    /// <param name="Status">The enhanced status code (RFC 3463), where the server gives one.</param>
    readonly record struct Reply(int Code, string Status, IReadOnlyList<string> Lines) {
        internal bool IsGood => Code is >= 200 and < 300;
        internal bool IsForGood => Code >= 500;
        // Never the server's sentence: it may repeat an address.
        public override string ToString() => Status.Length > 0 ? $"{Code} {Status}" : $"{Code}";
    }

    internal TimeSpan Idle => Stopwatch.GetElapsedTime(used);

    /// <summary>Whatever keeps a conversation from beginning concerns every message.</summary>
    /// <exception cref="ChannelDownException">The server is not there, not who it should be, or does not let this service in.</exception>
    internal static async Task<SmtpConnection> Open(SmtpOptions options, CancellationToken ct) {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(Opening);
        var connection = new SmtpConnection();
        try {
            await connection.Greet(options, soon.Token);
            return connection;
        } catch (Exception e) {
            connection.Dispose();
            if (e is ChannelDownException) throw;
            throw new ChannelDownException(e is AuthenticationException ? "The mail server's certificate is not to be trusted" : "The mail server can't be reached", e);
        }
    }

    async Task Greet(SmtpOptions options, CancellationToken ct) {
        await client.ConnectAsync(options.Host, options.Port, ct);
        stream = client.GetStream();
        if (options.Tls == SmtpTls.Always) await Encrypt(options, ct);
        Must(await Read(ct), "greets with");
        await Hello(options, ct);
        if (options.Tls == SmtpTls.StartTls) {
            if (!extensions.ContainsKey("STARTTLS")) throw new ChannelDownException("The mail server offers no encryption");
            Must(await Ask("STARTTLS", ct), "refuses encryption with");
            // What came before the encryption could be anybody's.
            if (start < end) throw new ChannelDownException("The mail server speaks before the encryption");
            await Encrypt(options, ct);
            await Hello(options, ct);
        }
        if (options.User is not null) await SignIn(options.User, options.Password!, ct);
    }

    async Task Encrypt(SmtpOptions options, CancellationToken ct) {
        var tls = new SslStream(stream);
        stream = tls;
        var how = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.Authorities is { } authorities) {
            how.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            how.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        await tls.AuthenticateAsClientAsync(how, ct);
    }

    async Task Hello(SmtpOptions options, CancellationToken ct) {
        var reply = await Ask($"EHLO {options.Greeting}", ct);
        Must(reply, "refuses the greeting with");
        extensions.Clear();
        foreach (var line in reply.Lines.Skip(1)) extensions[line.Split(' ')[0]] = line;
    }

    async Task SignIn(string user, string password, CancellationToken ct) {
        var ways = extensions.GetValueOrDefault("AUTH", "").ToUpperInvariant().Split(' ');
        if (ways.Contains("PLAIN")) {
            Must(await Ask($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", ct), "does not take the password:");
        } else if (ways.Contains("LOGIN")) {
            await Ask("AUTH LOGIN", ct);
            await Ask(Base64(user), ct);
            Must(await Ask(Base64(password), ct), "does not take the password:");
        } else {
            throw new ChannelDownException("The mail server has no way to sign in that is known here");
        }

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Begins a message. What the server has against the sender, it has against all messages.</summary>
    internal async Task Begin(string from, CancellationToken ct) => Must(await Ask($"MAIL FROM:<{from}>", ct), "does not take messages:");

    /// <summary>Begins a message on a connection that was kept.</summary>
    /// <returns>False when the server has ended it meanwhile.</returns>
    internal async Task<bool> TryBegin(string from, CancellationToken ct) {
        try {
            return (await Ask($"MAIL FROM:<{from}>", ct)).IsGood;
        } catch (IOException) {
            return false;
        }
    }

    /// <summary>Hands over the message that was begun. Back when the server has taken it upon itself.</summary>
    /// <exception cref="MessageRefusedException">The server has not taken it.</exception>
    internal async Task Hand(string to, string message, CancellationToken ct) {
        var recipient = await Ask($"RCPT TO:<{to}>", ct);
        if (!recipient.IsGood) throw Refused(recipient, "the address");
        var data = await Ask("DATA", ct);
        if (data.Code != 354) throw Refused(data, "the message");
        // A dot at the start of a line is doubled: alone it ends the message (RFC 5321 4.5.2).
        var taken = await Ask($"{(message.StartsWith('.') ? "." : "")}{message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal)}.", ct);
        if (!taken.IsGood) throw Refused(taken, "the message");
        used = Stopwatch.GetTimestamp();
    }

    static Exception Refused(Reply reply, string what) => reply switch {
        // It closes, or wants to be signed in to: that concerns everyone.
        { Code: 421 or 530 } => new ChannelDownException($"The mail server takes nothing: {reply}"),
        // Relaying that is not allowed and other policies of the server are put right by people, not by the writer of this message: it is tried again meanwhile.
        { IsForGood: true } when what == "the address" && reply.Status.StartsWith("5.7.", StringComparison.Ordinal) => new MessageRefusedException($"The mail server does not allow messages to this address: {reply}", forGood: false),
        { IsForGood: true } => new MessageRefusedException($"The mail server refuses {what}: {reply}", noSuchAddress: what == "the address" && (reply.Status.StartsWith("5.1.", StringComparison.Ordinal) || reply.Status.Length == 0 && reply.Code is 550 or 551 or 553)),
        _ => new MessageRefusedException($"The mail server does not take {what} now: {reply}", forGood: false),
    };

    static void Must(Reply reply, string what) {
        if (!reply.IsGood) throw new ChannelDownException($"The mail server {what} {reply}");
    }

    async Task<Reply> Ask(string line, CancellationToken ct) {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);
        return await Read(ct);
    }

    async Task<Reply> Read(CancellationToken ct) {
        var lines = new List<string>();
        while (lines.Count < MostLines) {
            var line = await ReadLine(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code) || line.Length > 3 && line[3] is not (' ' or '-')) throw new IOException("The mail server does not speak SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-') continue;
            var first = lines[^1].Split(' ')[0];
            return new(code, first.Length <= 9 && first.Split('.') is { Length: 3 } parts && parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit)) ? first : "", lines);
        }
        throw new IOException("The mail server does not come to an end.");
    }

    async Task<string> ReadLine(CancellationToken ct) {
        while (true) {
            if (Array.IndexOf(buffer, (byte)'\n', start, end - start) is >= 0 and var at) {
                var line = Encoding.ASCII.GetString(buffer, start, at - start).TrimEnd('\r');
                start = at + 1;
                return line;
            }
            if (start > 0) {
                Array.Copy(buffer, start, buffer, 0, end - start);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length) throw new IOException("The mail server's line is too long.");
            var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
            if (read == 0) throw new IOException("The mail server has hung up.");
            end += read;
        }
    }

    public void Dispose() {
        try {
            stream.Write("QUIT\r\n"u8);
        } catch (Exception e) when (e is IOException or InvalidOperationException or NotSupportedException or AuthenticationException) { /* It has been ended otherwise. */ }
        stream.Dispose();
        client.Dispose();
    }
}
