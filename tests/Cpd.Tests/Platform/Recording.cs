using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Cpd.Platform.Data;
using Microsoft.Data.SqlClient;

namespace Cpd.Tests.Platform;

/// <summary>Stands where a server would: keeps what it is sent, with parameters of SqlClient's own kind, and answers with nothing.</summary>
sealed class RecordingDialect : Dialect {
    public List<(string Sql, IReadOnlyList<SqlParameter> Parameters)> Sent { get; } = [];
    public Exception? OnCommit { get; set; }
    public Queue<Exception> OnStatement { get; } = [];
    public Func<Exception, bool> Lost { get; set; } = _ => false;
    public int Opened { get; private set; }
    public int Commits { get; set; }

    public override int LongestList => 1_500;
    public override string PageSuffix => "";
    public override string CountTables => "";
    public override string Ddl(string statement) => statement;
    public override bool IsUniqueViolation(Exception e) => false;
    public override bool IsTransient(Exception e, bool committing) => !committing && Lost(e);

    public override Task<DbConnection> Open(CancellationToken ct) {
        Opened++;
        return Task.FromResult<DbConnection>(new RecordingConnection(this));
    }

    public override async Task<WriteTurn> BeginWrite(Func<Task<DbConnection>> own, bool alone, CancellationToken ct) =>
        await own() is var connection ? new OwnTransaction(connection, await connection.BeginTransactionAsync(ct)) : throw new UnreachableException();
}

sealed class RecordingConnection(RecordingDialect dialect) : DbConnection {
    ConnectionState state = ConnectionState.Open;
    public RecordingDialect Dialect => dialect;
    public void Break() => state = ConnectionState.Closed;
    [AllowNull] public override string ConnectionString { get; set; } = "";
    public override string Database => "";
    public override string DataSource => "";
    public override string ServerVersion => "";
    public override ConnectionState State => state;
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
    public override void Open() => state = ConnectionState.Open;
    public override void Close() => state = ConnectionState.Closed;
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        state == ConnectionState.Open ? new Transaction(this) : throw new InvalidOperationException("The connection is closed.");
    protected override DbCommand CreateDbCommand() => new RecordingCommand(this);

    sealed class Transaction(RecordingConnection connection) : DbTransaction {
        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;
        protected override DbConnection DbConnection => connection;
        public override void Commit() {
            connection.Dialect.Commits++;
            if (connection.Dialect.OnCommit is { } e) throw e;
        }
        public override void Rollback() { }
    }
}

sealed class RecordingCommand(RecordingConnection connection) : DbCommand {
    readonly SqlCommand inner = new();
    [AllowNull] public override string CommandText { get; set; } = "";
    public override int CommandTimeout { get; set; }
    public override CommandType CommandType { get; set; }
    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    protected override DbConnection? DbConnection { get; set; } = connection;
    protected override DbParameterCollection DbParameterCollection => inner.Parameters;
    protected override DbTransaction? DbTransaction { get; set; }
    public override void Cancel() { }
    public override void Prepare() { }
    protected override DbParameter CreateDbParameter() => new SqlParameter();
    public override object? ExecuteScalar() { Record(); return null; }
    public override int ExecuteNonQuery() { Record(); return 1; }
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) {
        Record();
        using var none = new DataTable();
        return none.CreateDataReader();
    }

    void Record() {
        connection.Dialect.Sent.Add((CommandText, [.. inner.Parameters.Cast<SqlParameter>()]));
        if (!connection.Dialect.OnStatement.TryDequeue(out var e)) return;
        if (connection.Dialect.Lost(e)) connection.Break();
        throw e;
    }

    protected override void Dispose(bool disposing) {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
