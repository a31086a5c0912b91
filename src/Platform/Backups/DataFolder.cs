using Cpd.Platform.Data;

namespace Cpd.Platform.Backups;

/// <summary>Which files are the product's data: everything in the data folder but what is named here. What a module adds later is kept without being asked.</summary>
sealed class DataFolder(string folder, string database) {
    /// <summary>The database's name in an archive: a setting may have put it outside the data folder, under any name.</summary>
    public const string DatabaseName = "database.db";
    const string Inside = "folder/";
    // Logs are for reading, mail in a folder is for trying out, and what is being sent is noted in a file that its process holds locked;
    // the rest is what backups and restores leave behind.
    static readonly string[] NotData = ["logs", "mail", "sending", "backups"];

    public string Folder => folder;
    public string Database => database;

    /// <summary>Name in an archive and path of each file; embedded databases are the ones that end in ".db".</summary>
    public IEnumerable<(string Name, string Path)> Files() {
        if (File.Exists(database)) yield return (DatabaseName, database);
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) {
            var relative = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (file != database && IsData(relative)) yield return (Inside + relative, file);
        }
    }

    public string PathOf(string name) => name == DatabaseName ? database
        : name.StartsWith(Inside, StringComparison.Ordinal) && IsData(name[Inside.Length..]) ? Path.Combine(folder, name[Inside.Length..])
        : throw new BackupRefused($"The backup holds {name}, which this version does not know.");

    public static bool IsDatabase(string name) => name.EndsWith(".db", StringComparison.Ordinal);

    static bool IsData(string relative) {
        var parts = relative.Split('/');
        return !NotData.Contains(parts[0]) && !parts.Any(p => p is ".." || p.StartsWith("replaced-", StringComparison.Ordinal) || p.EndsWith(".restoring", StringComparison.Ordinal) || p.EndsWith(".partial", StringComparison.Ordinal))
            && !parts[^1].EndsWith(".lock", StringComparison.Ordinal) && !parts[^1].EndsWith("-wal", StringComparison.Ordinal) && !parts[^1].EndsWith("-shm", StringComparison.Ordinal)
            && !parts[^1].EndsWith("-journal", StringComparison.Ordinal) && !BackUp.IsBackup(parts[^1]);
    }

    /// <summary>What is wrong with a copy of the database, and which migrations it has had.</summary>
    /// <exception cref="BackupRefused">It is damaged, or another program's.</exception>
    public static IReadOnlyList<(int Number, string Hash)> Check(string copy, string what) {
        if (EmbeddedFile.Faults(copy) is { Count: > 0 } faults) throw new BackupRefused($"{what} is damaged:\n  {string.Join("\n  ", faults)}");
        return EmbeddedFile.Migrations(copy) is { Count: > 0 } had ? had : throw new BackupRefused($"{what} is not a database of this service.");
    }
}
