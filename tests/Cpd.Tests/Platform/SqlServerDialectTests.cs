using System.Data;
using System.Reflection;
using System.Runtime.CompilerServices;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Microsoft.Data.SqlClient;

namespace Cpd.Tests.Platform;

/// <summary>What is sent to SQL Server, and what is made of its answers, as far as it shows without one.</summary>
public sealed class SqlServerDialectTests {
    const string Connection = "Server=db.example;Database=cpd;User Id=cpd;Password=x;Encrypt=false";
    static readonly Dialect Engine = Of(Connection);

    public SqlServerDialectTests() => SqlTypes.Register();

    static Dialect Of(string connectionString) => Dialect.For(new DatabaseOptions { Engine = "SqlServer", ConnectionString = connectionString }, "");

    [Fact]
    public void Options_NotGiven_AreSensible() {
        var options = Options(Connection);
        Assert.Equal(("cpd", false, false, 3, PoolBlockingPeriod.NeverBlock), (options.ApplicationName, options.MultipleActiveResultSets, (bool)options.Encrypt, options.ConnectRetryCount, options.PoolBlockingPeriod));
        Assert.Equal(30, options.CommandTimeout);
        Assert.Equal(0, Options(Engine.Patient).CommandTimeout);
    }

    [Fact]
    public void Options_Given_Stay() {
        var options = Options(Connection.Replace("Encrypt=false", "Encrypt=Strict;Application Name=ours;Connect Retry Count=7;MultipleActiveResultSets=true;Max Pool Size=9", StringComparison.Ordinal));
        Assert.Equal(("ours", 7, 9, SqlConnectionEncryptOption.Strict), (options.ApplicationName, options.ConnectRetryCount, options.MaxPoolSize, options.Encrypt));
        Assert.False(options.MultipleActiveResultSets);
    }

    [Fact]
    public void Options_NoDatabaseNamed_SaysWhatToWrite() =>
        Assert.Contains("must name the server and the database", Assert.Throws<InvalidOperationException>(() => Of("Server=db.example")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("CREATE TABLE a_B (\n    Name NVARCHAR(20) NOT NULL,\n    Text {LONGTEXT} NULL,\n    Id INT NOT NULL\n)", "CREATE TABLE a_B (\n    Name NVARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,\n    Text NVARCHAR(MAX) COLLATE Latin1_General_BIN2 NULL,\n    Id INT NOT NULL\n)")]
    [InlineData("ALTER TABLE a_B ADD Name NVARCHAR(20) NULL", "ALTER TABLE a_B ADD Name NVARCHAR(20) COLLATE Latin1_General_BIN2 NULL")]
    [InlineData("UPDATE a_B SET Name = CAST(Id AS NVARCHAR(20))", "UPDATE a_B SET Name = CAST(Id AS NVARCHAR(20))")]
    public void Ddl_TextColumns_CompareByteByByte(string written, string sent) => Assert.Equal(sent, Engine.Ddl(written));

    [Fact]
    public void Ddl_EveryTextColumnOfTheMigrations_IsGivenTheCollation() {
        var sent = Migration.In(typeof(Program).Assembly).SelectMany(m => m.Statements).Select(Engine.Ddl).ToList();
        var columns = sent.Sum(s => s.Split("NVARCHAR(").Length - 1);
        Assert.True(columns > 50);
        Assert.Equal(columns, sent.Sum(s => s.Split("COLLATE Latin1_General_BIN2").Length - 1));
    }

    [Theory]
    [InlineData(1205, 13, true, true)]      // deadlock
    [InlineData(3960, 16, true, true)]      // snapshot conflict
    [InlineData(40613, 17, true, true)]     // fail-over
    [InlineData(2627, 14, true, true)]      // somebody wrote the same key first, and no handler had an answer
    [InlineData(10054, 20, true, false)]    // the connection broke: in the commit nobody knows what was kept
    [InlineData(0, 20, true, false)]
    [InlineData(233, 20, true, false)]
    [InlineData(547, 16, false, false)]     // a CHECK or foreign key
    [InlineData(-2, 11, false, false)]      // a statement that took too long takes as long again
    [InlineData(208, 16, false, false)]     // no such table
    public void IsTransient_ByNumberAndClass(int number, byte severity, bool before, bool inCommit) =>
        Assert.Equal((before, inCommit), (Engine.IsTransient(Error(number, severity), false), Engine.IsTransient(Error(number, severity), true)));

    [Theory]
    [InlineData(2601, true)]
    [InlineData(2627, true)]
    [InlineData(547, false)]
    public void IsUniqueViolation_ByNumber(int number, bool duplicate) => Assert.Equal(duplicate, Engine.IsUniqueViolation(Error(number)));

    [Fact]
    public async Task Parameters_OfEachKind_AreTypedAsTheirColumns() {
        var sent = await Send(new {
            Id = Guid.Empty, NoId = (Guid?)null, AnId = (Guid?)Guid.Empty, Hash = new byte[32], NoHash = (byte[]?)null,
            At = new DateTime(2026, 10, 5, 9, 0, 0, 891, DateTimeKind.Utc), NoTime = (DateTime?)null, AtOnce = (DateTime?)new DateTime(2026, 10, 5, 9, 0, 0, 891, DateTimeKind.Utc),
            On = new DateOnly(2026, 10, 5), NoDay = (DateOnly?)null, OneDay = (DateOnly?)new DateOnly(2026, 10, 5),
            Text = "abc", NoText = (string?)null, Long = new string('x', 5000), Number = 5, NoNumber = (int?)null, Yes = true, Ages = AgeRanges.BirthToTwo, Many = 5L,
        });
        Assert.Equal([
            "Id VarBinary(16)", "NoId VarBinary null", "AnId VarBinary(16)", "Hash VarBinary(32)", "NoHash VarBinary null", "At DateTime2", "NoTime DateTime2 null", "AtOnce DateTime2",
            "On Date", "NoDay Date null", "OneDay Date", "Text NVarChar(4000)", "NoText NVarChar null", "Long NVarChar(-1)", "Number Int", "NoNumber Int null", "Yes Bit", "Ages Int", "Many BigInt",
        ], Described(sent));
        Assert.Equal(new DateTime(2026, 10, 5, 9, 0, 0, 891), sent.Single(p => p.ParameterName == "At").Value);
    }

    [Fact]
    public async Task Parameters_PutTogether_AreTypedAlike() {
        var sent = await Send(Db.Args(new { Id = Guid.Empty, Text = "abc" }, new { NoTime = (DateTime?)null, On = new DateOnly(2026, 10, 5) }));
        Assert.Equal(["Id VarBinary(16)", "NoTime DateTime2 null", "On Date", "Text NVarChar(4000)"], Described(sent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Parameters_Lists_ArePaddedAndNeverUntyped() {
        var (dialect, db) = Recorder();
        await db.Execute("DELETE FROM t WHERE Id IN @Ids", new { Ids = db.Ids(Enumerable.Range(0, 11).Select(_ => Ids.New(TimeProvider.System))) }, default);
        await db.Execute("DELETE FROM t WHERE Id IN @Ids", new { Ids = db.Ids([]) }, default);
        await db.Execute("DELETE FROM t WHERE Name IN @Names", new { Names = new[] { "a", "b" } }, default);
        Assert.Equal(20, dialect.Sent[0].Parameters.Count);
        Assert.All(dialect.Sent[0].Parameters, p => Assert.Equal((SqlDbType.VarBinary, 16), (p.SqlDbType, p.Size)));
        Assert.Equal(["Ids1 VarBinary(16)"], Described(dialect.Sent[1].Parameters));
        Assert.Equal(["Names1 NVarChar(4000)", "Names2 NVarChar(4000)"], Described(dialect.Sent[2].Parameters));
        Assert.Throws<ArgumentException>(() => db.Ids(Enumerable.Range(0, 1501).Select(_ => Ids.New(TimeProvider.System))));
    }

    [Fact]
    public void Days_AreTakenByTheClient() {
        var parameter = new SqlParameter { DbType = DbType.Date, Value = new DateOnly(2026, 10, 5) };
        // As the client does before it sends.
        typeof(SqlParameter).GetMethod("Validate", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(parameter, [0, false]);
        var coerced = typeof(SqlParameter).GetMethod("GetCoercedValue", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(parameter, null);
        Assert.Equal(new DateTime(2026, 10, 5), coerced);
    }

    [Fact]
    public async Task Write_ConnectionIsLostBeforeTheCommit_RunsAgainOnANewOne() {
        var (dialect, db) = Recorder();
        dialect.Lost = e => e is TimeoutException;
        dialect.OnStatement.Enqueue(new TimeoutException());
        await db.Write(() => db.Execute("DELETE FROM t", null, default), default);
        Assert.Equal((2, 2, 1), (dialect.Sent.Count, dialect.Opened, dialect.Commits));
    }

    [Fact]
    public async Task Write_ConnectionIsLostInTheCommit_IsNotDoneTwice() {
        var (dialect, db) = Recorder();
        dialect.Lost = e => e is TimeoutException;
        dialect.OnCommit = new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => db.Write(() => db.Execute("DELETE FROM t", null, default), default));
        Assert.Equal((1, 1), (dialect.Sent.Count, dialect.Commits));
    }

    [Fact]
    public async Task Execute_ConnectionWasLostMeanwhile_OpensAnother() {
        var (dialect, db) = Recorder();
        dialect.Lost = e => e is TimeoutException;
        dialect.OnStatement.Enqueue(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => db.Execute("DELETE FROM t", null, default));
        await db.Execute("DELETE FROM t", null, default);
        Assert.Equal(2, dialect.Opened);
    }

    static (RecordingDialect Dialect, Db Db) Recorder() => new RecordingDialect() is var dialect ? (dialect, new Db(dialect)) : default;

    static async Task<IReadOnlyList<SqlParameter>> Send(object args) {
        var (dialect, db) = Recorder();
        // Only what the statement names is sent.
        await db.Execute("DELETE FROM t WHERE 1 IN (@Id, @NoId, @AnId, @Hash, @NoHash, @At, @NoTime, @AtOnce, @On, @NoDay, @OneDay, @Text, @NoText, @Long, @Number, @NoNumber, @Yes, @Ages, @Many)", args, default);
        return dialect.Sent[0].Parameters;
    }

    static IEnumerable<string> Described(IEnumerable<SqlParameter> parameters) => parameters.Select(p => $"{p.ParameterName} {p.SqlDbType}" +
        (p.Value is DBNull ? " null" : p.SqlDbType is SqlDbType.VarBinary or SqlDbType.NVarChar ? $"({p.Size})" : ""));

    static SqlConnectionStringBuilder Options(string connectionString) => Options(Of(connectionString));

    static SqlConnectionStringBuilder Options(Dialect dialect) =>
        (SqlConnectionStringBuilder)dialect.GetType().GetField("options", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(dialect)!;

    static SqlException Error(int number, byte severity = 14) {
        var error = (SqlError)RuntimeHelpers.GetUninitializedObject(typeof(SqlError));
        void Set(string field, object value) => typeof(SqlError).GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(error, value);
        Set("_number", number);
        Set("_errorClass", severity);
        var errors = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        typeof(SqlErrorCollection).GetMethod("Add", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException).GetMethod("CreateException", BindingFlags.Static | BindingFlags.NonPublic, [typeof(SqlErrorCollection), typeof(string)])!.Invoke(null, [errors, "15.0"])!;
    }
}
