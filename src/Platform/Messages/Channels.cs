using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>A way out of the house for messages. Throws when the message was not taken.</summary>
public interface IMailChannel {
    Task Send(Guid id, string recipient, string subject, string body, CancellationToken ct);
}

/// <summary>Where messages go: <c>Mail:Channel</c> is Folder (default: files under the data folder, nothing leaves the machine) or Smtp.</summary>
static class Channels {
    public static IMailChannel For(IConfiguration configuration, string dataFolder) => configuration["Mail:Channel"] switch {
        null or "Folder" => new FolderChannel(Path.Combine(dataFolder, "mail")),
        "Smtp" => new SmtpChannel(Needed(configuration, "Mail:Host"),
            configuration.GetValue("Mail:Port", 25), configuration.GetValue("Mail:StartTls", true), Needed(configuration, "Mail:From")),
        var other => throw new InvalidOperationException($"Mail:Channel is '{other}'; it must be Folder or Smtp."),
    };

    static string Needed(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : throw new InvalidOperationException($"{key} is not set.");

    static MailMessage Message(Guid id, string from, string recipient, string subject, string body) {
        // A line break in a subject would begin a header of its own.
        var message = new MailMessage(from, recipient, subject.ReplaceLineEndings(" "), body) { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        // The same message keeps its id if it is sent again, so that the reader's mail program can see it.
        message.Headers.Add("Message-ID", $"<{id:N}@{message.From!.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    sealed class FolderChannel(string folder) : IMailChannel {
        public async Task Send(Guid id, string recipient, string subject, string body, CancellationToken ct) {
            Directory.CreateDirectory(folder);
            var text = $"Message-ID: <{id:N}@localhost>\r\nTo: {recipient}\r\nSubject: {subject.ReplaceLineEndings(" ")}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body.ReplaceLineEndings("\r\n")}\r\n";
            await File.WriteAllTextAsync(Path.Combine(folder, $"{id:N}.eml"), text, ct);
        }
    }

    sealed class SmtpChannel(string host, int port, bool startTls, string from) : IMailChannel {
        public async Task Send(Guid id, string recipient, string subject, string body, CancellationToken ct) {
            using var message = Message(id, from, recipient, subject, body);
            using var client = new SmtpClient(host, port) { EnableSsl = startTls };
            await client.SendMailAsync(message, ct);
        }
    }
}
