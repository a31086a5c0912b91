using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Tests;
using Microsoft.Data.SqlClient;
using Xunit.v3;

[assembly: OnEngine]

namespace Cpd.Tests;

/// <summary>
/// A database of one's own on the engine of this test run, gone when disposed: a file, or with <c>CPD_TEST_ENGINE=sqlserver</c> a database
/// on the server that <c>CPD_TEST_SQLSERVER</c> names (a connection string; its login makes and drops databases).
/// </summary>
public sealed class TestDatabase(string folder) : IDisposable {
    const string Prefix = "cpd_test_";
    const string Stamp = "yyyyMMddHHmmss";
    static readonly Lazy<bool> Swept = new(Sweep);

    public static bool OnSqlServer { get; } = Environment.GetEnvironmentVariable("CPD_TEST_ENGINE") == "sqlserver";
    public static string? Server { get; } = Environment.GetEnvironmentVariable("CPD_TEST_SQLSERVER") is { Length: > 0 } given ? given : null;

    readonly string name = $"{Prefix}{TimeProvider.System.GetUtcNow().ToString(Stamp, CultureInfo.InvariantCulture)}_{Codes.Secret()[..8]}";
    readonly ConcurrentBag<Dialect> dialects = [];
    bool used;

    public DatabaseOptions Options {
        get {
            if (!OnSqlServer) return new() { ConnectionString = $"Data Source={Path.Combine(folder, "cpd.db")}" };
            used = Swept.Value;
            return new() { Engine = "SqlServer", ConnectionString = new SqlConnectionStringBuilder(Server) { InitialCatalog = name }.ConnectionString };
        }
    }

    /// <summary>The options as the host's settings; none for a file, which lies in the data folder.</summary>
    public IEnumerable<(string Key, string Value)> Settings => OnSqlServer && Options is var options ? [("Database:Engine", options.Engine), ("Database:ConnectionString", options.ConnectionString)] : [];

    public Dialect Dialect() {
        var dialect = Cpd.Platform.Data.Dialect.For(Options, folder);
        dialects.Add(dialect);
        return dialect;
    }

    public void Dispose() {
        foreach (var dialect in dialects) dialect.Dispose();
        if (!used) return;
        SqlConnection.ClearAllPools();
        using var master = Master();
        Drop(master, name);
    }

    static SqlConnection Master() {
        var connection = new SqlConnection(new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Drops what runs that were killed have left behind. What is younger may be another run's.</summary>
    static bool Sweep() {
        using var master = Master();
        var found = new List<string>();
        using (var select = new SqlCommand("SELECT name FROM sys.databases", master))
        using (var reader = select.ExecuteReader())
            while (reader.Read()) found.Add(reader.GetString(0));
        foreach (var old in found.Where(n => n.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && n.Length > Prefix.Length + Stamp.Length))
            if (DateTime.TryParseExact(old.Substring(Prefix.Length, Stamp.Length), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
                && TimeProvider.System.GetUtcNow() - made > TimeSpan.FromHours(3)) Drop(master, old);
        return true;
    }

    static void Drop(SqlConnection master, string name) {
        // The first throws out who is still connected; a server that does not know it may still drop the database.
        foreach (var statement in (string[])[$"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE", $"DROP DATABASE [{name}]"]) {
            try {
#pragma warning disable CA2100 // The name is made above.
                using var command = new SqlCommand(statement, master) { CommandTimeout = 120 };
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            } catch (SqlException e) {
                // What can't be dropped now is swept by a later run.
                TestContext.Current.SendDiagnosticMessage($"{statement}: {e.Message}");
            }
        }
    }
}

/// <summary>A run that asks for SQL Server and names no server skips every test, each by its own name, so that nobody takes it for a run.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class OnEngineAttribute : BeforeAfterTestAttribute {
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Assert.SkipWhen(TestDatabase.OnSqlServer && TestDatabase.Server is null,
        "CPD_TEST_SQLSERVER names no server to run on: set it to a connection string whose login may make databases.");
}

/// <summary>A test about the embedded engine itself. On another engine it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SqliteOnlyAttribute(string why) : BeforeAfterTestAttribute {
    public string Why { get; } = why;
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Assert.SkipWhen(TestDatabase.OnSqlServer, Why);
}
