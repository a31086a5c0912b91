using System.Globalization;
using Cpd.Platform.Data;

namespace Cpd.Platform.Backups;

/// <summary>
/// Puts a backup in place of what a data folder holds. Everything is unpacked and looked through before anything is moved; what was there
/// is kept under a dated name. An older schema is migrated at the next start.
/// </summary>
static class Restore {
    /// <param name="known">The migrations of this build.</param>
    /// <returns>Where the replaced files are now, if there were any.</returns>
    /// <exception cref="BackupRefused">Nothing was changed.</exception>
    public static async Task<(Manifest Manifest, string? Replaced)> Run(DataFolder data, string archive, bool replace, IReadOnlyList<Migration> known, DateTime now, CancellationToken ct) {
        using var alone = HostLock.Alone(data.Database) ?? throw new BackupRefused($"A host or a backup uses {data.Folder}. Stop it first.");
        Directory.CreateDirectory(data.Folder);
        var held = data.Files().ToList();
        if (held.Count > 0 && !replace) throw new BackupRefused($"{data.Folder} holds data already. Restore into an empty folder, or say --replace: what is there is then kept beside it.");
        if (File.Exists(data.Database) && !IsClosed(data.Database)) throw new BackupRefused($"Another program has {data.Database} open. Stop it first.");

        var incoming = $"{data.Database}.{now:yyyyMMddHHmmss}.partial";
        try {
            var manifest = await BackupFile.Read(archive, incoming, ct);
            Check(manifest, incoming, known);
            // From here to its removal, this folder keeps hosts from starting on half of each.
            var restoring = HostLock.Unfinished(data.Database);
            if (Directory.Exists(restoring)) Directory.Delete(restoring, recursive: true);
            Directory.Move(incoming, restoring);
            var replaced = held.Count > 0 ? SetAside(data, held, now) : null;
            foreach (var kept in manifest.Files) Move(Path.Combine(restoring, kept.Path), data.PathOf(kept.Path));
            Directory.Delete(restoring, recursive: true);
            return (manifest, replaced);
        } finally {
            if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
        }
    }

    /// <summary>Unpacks a backup, looks through its databases and throws the copy away.</summary>
    public static async Task<Manifest> Verify(string archive, CancellationToken ct) {
        var folder = Directory.CreateTempSubdirectory("cpd-verify-").FullName;
        try {
            var manifest = await BackupFile.Read(archive, folder, ct);
            Check(manifest, folder, null);
            return manifest;
        } finally {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Check(Manifest manifest, string folder, IReadOnlyList<Migration>? known) {
        var had = DataFolder.Check(Path.Combine(folder, DataFolder.DatabaseName), "The database in the backup");
        if (had[^1].Number != manifest.Schema) throw new BackupRefused($"The backup says schema {manifest.Schema} and holds schema {had[^1].Number}.");
        foreach (var other in manifest.Files.Where(f => DataFolder.IsDatabase(f.Path)))
            if (EmbeddedFile.Faults(Path.Combine(folder, other.Path)) is { Count: > 0 } faults) throw new BackupRefused($"{other.Path} in the backup is damaged:\n  {string.Join("\n  ", faults)}");
        if (known is null) return;
        var hashes = known.ToDictionary(m => m.Number, m => m.Hash);
        foreach (var (number, hash) in had) {
            if (!hashes.TryGetValue(number, out var mine))
                throw new BackupRefused($"The backup is of a newer version, {manifest.Product}: its schema is {manifest.Schema} and this program knows {known[^1].Number}. Restore it with that version.");
            if (mine != hash) throw new BackupRefused($"Migration {number} of the backup is not this program's: it was made by another build, {manifest.Product}.");
        }
    }

    /// <summary>A damaged database can't be closed into one file; it is set aside with its log.</summary>
    static bool IsClosed(string database) {
        try {
            return EmbeddedFile.TryClose(database);
        } catch (System.Data.Common.DbException) {
            return true;
        }
    }

    static string SetAside(DataFolder data, IEnumerable<(string Name, string Path)> held, DateTime now) {
        var aside = Path.Combine(data.Folder, now.ToString("'replaced-'yyyyMMdd-HHmmss'Z'", CultureInfo.InvariantCulture));
        foreach (var (name, path) in held)
            foreach (var suffix in DataFolder.IsDatabase(name) ? (string[])["", "-wal", "-shm", "-journal"] : [""])
                if (File.Exists(path + suffix)) Move(path + suffix, Path.Combine(aside, name + suffix));
        return aside;
    }

    static void Move(string from, string to) {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to);
    }
}
