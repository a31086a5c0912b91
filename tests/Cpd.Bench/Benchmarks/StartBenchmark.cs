using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Cpd.Bench.Data;

namespace Cpd.Bench;

/// <summary>How long the published service takes from nothing to its first page, beside an ASP.NET Core program that does nothing; and how heavy a first visit is.</summary>
sealed partial class StartBenchmark : Benchmark {
    public override string Name => "start";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var set = await DataSet.Get(measuring.Quick ? "quick" : "L", ct);
        // Publishing takes longer than all the rest, so --quick starts what it was built with.
        var (service, empty) = measuring.Quick ? (AppContext.BaseDirectory, null) : (await Published.Host(ct), await Published.Empty(measuring.Folder, ct));
        string[] ours = ["dotnet", Path.Combine(service, "Cpd.Host.dll"), "--data", set.Folder, "--Logs:Console=false"];
        string[] nothing = empty is null ? [] : ["dotnet", Path.Combine(empty, "Empty.dll"), "--Logging:LogLevel:Default=None"];
        List<double> times = [], references = [];
        // In turns, so that what else the machine does falls on both alike.
        for (var i = 0; i < measuring.Rounds(1, 9); i++) {
            times.Add(await Start(ours, service, "/courses", ct));
            if (empty is not null) references.Add(await Start(nothing, empty, "/", ct));
        }
        measuring.Add(new($"from nothing to the first page of the catalogue ({set.Name})", Median(times), "ms", empty is null ? null : "an empty ASP.NET Core program", empty is null ? null : Median(references), 3, LessIsBetter: true));
        if (!measuring.Quick) await Weigh(measuring, set, service, ct);
    }

    static async Task<double> Start(string[] command, string folder, string path, CancellationToken ct) {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0)) {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "--urls", client.BaseAddress.ToString()]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try {
            _ = process.StandardOutput.ReadToEndAsync(ct);
            _ = process.StandardError.ReadToEndAsync(ct);
            while (watch.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited) {
                try {
                    using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), ct);
                    if (answer.StatusCode == HttpStatusCode.OK) return watch.Elapsed.TotalMilliseconds;
                } catch (HttpRequestException) { await Task.Delay(2, ct); }
            }
            throw new InvalidOperationException($"{command[1]} did not answer.");
        } finally {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>What a browser loads at a first visit: the page, its style, its scripts and what those import, each as compressed as it is sent.</summary>
    static async Task Weigh(Measuring measuring, DataSet set, string service, CancellationToken ct) {
        await using var host = await HostProcess.Start(set.Folder, service, ["--Jobs:Enabled=false"], ct: ct);
        using var client = host.Client();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        var (html, page) = await Load(client, "/courses", ct);
        var total = page;
        var wanted = new Queue<string>(Asset().Matches(html).Select(m => m.Groups[1].Value));
        var seen = new HashSet<string>(wanted);
        while (wanted.TryDequeue(out var address)) {
            var (text, bytes) = await Load(client, address, ct);
            total += bytes;
            if (address.Contains(".js", StringComparison.Ordinal)) foreach (Match import in Import().Matches(text)) if (seen.Add(import.Groups[1].Value)) wanted.Enqueue(import.Groups[1].Value);
        }
        measuring.Add(new($"first visit to the catalogue: page ({page / 1000.0:0.0} kB) with {seen.Count} assets, compressed", total / 1000.0, "kB", Floor: 100, LessIsBetter: true));
    }

    static async Task<(string Text, long Bytes)> Load(HttpClient client, string address, CancellationToken ct) {
        using var answer = await client.GetAsync(new Uri(WebUtility.HtmlDecode(address), UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
        var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
        await using Stream plain = answer.Content.Headers.ContentEncoding.FirstOrDefault() switch {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var reader = new StreamReader(plain);
        return (await reader.ReadToEndAsync(ct), bytes.Length);
    }

    static double Median(List<double> of) => of.Order().ElementAt(of.Count / 2);

    [GeneratedRegex("<(?:link rel=\"(?:stylesheet|icon)\"|script)[^>]*(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("from\\s*\"(/[^\"]+)\"")]
    private static partial Regex Import();
}
