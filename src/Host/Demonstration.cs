using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.Host;

/// <summary>
/// Fills an empty database through the modules' own commands. It builds the application once with a clock that it moves, so that
/// past sessions are booked and held on their own days, and then lets the real one start.
/// </summary>
static class Demonstration {
    public static async Task FillIfEmpty(string[] args, DateTimeOffset today) {
        var clock = new MovableClock(today);
        await using var app = Program.Build([.. args, "--Jobs:Enabled=false"], clock, demo: true);
        var file = Path.Combine(Data(app), "demo.json");
        await app.Prepare(CancellationToken.None);
        if (File.Exists(file)) return;
        if (!await IsEmpty(app)) throw new InvalidOperationException("--demo fills an empty database only, and this one holds data. Name another folder with --data.");
        Console.WriteLine("Filling the demonstration. This takes about half a minute, once.");
        var book = new DemoBook(app.Services, clock, today);
        foreach (var module in Program.Modules) {
            await module.FillDemo(book, CancellationToken.None);
            await book.Settle(CancellationToken.None);
        }
        await book.DoWhatWasPutOff();
        await book.Settle(CancellationToken.None);
        // Written last and in one move: where it exists, the demonstration is whole.
        await File.WriteAllTextAsync(file + ".new", book.ToJson(Address(app)));
        File.Move(file + ".new", file);
    }

    public static void SayWhereToClick(WebApplication app) =>
        Console.WriteLine($"""

            The demonstration is ready at {Address(app)}
            Its accounts, with their passwords, are listed in {Path.Combine(Data(app), "demo.json")}
            The emails that people would have been sent are at {Address(app)}/mail
            """);

    static async Task<bool> IsEmpty(WebApplication app) {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Db>().One<int>("SELECT COUNT(*) FROM platform_Outbox", null, CancellationToken.None) == 0;
    }

    static string Data(WebApplication app) => Path.GetFullPath(app.Configuration["data"] ?? "var");
    static string Address(WebApplication app) => (app.Configuration["urls"] ?? "http://localhost:5080").Split(';')[0];
}
