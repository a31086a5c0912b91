using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cpd.Bench.Http;

/// <summary>The reference of all pages: an ASP.NET Core endpoint in a process of its own that does nothing but return so many bytes.</summary>
sealed class EmptyHost : IAsyncDisposable {
    internal const string Command = "empty-host";
    readonly Process process;

    EmptyHost(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<EmptyHost> Start(CancellationToken ct) {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cpd.Bench.dll"), Command]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The empty host did not start.");
        return new(process, new Uri(line));
    }

    /// <summary>The other side, in the process of its own: /{bytes}.</summary>
    internal static async Task<int> Serve(CancellationToken ct) {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.AddServerHeader = false);
        await using var app = builder.Build();
        byte[] body = [];
        app.MapGet("/{bytes:int}", (int bytes, HttpResponse response) => {
            if (body.Length != bytes) {
                body = new byte[bytes];
                Array.Fill(body, (byte)'x');
            }
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = bytes;
            return response.Body.WriteAsync(body, 0, bytes);
        });
        await app.StartAsync(ct);
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    public static string Of(double bytes) => "/" + ((int)bytes).ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync() {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
