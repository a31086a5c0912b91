using System.Net.Http.Headers;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Cpd.Tests;

/// <summary>
/// The whole application on a migrated database of its own, with a clock that the test moves. Use it as a class fixture:
/// <c>public sealed class BookPlaceTests(CpdApp app) : IClassFixture&lt;CpdApp&gt;</c>. Outbox and mail run only when a test drains them.
/// </summary>
public class CpdApp : WebApplicationFactory<Program> {
    /// <summary>A Monday in term, 10am in London.</summary>
    public static readonly DateTimeOffset Start = new(2026, 10, 5, 9, 0, 0, TimeSpan.Zero);
    static readonly Lazy<string> Template = new(MigratedOnce);

    readonly string folder = Directory.CreateTempSubdirectory("cpd-tests-").FullName;

    // A file can be copied. A server's database is made and migrated by the application itself, once for each.
    public CpdApp() : this(TestDatabase.OnSqlServer ? null : Template.Value) { }

    /// <param name="template">A folder whose database and demo.json are copied; null begins with nothing.</param>
    protected CpdApp(string? template) {
        if (template is not null)
            foreach (var file in Directory.GetFiles(template, "*.*").Where(f => Path.GetFileName(f) is "cpd.db" or "demo.json")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        TestDatabase = new TestDatabase(folder);
        ClientOptions.BaseAddress = new Uri("https://localhost");
        ClientOptions.AllowAutoRedirect = false;
        Given = new Given(this);
    }

    public MovableClock Clock { get; } = new(Start);
    public DateTime Now => Clock.GetUtcNow().UtcDateTime;
    public Given Given { get; }
    public string Folder => folder;
    public TestDatabase TestDatabase { get; }

    protected override void ConfigureWebHost(IWebHostBuilder builder) {
        builder.UseEnvironment("Development");
        builder.UseSetting("data", folder);
        foreach (var (key, value) in TestDatabase.Settings) builder.UseSetting(key, value);
        builder.UseSetting("Jobs:Enabled", "false");
        builder.UseSetting("Logs:Console", "false");
        builder.UseSetting("Limits:AttemptsPerMinute", "100000");
        // What one test changes the next line reads; PublicPagesTests turn it on.
        builder.UseSetting("PublicPages:KeepMilliseconds", "0");
        builder.ConfigureTestServices(services => {
            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(Clock);
            // Workers would race with what a test looks at: it drains them when it wants their effects.
            foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is not null).ToList()) services.Remove(worker);
        });
    }

    /// <summary>Sends a command or question as someone; fails the test when it is refused.</summary>
    public async Task<T> Send<T>(Actor who, IRequest<Outcome<T>> request) => (await Ask(who, request)).Value;

    /// <summary>Sends a command or question as someone and gives the answer, whatever it is.</summary>
    public async Task<T> Ask<T>(Actor who, IRequest<T> request) {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(who.PersonId, who.Name, who.Grants);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
    }

    /// <summary>Runs something on the database itself: to arrange in bulk, or to look at what no page shows.</summary>
    public async Task<T> Database<T>(Func<Db, Task<T>> work) {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        return await db.Write(() => work(db), _ => true, CancellationToken.None);
    }

    public Task<int> Count(string table, string where = "1 = 1", object? args = null) =>
        Database(db => db.One<int>($"SELECT COUNT(*) FROM {table} WHERE {where}", args, CancellationToken.None));

    /// <summary>Lets every event have its effect.</summary>
    public Task DrainOutbox() => Services.GetRequiredService<OutboxWorker>().Drain(CancellationToken.None);

    /// <summary>Sends what is due and gives all messages sent so far, as the folder channel wrote them.</summary>
    public async Task<IReadOnlyList<string>> DrainMail() {
        await Services.GetRequiredService<MailWorker>().Drain(CancellationToken.None);
        var mail = Path.Combine(folder, "mail");
        return Directory.Exists(mail) ? [.. Directory.GetFiles(mail).Order().Select(File.ReadAllText)] : [];
    }

    /// <summary>A browser where nobody is signed in. It keeps cookies and does not follow redirects.</summary>
    public Browser Browser() => new(CreateClient());

    /// <summary>A browser where someone is signed in, with a session as the sign-in page makes it.</summary>
    public async Task<Browser> Browser(Actor who) {
        var accountId = await Given.Account(who);
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("localhost");
        await context.SignInAsync(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new("account", accountId.ToString())], "Session")));
        var client = CreateClient();
        foreach (var cookie in context.Response.Headers.SetCookie) client.DefaultRequestHeaders.Add("Cookie", cookie!.Split(';')[0]);
        return new Browser(client);
    }

    /// <summary>A program with a key of someone's first role.</summary>
    public async Task<HttpClient> Api(Actor who) {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Given.ApiKey(who));
        return client;
    }

    protected override void Dispose(bool disposing) {
        base.Dispose(disposing);
        if (disposing) TestDatabase.Dispose();
        if (disposing && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    static string MigratedOnce() {
        var first = new CpdApp(template: null);
        _ = first.Services;
        CloseIntoOneFile(first.folder);
        return first.folder;
    }

    /// <summary>Closes the write-ahead log into the file, so that the file alone is the database and can be copied.</summary>
    protected static void CloseIntoOneFile(string folder) {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "cpd.db")};Pooling=False");
        connection.Open();
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
    }
}
