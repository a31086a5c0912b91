using System.Net.Http.Headers;
using System.Text.Json;
using Cpd.Host;
using Microsoft.AspNetCore.Hosting;

namespace Cpd.Tests;

/// <summary>The application on the demonstration's data, filled once a test run as <c>--demo</c> fills it, with the clock at <see cref="CpdApp.Start"/>.</summary>
public sealed class DemoApp : CpdApp {
    static readonly Lazy<string> Template = new(FilledOnce);
    readonly Lazy<JsonElement> demo;

    // A file is filled once and copied; a server's database is filled for each.
    public DemoApp() : base(TestDatabase.OnSqlServer ? null : Template.Value) => demo = new(() => {
        _ = Services;
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "demo.json"))).RootElement;
    });

    public JsonElement Demo => demo.Value;

    protected override void ConfigureWebHost(IWebHostBuilder builder) {
        if (TestDatabase.OnSqlServer) Fill(Folder, TestDatabase);
        base.ConfigureWebHost(builder);
    }

    public JsonElement Account(string role, string authority = "Thurrock") => Demo.GetProperty("accounts").EnumerateArray()
        .First(a => a.GetProperty("role").GetString() == role && a.GetProperty("authority").GetString() == authority);

    /// <summary>A browser signed in through the sign-in page with an account of demo.json.</summary>
    public async Task<Browser> SignIn(string role, string authority = "Thurrock") {
        var account = Account(role, authority);
        var browser = Browser();
        var page = await (await browser.Get("/sign-in")).Post([("Email", account.GetProperty("email").GetString()), ("Password", account.GetProperty("password").GetString())]);
        Assert.NotNull(page.RedirectsTo);
        return browser;
    }

    /// <summary>A program with the key that demo.json holds for a role.</summary>
    public HttpClient Key(string role, string authority = "Thurrock") {
        var owner = Account(role, authority).GetProperty("email").GetString();
        var key = Demo.GetProperty("apiKeys").EnumerateArray().First(k => k.GetProperty("role").GetString() == role && k.GetProperty("owner").GetString() == owner).GetProperty("key").GetString();
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    static string FilledOnce() {
        var folder = Directory.CreateTempSubdirectory("cpd-demo-").FullName;
        using var database = new TestDatabase(folder);
        Fill(folder, database);
        CloseIntoOneFile(folder);
        return folder;
    }

    static void Fill(string folder, TestDatabase database) {
        var host = Path.Combine(AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal)], "src", "Host");
        Demonstration.FillIfEmpty(["--data", folder, "--contentRoot", host, "--applicationName", "Cpd.Host", "--environment", "Development", "--Logs:Console=false",
            .. database.Settings.Select(s => $"--{s.Key}={s.Value}")], Start).GetAwaiter().GetResult();
    }
}
