using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Cpd.Platform.Data;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Backups;

/// <summary>
/// <c>backup</c>, <c>restore</c> and <c>verify</c> on the command line. They work on files and start no host: a backup before an upgrade must not migrate,
/// and a restore has the folder for itself. Exit code 0 is done, 1 not done, 2 asked wrongly.
/// </summary>
static class BackupCommands {
    public static IEnumerable<BareCommand> All => [
        new("backup", "backup FILE|FOLDER [--keep N]    back up the data folder while the service runs", (site, words, _, ct) => Said(async () => {
            if (words is not [var target] || !int.TryParse(site.Configuration["keep"] ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var keep)) return Usage("backup FILE|FOLDER [--keep N]");
            var (file, manifest) = await BackUp.Run(Data(site, "backed up"), target, keep, Product, site.Clock.GetUtcNow().UtcDateTime, ct);
            Console.WriteLine($"Backed up to {file} ({Size(new FileInfo(file).Length)})");
            Say(manifest);
            return 0;
        })),
        new("restore", "restore FILE [--replace]         put a backup into the data folder; no host may run on it", (site, words, flags, ct) => Said(async () => {
            if (words is not [var archive]) return Usage("restore FILE [--replace]");
            var data = Data(site, "restored");
            var (manifest, replaced) = await Restore.Run(data, archive, flags.Contains("--replace"), site.Migrations, site.Clock.GetUtcNow().UtcDateTime, ct);
            Console.WriteLine($"Restored {archive} into {data.Folder}");
            Say(manifest);
            if (replaced is not null) Console.WriteLine($"What was there before is in {replaced}. Delete it when you are sure.");
            Console.WriteLine(manifest.Schema < site.Migrations[^1].Number ? $"Its schema is {manifest.Schema}; the next start brings it to {site.Migrations[^1].Number}." : "Start the service.");
            return 0;
        })),
        new("verify", "verify FILE                      read a backup through and look at its databases", (_, words, _, ct) => Said(async () => {
            if (words is not [var archive]) return Usage("verify FILE");
            var manifest = await Restore.Verify(archive, ct);
            Console.WriteLine($"{archive} is whole.");
            Say(manifest);
            return 0;
        })),
    ];

    static string Product => typeof(BackupCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    static DataFolder Data(CommandSite site, string done) {
        var options = new DatabaseOptions();
        site.Configuration.GetSection("Database").Bind(options);
        return EmbeddedFile.Of(options, site.DataFolder) is { } database ? new(site.DataFolder, database)
            : throw new BackupRefused($"This service keeps its data in a database server, so it is {done} with the server's own tools. docs/operate.md says how, under \"Back up and restore\". Nothing was done.");
    }

    static async Task<int> Said(Func<Task<int>> work) {
        try {
            return await work();
        } catch (Exception e) when (e is BackupRefused or IOException or UnauthorizedAccessException or DbException or InvalidOperationException) {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    static int Usage(string usage) {
        Console.Error.WriteLine($"Usage: {usage}");
        return 2;
    }

    static void Say(Manifest manifest) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"Made {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC by version {manifest.Product}, schema {manifest.Schema}. {manifest.Files.Count} {(manifest.Files.Count == 1 ? "file" : "files")}, {Size(manifest.Files.Sum(f => f.Bytes))}: hashes, integrity and foreign keys are right."));

    static string Size(long bytes) => bytes < 1_000_000 ? $"{Math.Ceiling(bytes / 1_000.0):0} kB" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");
}
