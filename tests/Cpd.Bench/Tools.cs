using System.Diagnostics;

namespace Cpd.Bench;

/// <summary>Programs that a drill needs and a machine may not have.</summary>
static class Tools {
    /// <summary>True when a program can be started by its name.</summary>
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    /// <summary>Makes a library that a process loads before its own (LD_PRELOAD) out of Faults/{name}.c; gives its path.</summary>
    public static async Task<string> Preload(string name, string folder, CancellationToken ct) {
        var library = Path.Combine(folder, name + ".so");
        var start = new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "Faults", name + ".c"), "-ldl"]) { RedirectStandardError = true };
        using var gcc = Process.Start(start)!;
        var said = await gcc.StandardError.ReadToEndAsync(ct);
        await gcc.WaitForExitAsync(ct);
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException($"gcc could not make {name}: {said}");
    }
}
