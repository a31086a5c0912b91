namespace Cpd.Bench;

/// <summary>Programs that a drill needs and a machine may not have.</summary>
static class Tools {
    /// <summary>True when a program can be started by its name.</summary>
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
