using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>Journeys move their site's clock, so they go one after the other; the walk over all pages has a site of its own beside them.</summary>
[CollectionDefinition(nameof(Journeys))]
public sealed class Journeys : ICollectionFixture<Site>;

/// <summary>The whole service with its demonstration, on a real port, with a clock that a journey moves; and a browser to visit it.</summary>
public sealed class Site : IAsyncLifetime {
    readonly string folder = Directory.CreateTempSubdirectory("cpd-browser-").FullName;
    WebApplication? app;
    IPlaywright? playwright;

    public string Address { get; private set; } = "";
    public MovableClock Clock { get; } = new(TimeProvider.System.GetUtcNow());
    public IBrowser Chromium { get; private set; } = null!;
    public JsonElement Demo { get; private set; }

    public async ValueTask InitializeAsync() {
        Address = $"http://localhost:{FreePort()}";
        string[] args = ["--data", folder, "--urls", Address, "--contentRoot", Path.Combine(Root, "src", "Host"), "--applicationName", "Cpd.Host", "--environment", "Development",
            "--Jobs:Enabled=false", "--Logs:Console=false", "--Limits:AttemptsPerMinute=100000"];
        await Cpd.Host.Demonstration.FillIfEmpty(args, Clock.GetUtcNow());
        app = Program.Build(args, Clock);
        await app.Prepare(CancellationToken.None);
        await app.StartAsync();
        Demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "demo.json"))).RootElement;
        playwright = await Playwright.CreateAsync();
        Chromium = await Start();
    }

    /// <summary>A browser with switches of its own: a false camera, say. Whoever starts one ends it.</summary>
    public Task<IBrowser> Start(params string[] switches) => playwright!.Chromium.LaunchAsync(new() {
        ExecutablePath = Environment.GetEnvironmentVariable("CPD_CHROMIUM") ?? "/usr/bin/chromium", Headless = true,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. switches],
    });

    /// <summary>A number that no page shows.</summary>
    public async Task<int> Count(string sql, Guid id) {
        await using var scope = app!.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Db>().One<int>(sql, new { Id = id }, CancellationToken.None);
    }

    /// <summary>A fresh browser profile. Script off means off for the whole visit.</summary>
    public async Task<IPage> Visit(bool script = true, int width = 1280) {
        var context = await Chromium.NewContextAsync(new() { BaseURL = Address, JavaScriptEnabled = script, ViewportSize = new() { Width = width, Height = 900 }, Locale = "en-GB" });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    /// <summary>An account of the demonstration: its email address and password.</summary>
    public (string Email, string Password) Account(string role, string authority) {
        var account = Demo.GetProperty("accounts").EnumerateArray().First(a => a.GetProperty("role").GetString() == role && a.GetProperty("authority").GetString() == authority);
        return (account.GetProperty("email").GetString()!, account.GetProperty("password").GetString()!);
    }

    public async Task SignIn(IPage page, string role, string authority = "Thurrock") {
        var (email, password) = Account(role, authority);
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Email address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>Lets every event have its effect, which the worker otherwise does within moments.</summary>
    public Task Settle() => app!.Services.GetRequiredService<OutboxWorker>().Drain(CancellationToken.None);

    /// <summary>The newest message that holds all these texts, once the worker has sent it.</summary>
    public async Task<string> Mail(params string[] texts) {
        var mail = Path.Combine(folder, "mail");
        for (var tries = 0; tries < 100; tries++, await Task.Delay(100))
            if (Directory.Exists(mail) && Directory.GetFiles(mail).OrderDescending().Select(File.ReadAllText).FirstOrDefault(m => texts.All(t => m.Contains(t, StringComparison.Ordinal))) is { } found) return found;
        throw new InvalidOperationException($"No message holds {string.Join(" and ", texts)}.");
    }

    public static string Root { get; } = FindRoot();

    static string FindRoot() {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cpd.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Cpd.sln is in no folder above the tests.");
    }

    static int FreePort() {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync() {
        if (Chromium is not null) await Chromium.DisposeAsync();
        playwright?.Dispose();
        if (app is not null) {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        Directory.Delete(folder, recursive: true);
    }
}
