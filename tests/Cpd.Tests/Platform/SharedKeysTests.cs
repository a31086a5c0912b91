using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cpd.Platform.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>Hosts on one database understand each other's cookies and forms, whatever lies in their data folders.</summary>
public sealed class SharedKeysTests : IDisposable {
    readonly List<IDisposable> opened = [];
    readonly string other = Directory.CreateTempSubdirectory("cpd-tests-").FullName;

    [Fact]
    public async Task Get_SignedInOnAnotherHost_IsSignedInHereToo() {
        var app = Keep(new CpdApp());
        var who = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()), "Zoë Okafor");
        var here = await app.Browser(who);
        using var second = Second(app);
        var there = ClientLike(second, here);
        var page = await new Browser(there).Get("/account");
        Assert.Equal(HttpStatusCode.OK, page.Status);

        // A form that one host showed is taken by the other: its token and the cookie beside it are protected by the same keys.
        var form = await here.Get("/account");
        there.DefaultRequestHeaders.Add("Cookie", form.Response.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        var fields = form.Document.QuerySelectorAll("main form input[name=__RequestVerificationToken]").Select(i => KeyValuePair.Create("__RequestVerificationToken", i.GetAttribute("value")!));
        using var body = new FormUrlEncodedContent([.. fields]);
        var answer = await WebPage.Read(new Browser(there), await there.PostAsync(new Uri("/account", UriKind.Relative), body));
        Assert.Equal(["Enter your current password", "Enter a password"], answer.Errors);
    }

    [Fact]
    public async Task Start_KeysLieInTheDataFolder_AreTakenOverAndWhatTheyProtectIsStillRead() {
        var app = Keep(new CpdApp());
        var keys = new DirectoryInfo(Path.Combine(app.Folder, "keys"));
        var before = DataProtectionProvider.Create(keys, builder => builder.SetApplicationName("cpd")).CreateProtector("test").Protect("from before");
        var names = keys.GetFiles("*.xml").Select(f => Path.GetFileNameWithoutExtension(f.Name)).ToList();
        Assert.NotEmpty(names);

        Assert.Equal("from before", app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(before));
        Assert.Equal(1, await app.Count("platform_SharedKey", "Name = @Name", new { Name = names[0] }));
        Assert.Empty(keys.GetFiles());
        using var second = Second(app);
        Assert.Equal("from before", second.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(before));
    }

    [Fact]
    public async Task Start_CertificateIsNamed_NewKeysAreEncryptedToIt() {
        var file = Path.Combine(other, "keys.pfx");
        using (var rsa = RSA.Create(2048)) {
            var request = new CertificateRequest("CN=cpd", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
            await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
        }
        var app = Keep(new Bare());
        void Encrypted(IWebHostBuilder builder) {
            builder.UseSetting("Keys:Certificate", file);
            builder.UseSetting("Keys:Password", "secret");
        }
        using var first = app.WithWebHostBuilder(Encrypted);
        var written = first.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("kept");
        await using var db = new Db(app.TestDatabase.Dialect());
        var elements = await db.List<string>("SELECT Element FROM platform_SharedKey", null, default);
        Assert.NotEmpty(elements);
        Assert.All(elements, e => {
            Assert.Contains("EncryptedData", e, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", e, StringComparison.Ordinal);
        });
        using var second = app.WithWebHostBuilder(Encrypted);
        Assert.Equal("kept", second.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(written));
    }

    T Keep<T>(T app) where T : IDisposable {
        opened.Add(app);
        return app;
    }

    /// <summary>Another host on the same database, with a data folder of its own.</summary>
    WebApplicationFactory<Program> Second(CpdApp app) => Keep(app.WithWebHostBuilder(b => {
        b.UseSetting("data", other);
        b.UseSetting("Database:Engine", app.TestDatabase.Options.Engine);
        b.UseSetting("Database:ConnectionString", app.TestDatabase.Options.ConnectionString);
    }));

    static HttpClient ClientLike(WebApplicationFactory<Program> host, Browser browser) {
        var client = host.CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false, HandleCookies = false });
        foreach (var cookie in browser.Client.DefaultRequestHeaders.GetValues("Cookie")) client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    public void Dispose() {
        foreach (var app in opened.AsEnumerable().Reverse()) app.Dispose();
        Directory.Delete(other, recursive: true);
    }

    /// <summary>Begins without any key.</summary>
    sealed class Bare() : CpdApp(null);
}
