using Cpd.Platform.Backups;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Microsoft.Extensions.Configuration;

namespace Cpd.Platform;

/// <summary>
/// What stands on the command line: a command with its words, flags, and settings for the configuration (<c>--key value</c>, <c>--key=value</c>).
/// A path is a word here; the configuration's own reader would take "/srv/x" for a key and what follows for its value.
/// </summary>
/// <param name="Command">Null: run the web server.</param>
public sealed record CommandLine(string? Command, IReadOnlyList<string> Words, IReadOnlySet<string> Flags, string[] Settings) {
    static readonly string[] KnownFlags = ["--demo", "--replace"];

    public static CommandLine Parse(IReadOnlyList<string> args) {
        List<string> words = [], settings = [];
        var flags = new HashSet<string>();
        for (var i = 0; i < args.Count; i++) {
            if (KnownFlags.Contains(args[i])) flags.Add(args[i]);
            else if (!args[i].StartsWith("--", StringComparison.Ordinal)) words.Add(args[i]);
            else {
                settings.Add(args[i]);
                if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count) settings.Add(args[++i]);
            }
        }
        return new(words.FirstOrDefault(), [.. words.Skip(1)], flags, [.. settings]);
    }
}

/// <summary>What a command needs that works without the application: where its files are, and what this build knows.</summary>
public sealed record CommandSite(IConfiguration Configuration, string DataFolder, IReadOnlyList<Migration> Migrations, TimeProvider Clock);

/// <summary>Something an operator runs beside a host or without one: nothing is built or migrated for it.</summary>
public sealed record BareCommand(string Name, string Usage, Func<CommandSite, IReadOnlyList<string>, IReadOnlySet<string>, CancellationToken, Task<int>> Run) {
    public static IReadOnlyList<BareCommand> All { get; } = [.. BackupCommands.All, HealthCommand.Command];
}
