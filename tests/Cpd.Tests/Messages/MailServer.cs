using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Cpd.Tests.Messages;

/// <summary>A message as mailparser reads it, and how it came.</summary>
sealed record Received(int Connection, bool Secure, string? User, string Greeting, string From, IReadOnlyList<string> To, string Raw, Party Sender, string Recipient, string? Subject, string MessageId, DateTimeOffset Date, string Text, string? Html,
    IReadOnlyDictionary<string, string> Headers, IReadOnlyList<ReceivedPart> Parts);

sealed record Party(string Address, string Name);

sealed record ReceivedPart(string Type, string Text);

/// <summary>smtp-server, somebody else's mail server, on the loopback in a process of its own (serve.mjs). Which recipients it refuses stands there.</summary>
sealed class MailServer : IAsyncDisposable {
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = true };
    readonly Process node;

    MailServer(Process node, int port, string certificate) => (this.node, Port, Certificate) = (node, port, certificate);

    public int Port { get; }
    /// <summary>A file with the certificate that it shows.</summary>
    public string Certificate { get; }

    public static async Task<MailServer> Start(string folder, string tls = "StartTls", string? user = null, string? password = null, string[]? methods = null, int? greeting = null, bool refuseSender = false) {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail server of a test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "mail-server.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        var wanted = JsonSerializer.Serialize(new { tls, user, password, methods, greeting, refuseSender, key = key.ExportPkcs8PrivateKeyPem(), cert = certificate.ExportCertificatePem() }, Web);
        var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder(), "serve.mjs"), wanted]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var ready = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The mail server did not start.");
        return new(node, JsonDocument.Parse(ready).RootElement.GetProperty("port").GetInt32(), file);
    }

    /// <summary>The next message that it has taken.</summary>
    public async Task<Received> Next() => JsonSerializer.Deserialize<Received>(await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) ?? "null", Web)!;

    public async ValueTask DisposeAsync() {
        // It ends with its input.
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
    }

    static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
