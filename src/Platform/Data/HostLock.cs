namespace Cpd.Platform.Data;

/// <summary>
/// Who uses an embedded database: hosts and backups share it, a restore has it alone. It is a lock of the operating system on a file
/// beside the database, so it ends with its process, however that ends.
/// </summary>
public sealed class HostLock : IDisposable {
    readonly FileStream file;

    HostLock(FileStream file) => this.file = file;

    /// <exception cref="InvalidOperationException">A restore has it, or was cut short.</exception>
    public static HostLock Share(string database) {
        var unfinished = Unfinished(database);
        var taken = Take(database, FileShare.ReadWrite) ?? throw new InvalidOperationException($"A restore is under way in {Path.GetDirectoryName(database)}. Start again when it has ended.");
        if (!Directory.Exists(unfinished)) return taken;
        taken.Dispose();
        throw new InvalidOperationException($"A restore was cut short: {unfinished} is still there. Run the restore again with --replace.");
    }

    /// <returns>Null when a host or a backup uses the database.</returns>
    public static HostLock? Alone(string database) => Take(database, FileShare.None);

    /// <summary>Where a restore keeps what it is putting in place; it is there only while that lasts.</summary>
    public static string Unfinished(string database) => database + ".restoring";

    static HostLock? Take(string database, FileShare share) {
        Directory.CreateDirectory(Path.GetDirectoryName(database)!);
        try {
            return new(new FileStream(database + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, share));
        } catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)) {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
