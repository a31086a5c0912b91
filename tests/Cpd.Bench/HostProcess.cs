using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Cpd.Bench;

/// <summary>The service in a process of its own on a free port of the loopback, which a drill may kill. Only what was started here is ever ended.</summary>
sealed class HostProcess : IAsyncDisposable {
    readonly Process process;
    readonly StringBuilder output = new();

    HostProcess(Process process, Uri address) {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }
    public int Id => process.Id;
    public bool HasExited => process.HasExited;
    public string Output { get { lock (output) return output.ToString(); } }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="program">The folder with Cpd.Host.dll; this build's own when not given.</param>
    /// <param name="arguments">Settings, as --Name=value.</param>
    /// <param name="environment">Variables beside the inherited ones, such as a library to load first.</param>
    /// <param name="wrapper">A program that starts it, such as a tracer, with that program's arguments.</param>
    public static async Task<HostProcess> Start(string data, string? program = null, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? wrapper = null, CancellationToken ct = default) {
        program ??= AppContext.BaseDirectory;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        IReadOnlyList<string> command = [.. wrapper ?? [], "dotnet", Path.Combine(program, "Cpd.Host.dll"), "--urls", address.ToString(), "--data", data, "--Logs:Console=false", "--Limits:AttemptsPerMinute=1000000", .. arguments ?? []];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = program, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var host = new HostProcess(new Process { StartInfo = start }, address);
        host.process.OutputDataReceived += (_, line) => { lock (host.output) host.output.AppendLine(line.Data); };
        host.process.ErrorDataReceived += (_, line) => { lock (host.output) host.output.AppendLine(line.Data); };
        host.process.Start();
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        await host.UntilReady(ct);
        return host;
    }

    /// <summary>A client of it, with a key or without. Many connections, since a drill is many users.</summary>
    public HttpClient Client(string? apiKey = null) {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        if (apiKey is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return client;
    }

    /// <summary>Its memory now, in MiB.</summary>
    public double ResidentMiB() => Status("VmRSS:");

    /// <summary>The most memory it has had since it began or since <see cref="ForgetPeak"/>, in MiB.</summary>
    public double PeakMiB() => Status("VmHWM:");

    /// <summary>The processors' time it has used since it began.</summary>
    public TimeSpan ProcessorTime() {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>From here on <see cref="PeakMiB"/> counts anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    double Status(string line) => double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(line, StringComparison.Ordinal)).Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;

    /// <summary>Ends it as a power cut of the process would: SIGKILL, nothing is run down.</summary>
    public async Task Kill() {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>Kills the service inside its wrapper, and waits until the wrapper has written what it has to write and ended.</summary>
    public async Task KillWrapped() {
        var children = await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children");
        foreach (var child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries)) {
            using var service = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
            service.Kill();
        }
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync() {
        await Kill();
        process.Dispose();
    }

    async Task UntilReady(CancellationToken ct) {
        using var client = Client();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2) && !process.HasExited; await Task.Delay(50, ct)) {
            try {
                using var response = await client.GetAsync(new Uri("/health/live", UriKind.Relative), ct);
                if (response.IsSuccessStatusCode) return;
            } catch (HttpRequestException) { /* It is not listening yet. */ }
        }
        await DisposeAsync();
        throw new InvalidOperationException("The service did not start:\n" + Output);
    }

    static int FreePort() {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
