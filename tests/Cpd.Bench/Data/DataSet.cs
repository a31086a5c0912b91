using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cpd.Platform.Data;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench.Data;

/// <summary>How much there is of everything: so many authorities of mean size, for so many years of which the last quarter lies ahead.</summary>
sealed record DataSize(string Name, int Authorities, double Years, double Scale) {
    public static IReadOnlyList<DataSize> All { get; } = [
        new("quick", 1, 1, 0.1), // for --quick: shows that the workloads run
        new("S", 1, 1, 1),       // a mean authority, one year
        new("M", 17, 5, 1),      // a region, five years
        new("L", 153, 5, 1),     // England, five years
    ];
}

/// <summary>
/// A data folder of the service, filled by <see cref="Generator"/>. It is kept for later runs under the temporary folder (or CPD_BENCH_DATA),
/// by the hash of the migrations and the generator's version, and made anew when it is older than 45 days, because it must have sessions ahead.
/// </summary>
sealed record DataSet(string Name, string Folder, DateOnly AsOf, double Seconds, IReadOnlyDictionary<string, long> Rows) {
    public const string Password = "three plain words";
    const int DaysKept = 45;

    [JsonIgnore] public string Database => Path.Combine(Folder, "cpd.db");
    [JsonIgnore] public double Gigabytes => new FileInfo(Database).Length / 1e9;

    public SqliteConnection Open() {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    /// <summary>Ids, numbers or addresses that a benchmark needs to begin with, by a query of its own.</summary>
    public IReadOnlyList<T> Pick<T>(string sql, Func<SqliteDataReader, T> row) {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<T>();
        while (reader.Read()) found.Add(row(reader));
        return found.Count > 0 ? found : throw new InvalidOperationException($"The data set {Name} has nothing of this: {sql}");
    }

    public static Guid Id(SqliteDataReader reader, int column) => new((byte[])reader[column], bigEndian: true);

    /// <summary>A copy for whoever writes into it, on the disk: what is still to be written of it would hold up the first commits.</summary>
    public string CopyTo(string folder) {
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, "cpd.db");
        File.Copy(Database, copy, overwrite: true);
        using var file = File.OpenHandle(copy, access: FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        return folder;
    }

    /// <summary>The data set of this name, made if it is not there yet.</summary>
    public static async Task<DataSet> Get(string name, CancellationToken ct) {
        var size = DataSize.All.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException($"There is no data set {name}: there are {string.Join(", ", DataSize.All.Select(s => s.Name))}.", nameof(name));
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var root = Environment.GetEnvironmentVariable("CPD_BENCH_DATA") is { Length: > 0 } chosen ? chosen : Path.Combine(Path.GetTempPath(), "cpd-bench-data");
        var folder = Path.Combine(root, $"{name}-{Key()}");
        var manifest = Path.Combine(folder, "data-set.json");
        if (File.Exists(manifest) && JsonSerializer.Deserialize<DataSet>(await File.ReadAllTextAsync(manifest, ct)) is { } known && known.AsOf.AddDays(DaysKept) > today) return known with { Folder = folder };

        var making = $"{folder}.{Environment.ProcessId}";
        if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        Directory.CreateDirectory(making);
        var watch = Stopwatch.StartNew();
        // The service itself makes the tables and its reference data, so that nothing here repeats them.
        await using (await HostProcess.Start(making, arguments: ["--Jobs:Enabled=false"], ct: ct)) { }
        var rows = new Generator(size, today).Fill(Path.Combine(making, "cpd.db"), ct);
        var made = new DataSet(name, folder, today, watch.Elapsed.TotalSeconds, rows);
        await File.WriteAllTextAsync(Path.Combine(making, "data-set.json"), JsonSerializer.Serialize(made), ct);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(making, folder);
        return made;
    }

    /// <summary><c>./dev bench data S|M|L</c>: makes them, checks them, and says what is in them.</summary>
    internal static async Task<int> Make(IReadOnlyList<string> names, CancellationToken ct) {
        foreach (var name in names) {
            var set = await Get(name, ct);
            Console.WriteLine(FormattableString.Invariant($"{name}: {set.Gigabytes:0.00} GB in {set.Folder}, made in {set.Seconds:0} s as of {set.AsOf:yyyy-MM-dd}"));
            foreach (var (table, rows) in set.Rows) Console.WriteLine($"  {table,-34}{rows.ToString("N0", CultureInfo.InvariantCulture),14}");
            var wrong = Consistency.Problems(set, ct);
            foreach (var problem in wrong) Console.WriteLine("  WRONG: " + problem);
            Console.WriteLine(wrong.Count == 0 ? $"  consistent: {Consistency.Count} checks found nothing" : $"  {wrong.Count} of {Consistency.Count} checks failed");
            if (wrong.Count > 0) return 1;
        }
        return 0;
    }

    static string Key() {
        var all = string.Concat(Migration.In(Assembly.Load("Cpd.Host")).Select(m => m.Hash)) + Generator.Version;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..12];
    }
}
