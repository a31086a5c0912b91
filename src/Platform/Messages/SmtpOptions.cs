using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cpd.Platform.Web;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>How the connection to a mail server is encrypted: asked for after the greeting (usually port 587), from the first byte (465), or not at all.</summary>
enum SmtpTls { StartTls, Always, None }

/// <summary>Which mail server takes the emails. Read once; what makes no sense stops the start.</summary>
/// <param name="Authorities">Who vouches for the server's certificate instead of those whom the machine trusts.</param>
/// <param name="Greeting">The name with which this service presents itself.</param>
sealed record SmtpOptions(string Host, int Port, SmtpTls Tls, string? User, string? Password, X509Certificate2Collection? Authorities, MailAddress From, string Greeting) {
    internal static SmtpOptions Read(IConfiguration configuration, Sender sender, Site site) {
        Needed(configuration, "Mail:From");
        var tls = configuration["Mail:Tls"] is { Length: > 0 } said ? said : nameof(SmtpTls.StartTls);
        if (!Enum.TryParse<SmtpTls>(tls, out var how) || !Enum.IsDefined(how)) throw new InvalidOperationException($"Mail:Tls is '{tls}'; it must be StartTls, Always or None.");
        var port = configuration["Mail:Port"] is { Length: > 0 } named ? named : (how switch { SmtpTls.Always => "465", SmtpTls.StartTls => "587", _ => "25" });
        if (!ushort.TryParse(port, out var number) || number == 0) throw new InvalidOperationException($"Mail:Port is '{port}'; it must be a whole number from 1 to 65535.");
        var (user, password) = (configuration["Mail:User"], configuration["Mail:Password"]);
        if (string.IsNullOrEmpty(user) != string.IsNullOrEmpty(password)) throw new InvalidOperationException("Of Mail:User and Mail:Password only one is set; set both or neither.");
        if (!string.IsNullOrEmpty(user) && how == SmtpTls.None) throw new InvalidOperationException("Mail:User is set and Mail:Tls is None; a password is not sent over a connection that others can read.");
        return new(Needed(configuration, "Mail:Host"), number, how, user is { Length: > 0 } ? user : null, password, Certificates(configuration["Mail:Certificate"]), sender.Address, new Uri(site.Absolute("/")).Host);
    }

    static X509Certificate2Collection? Certificates(string? file) {
        if (string.IsNullOrEmpty(file)) return null;
        try {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? found : throw new CryptographicException("It holds none.");
        } catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException) {
            throw new InvalidOperationException($"Mail:Certificate is '{file}', which is no file of certificates in PEM: {e.Message}", e);
        }
    }

    static string Needed(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : throw new InvalidOperationException($"{key} is not set.");
}
