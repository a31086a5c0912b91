using System.Text;
using Cpd.Platform.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cpd.Platform.Messages;

/// <summary>A way out of the house for messages. Throws when the message was not taken.</summary>
public interface IMailChannel {
    /// <returns>After how long it can be asked what became of the message; null when it can't.</returns>
    Task<TimeSpan?> Send(Post post, CancellationToken ct);
}

/// <summary>What a channel hears of a message after it has taken it. A temporary failure: the mailbox was full or the phone off for days. A permanent one: there is no such address.</summary>
public enum Delivery { Delivered, TemporaryFailure, PermanentFailure, TechnicalFailure }

/// <summary>The whole channel takes nothing at the moment, whatever the message. <paramref name="rest"/> is for how long, where it says so.</summary>
public sealed class ChannelDownException(string what, Exception? inner = null, TimeSpan? rest = null) : Exception(what, inner) {
    public TimeSpan? Rest => rest;
}

/// <summary>The channel works and has not taken this message. The reason is shown to officers: no address stands in it.</summary>
/// <param name="forGood">It never will be taken, however often it is tried.</param>
/// <param name="noSuchAddress">It is the address that was refused, not what was written to it.</param>
public sealed class MessageRefusedException(string why, bool forGood = true, bool noSuchAddress = false) : Exception(why) {
    public bool ForGood => forGood;
    public bool NoSuchAddress => noSuchAddress;
}

/// <summary>Whether text messages can be sent at all; where they can't, nobody is asked for a mobile number.</summary>
public sealed record TextMessages(bool CanBeSent);

/// <summary>
/// Where messages go: <c>Mail:Channel</c> is Folder (default: files under the data folder, nothing leaves the machine), Smtp or Notify. Text messages go
/// by Notify once it has a template for them, whatever carries the emails, and into the folder with them.
/// </summary>
static class Channels {
    internal static void AddChannels(this IServiceCollection services, IConfiguration configuration, string dataFolder, bool demo) {
        var sender = new Sender(configuration);
        services.AddSingleton(sender);
        // Nobody in a demonstration has an address of their own: whatever is set, nothing leaves the machine.
        var name = demo ? "Folder" : configuration["Mail:Channel"] ?? "Folder";
        services.AddSingleton(p => new FolderMails(name == "Folder" && (demo || p.GetRequiredService<IHostEnvironment>().IsDevelopment()) ? FolderChannel.At(dataFolder) : null));
        if (name == "Folder") {
            services.AddSingleton(new TextMessages(true));
            services.AddSingleton<IMailChannel>(new FolderChannel(FolderChannel.At(dataFolder), sender));
            return;
        }
        var texts = configuration["Notify:TextTemplate"] is { Length: > 0 };
        services.AddSingleton(new TextMessages(texts));
        if (texts || name == "Notify") {
            var notify = NotifyOptions.Read(configuration);
            services.AddSingleton(p => new NotifyChannel(notify, p.GetRequiredService<TimeProvider>()));
        }
        switch (name) {
            case "Smtp":
                var smtp = SmtpOptions.Read(configuration, sender, new Site(configuration));
                services.AddSingleton(p => new SmtpChannel(smtp, p.GetRequiredService<TimeProvider>()));
                services.AddSingleton<IMailChannel>(p => new PartedChannel(p.GetRequiredService<SmtpChannel>(), p.GetService<NotifyChannel>()));
                break;
            case "Notify": services.AddSingleton<IMailChannel>(p => p.GetRequiredService<NotifyChannel>()); break;
            default: throw new InvalidOperationException($"Mail:Channel is '{name}'; it must be Folder, Smtp or Notify.");
        }
    }

    /// <summary>Emails go one way and text messages another.</summary>
    sealed class PartedChannel(IMailChannel mail, IMailChannel? texts) : IMailChannel {
        public async Task<TimeSpan?> Send(Post post, CancellationToken ct) {
            if (!post.IsText) return await mail.Send(post, ct);
            if (texts is null) throw new MessageRefusedException("Text messages are not set up");
            try {
                return await texts.Send(post, ct);
            } catch (ChannelDownException e) {
                // Emails don't rest because texts can't go.
                throw new MessageRefusedException(e.Message, forGood: false);
            }
        }
    }
}

/// <summary>Writes each message to a file that mail programs open: for development and demonstrations, and until a mail server is set up.</summary>
sealed class FolderChannel(string folder, Sender sender) : IMailChannel {
    internal static string At(string dataFolder) => Path.Combine(dataFolder, "mail");

    public async Task<TimeSpan?> Send(Post post, CancellationToken ct) {
        Directory.CreateDirectory(folder);
        // Readable as it stands: UTF-8 throughout, which mail programs take from a file.
        var text = new StringBuilder($"Message-ID: <{post.Id:N}@localhost>\r\nFrom: {sender.Address.Address}\r\nTo: {Mime.OneLine(post.Recipient)}\r\nSubject: {Mime.OneLine(post.Subject)}\r\nMIME-Version: 1.0\r\n");
        foreach (var (name, value) in Mime.Refusal(post)) text.Append(name).Append(": ").Append(value).Append("\r\n");
        var forms = Mime.Forms(post).Select(f => $"Content-Type: {f.Type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{f.Text.ReplaceLineEndings("\r\n")}\r\n").ToList();
        var boundary = $"part-{post.Id:N}";
        text.Append(forms.Count == 1 ? forms[0] : $"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n{string.Concat(forms.Select(f => $"--{boundary}\r\n{f}"))}--{boundary}--\r\n");
        await File.WriteAllTextAsync(Path.Combine(folder, $"{post.Id:N}.eml"), text.ToString(), ct);
        return null;
    }
}
