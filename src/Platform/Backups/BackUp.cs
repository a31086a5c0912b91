using System.Globalization;
using System.Text.RegularExpressions;
using Cpd.Platform.Data;

namespace Cpd.Platform.Backups;

/// <summary>
/// Makes a backup while hosts run. The databases are copied at one moment each, looked through, packed with everything else, read back,
/// and only then given their name: a file that is called a backup is one.
/// </summary>
static partial class BackUp {
    /// <param name="target">A file, or a folder in which it gets a name of its own.</param>
    /// <param name="keep">In a folder: how many backups stay, this one counted; 0 keeps all.</param>
    /// <exception cref="BackupRefused">There is nothing to back up, or it is damaged. Nothing was written or removed then.</exception>
    public static async Task<(string File, Manifest Manifest)> Run(DataFolder data, string target, int keep, string product, DateTime now, CancellationToken ct) {
        if (!File.Exists(data.Database)) throw new BackupRefused($"There is no database at {data.Database}. Name the data folder with --data.");
        using var users = HostLock.Share(data.Database);
        var isFolder = Directory.Exists(target) || Path.EndsInDirectorySeparator(target) || !Path.HasExtension(target);
        var folder = isFolder ? target : Path.GetDirectoryName(Path.GetFullPath(target))!;
        var file = isFolder ? Path.Combine(target, now.ToString("'cpd-'yyyyMMdd-HHmmss'Z.zip'", CultureInfo.InvariantCulture)) : Path.GetFullPath(target);
        Directory.CreateDirectory(folder);
        RemoveLeftOvers(folder, now);

        var work = Directory.CreateDirectory(file + ".partial");
        try {
            if (!OperatingSystem.IsWindows()) work.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            var files = new List<(string Name, string Source)>();
            var schema = 0;
            foreach (var (name, path) in data.Files().ToList()) {
                if (Path.GetFullPath(path) == file) continue;
                if (!DataFolder.IsDatabase(name)) {
                    files.Add((name, path));
                    continue;
                }
                var copy = Path.Combine(work.FullName, $"{files.Count}.db");
                try {
                    EmbeddedFile.Copy(path, copy);
                } catch (Exception e) when (EmbeddedFile.IsDamage(e)) {
                    throw new BackupRefused($"{path} is damaged:\n  {e.Message}");
                }
                if (name == DataFolder.DatabaseName) schema = DataFolder.Check(copy, path)[^1].Number;
                else if (EmbeddedFile.Faults(copy) is { Count: > 0 } faults) throw new BackupRefused($"{path} is damaged:\n  {string.Join("\n  ", faults)}");
                files.Add((name, copy));
            }
            var packed = Path.Combine(work.FullName, "backup.zip");
            await BackupFile.Write(packed, kept => new(1, product, schema, now, kept), files, ct);
            var manifest = await BackupFile.Read(packed, null, ct);
            File.Move(packed, file, overwrite: true);
            if (isFolder && keep > 0) Rotate(folder, keep);
            return (file, manifest);
        } finally {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Whether a file has the name that a backup in a folder gets.</summary>
    public static bool IsBackup(string name) => Name().IsMatch(name);

    static void Rotate(string folder, int keep) {
        foreach (var old in Directory.GetFiles(folder).Where(f => IsBackup(Path.GetFileName(f))).OrderDescending(StringComparer.Ordinal).Skip(keep)) File.Delete(old);
    }

    /// <summary>What a backup that was killed has left: another one that runs at this moment is younger.</summary>
    static void RemoveLeftOvers(string folder, DateTime now) {
        foreach (var left in Directory.GetDirectories(folder, "*.partial").Where(d => Directory.GetLastWriteTimeUtc(d) < now.AddDays(-1))) Directory.Delete(left, recursive: true);
    }

    [GeneratedRegex(@"^cpd-\d{8}-\d{6}Z\.zip$")]
    private static partial Regex Name();
}
