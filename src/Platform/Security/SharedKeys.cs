using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Cpd.Platform.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Security;

/// <summary>
/// The keys that protect cookies and the tokens of forms lie in the database, so that hosts share sign-ins and a backup holds them.
/// With <c>Keys:Certificate</c> (a PKCS #12 file; its password in <c>Keys:Password</c>) new keys are encrypted to that certificate.
/// </summary>
sealed class SharedKeys(Dialect dialect, TimeProvider clock, string formerFolder) : IXmlRepository {
    const string Select = "SELECT Element FROM platform_SharedKey ORDER BY StoredAt, Id";
    const string Insert = """
        INSERT INTO platform_SharedKey (Id, Name, Element, StoredAt)
        SELECT @Id, @Name, @Element, @Now
        WHERE NOT EXISTS (SELECT 1 FROM platform_SharedKey WHERE Name = @Name)
        """;

    public static void Add(IServiceCollection services, IConfiguration configuration, string dataFolder) {
        services.AddSingleton(p => new SharedKeys(p.GetRequiredService<Dialect>(), p.GetRequiredService<TimeProvider>(), Path.Combine(dataFolder, "keys")));
        var protection = services.AddDataProtection().SetApplicationName("cpd");
        services.AddOptions<KeyManagementOptions>().Configure<SharedKeys>((options, keys) => options.XmlRepository = keys);
        if (configuration["Keys:Certificate"] is { Length: > 0 } file)
            protection.ProtectKeysWithCertificate(X509CertificateLoader.LoadPkcs12FromFile(file, configuration["Keys:Password"]));
    }

    // The framework asks for keys once a day and makes one every few months, always without waiting.
    public IReadOnlyCollection<XElement> GetAllElements() => Read(CancellationToken.None).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) =>
        Store([(friendlyName, element.ToString(SaveOptions.DisableFormatting))], CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>
    /// Keys that an older version kept in the data folder are taken over, so that nobody is signed out by the upgrade, and only then
    /// removed from it: a secret lies in one place. Hosts that share the folder may do it at once.
    /// </summary>
    public async Task TakeOver(CancellationToken ct) {
        if (!Directory.Exists(formerFolder)) return;
        var found = new List<(string Name, string Element)>();
        foreach (var file in Directory.GetFiles(formerFolder, "*.xml")) {
            try {
                found.Add((Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file, ct)));
            } catch (FileNotFoundException) { /* Another host has just taken it. */ }
        }
        await Store(found, ct);
        foreach (var (name, _) in found) File.Delete(Path.Combine(formerFolder, name + ".xml"));
    }

    async Task<IReadOnlyCollection<XElement>> Read(CancellationToken ct) {
        await using var db = new Db(dialect);
        return [.. (await db.List<string>(Select, null, ct)).Select(text => XElement.Parse(text))];
    }

    async Task Store(List<(string Name, string Element)> keys, CancellationToken ct) {
        if (keys.Count == 0) return;
        await using var db = new Db(dialect);
        await db.Write(() => db.Execute(Insert, keys.Select(k => new { Id = Ids.New(clock), k.Name, k.Element, Now = clock.GetUtcNow().UtcDateTime }).ToList(), ct), ct);
    }
}
