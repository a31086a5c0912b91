using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cpd.Bench;

/// <summary>Programs as they are shipped: published for release into a folder of the run.</summary>
static class Published {
    static string? host;

    /// <summary>The service, published once for all benchmarks of this run.</summary>
    public static async Task<string> Host(CancellationToken ct) {
        if (host is not null) return host;
        var to = Directory.CreateTempSubdirectory("cpd-bench-host-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(to, recursive: true);
        await Publish(Path.Combine(Root(), "src", "Host"), to, ct);
        return host = to;
    }

    /// <summary>An ASP.NET Core program that does nothing but answer "/", with nothing of ours in it.</summary>
    public static async Task<string> Empty(string folder, CancellationToken ct) {
        var (source, to) = (Path.Combine(folder, "empty"), Path.Combine(folder, "published-empty"));
        Directory.CreateDirectory(source);
        await File.WriteAllTextAsync(Path.Combine(source, "Empty.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """, ct);
        await File.WriteAllTextAsync(Path.Combine(source, "Program.cs"), """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/", () => "Hello");
            app.Run();
            """, ct);
        await Publish(source, to, ct);
        return to;
    }

    static async Task Publish(string project, string to, CancellationToken ct) {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-o", to, "-v", "q", "--nologo"]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{project} could not be published:\n{output}");
    }

    /// <summary>The repository, above this program.</summary>
    public static string Root() {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Cpd.sln"))) return folder.FullName;
        throw new InvalidOperationException("This benchmark publishes the service and so needs the repository around it.");
    }
}
