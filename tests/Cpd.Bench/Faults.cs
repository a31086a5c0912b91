using System.Diagnostics;

namespace Cpd.Bench;

/// <summary>Small libraries of C that are loaded before libc to make a disk slow, full or forgetful (folder Faults).</summary>
static class Faults {
    /// <returns>The library's path, or null where there is no C compiler.</returns>
    internal static async Task<string?> Compile(string name, string folder) {
        var library = Path.Combine(folder, name + ".so");
        try {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "Faults", name + ".c"), "-ldl"]))!;
            await gcc.WaitForExitAsync();
            return gcc.ExitCode == 0 ? library : throw new InvalidOperationException($"{name}.c does not compile.");
        } catch (System.ComponentModel.Win32Exception) {
            return null;
        }
    }
}
