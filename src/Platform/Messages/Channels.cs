using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>A way out of the house for messages. Throws when the message was not taken.</summary>
public interface IMailChannel {
    Task Send(Post post, CancellationToken ct);
}

/// <summary>The whole channel takes nothing at the moment, whatever the message. <paramref name="rest"/> is for how long, where it says so.</summary>
public sealed class ChannelDownException(string what, Exception? inner = null, TimeSpan? rest = null) : Exception(what, inner) {
    public TimeSpan? Rest => rest;
}

/// <summary>Where messages go: <c>Mail:Channel</c> is Folder (default: files under the data folder, nothing leaves the machine) or Smtp.</summary>
static class Channels {
    public static IMailChannel For(IConfiguration configuration, string dataFolder) => configuration["Mail:Channel"] switch {
        null or "Folder" => new FolderChannel(Path.Combine(dataFolder, "mail"), new Sender(configuration)),
        "Smtp" => new SmtpChannel(Needed(configuration, "Mail:Host"),
            configuration.GetValue("Mail:Port", 25), configuration.GetValue("Mail:StartTls", true), Needed(configuration, "Mail:From")),
        var other => throw new InvalidOperationException($"Mail:Channel is '{other}'; it must be Folder or Smtp."),
    };

    static string Needed(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : throw new InvalidOperationException($"{key} is not set.");

    /// <summary>For mail programs that have a button of their own to end such messages.</summary>
    static IEnumerable<(string Name, string Value)> Refusal(Post post) => post.Refuse is { } address ? [("List-Unsubscribe", $"<{address}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] : [];

    /// <summary>The same message in several forms, of which the reader's program shows the last that it knows.</summary>
    static IEnumerable<(string Type, string Text)> Forms(Post post) {
        yield return ("text/plain; charset=utf-8", post.Text);
        yield return ("text/html; charset=utf-8", post.Html);
        if (post.Calendar is { } calendar) yield return ($"text/calendar; method={calendar.Method}; charset=utf-8", calendar.Text);
    }

    sealed class FolderChannel(string folder, Sender sender) : IMailChannel {
        public async Task Send(Post post, CancellationToken ct) {
            Directory.CreateDirectory(folder);
            var boundary = $"part-{post.Id:N}";
            var head = $"Message-ID: <{post.Id:N}@localhost>\r\nFrom: {sender.Address.Address}\r\nTo: {post.Recipient}\r\nSubject: {post.Subject}\r\nMIME-Version: 1.0\r\n";
            var text = string.Concat(Forms(post).Select(f => $"--{boundary}\r\nContent-Type: {f.Type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{f.Text.ReplaceLineEndings("\r\n")}\r\n"));
            var more = string.Concat(Refusal(post).Select(h => $"{h.Name}: {h.Value}\r\n"));
            await File.WriteAllTextAsync(Path.Combine(folder, $"{post.Id:N}.eml"), $"{head}{more}Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n{text}--{boundary}--\r\n", ct);
        }
    }

    sealed class SmtpChannel(string host, int port, bool startTls, string from) : IMailChannel {
        public async Task Send(Post post, CancellationToken ct) {
            using var message = new MailMessage(from, post.Recipient) { Subject = post.Subject, SubjectEncoding = Encoding.UTF8 };
            // The same message keeps its id if it is sent again, so that the reader's mail program can see it.
            message.Headers.Add("Message-ID", $"<{post.Id:N}@{message.From!.Host}>");
            message.Headers.Add("Auto-Submitted", "auto-generated");
            foreach (var (name, value) in Refusal(post)) message.Headers.Add(name, value);
            // Base 64, so that no server on the way changes the ends or the folds of its lines.
            foreach (var (type, text) in Forms(post)) message.AlternateViews.Add(new AlternateView(new MemoryStream(Encoding.UTF8.GetBytes(text)), new ContentType(type)) { TransferEncoding = TransferEncoding.Base64 });
            using var client = new SmtpClient(host, port) { EnableSsl = startTls };
            try {
                await client.SendMailAsync(message, ct);
            } catch (SmtpException e) when (e.StatusCode == SmtpStatusCode.ServiceNotAvailable || e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NetworkUnreachable or SocketError.HostUnreachable }) {
                throw new ChannelDownException("The mail server takes nothing.", e);
            }
        }
    }
}
