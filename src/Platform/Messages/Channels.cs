using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Cpd.Platform.Calendars;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>A way out of the house for messages. Throws when the message was not taken.</summary>
public interface IMailChannel {
    /// <param name="calendar">What the message holds for its reader's calendar; mail programs show it in place of the text or beside it.</param>
    Task Send(Guid id, string recipient, string subject, string body, CalendarPart? calendar, CancellationToken ct);
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

    static MailMessage Message(Guid id, string from, string recipient, string subject, string body, CalendarPart? calendar) {
        // A line break in a subject would begin a header of its own.
        var message = new MailMessage(from, recipient, subject.ReplaceLineEndings(" "), body) { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        // The same message keeps its id if it is sent again, so that the reader's mail program can see it.
        message.Headers.Add("Message-ID", $"<{id:N}@{message.From!.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (calendar is not null) {
            // Base 64, so that no server on the way changes the ends or the folds of its lines.
            message.AlternateViews.Add(new AlternateView(new MemoryStream(Encoding.UTF8.GetBytes(calendar.Text)), new ContentType(TypeOf(calendar))) { TransferEncoding = TransferEncoding.Base64 });
        }
        return message;
    }

    static string TypeOf(CalendarPart calendar) => $"text/calendar; method={calendar.Method}; charset=utf-8";

    sealed class FolderChannel(string folder, Sender sender) : IMailChannel {
        public async Task Send(Guid id, string recipient, string subject, string body, CalendarPart? calendar, CancellationToken ct) {
            Directory.CreateDirectory(folder);
            var head = $"Message-ID: <{id:N}@localhost>\r\nFrom: {sender.Address.Address}\r\nTo: {recipient}\r\nSubject: {subject.ReplaceLineEndings(" ")}\r\nMIME-Version: 1.0\r\n";
            var text = $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body.ReplaceLineEndings("\r\n")}\r\n";
            if (calendar is not null) {
                var boundary = $"part-{id:N}";
                text = $"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{text}--{boundary}\r\nContent-Type: {TypeOf(calendar)}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{calendar.Text}--{boundary}--\r\n";
            }
            await File.WriteAllTextAsync(Path.Combine(folder, $"{id:N}.eml"), head + text, ct);
        }
    }

    sealed class SmtpChannel(string host, int port, bool startTls, string from) : IMailChannel {
        public async Task Send(Guid id, string recipient, string subject, string body, CalendarPart? calendar, CancellationToken ct) {
            using var message = Message(id, from, recipient, subject, body, calendar);
            using var client = new SmtpClient(host, port) { EnableSsl = startTls };
            try {
                await client.SendMailAsync(message, ct);
            } catch (SmtpException e) when (e.StatusCode == SmtpStatusCode.ServiceNotAvailable || e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NetworkUnreachable or SocketError.HostUnreachable }) {
                throw new ChannelDownException("The mail server takes nothing.", e);
            }
        }
    }
}
