using Microsoft.Data.Sqlite;

namespace Cpd.Bench.Data;

/// <summary>
/// Rows into one table, as fast as the provider takes them: one prepared INSERT that is bound anew for each row. It names the columns it
/// fills, so a column that a later migration adds with a default is not its concern.
/// </summary>
sealed class BulkTable : IDisposable {
    readonly SqliteCommand insert;

    public BulkTable(SqliteConnection connection, string table, params string[] columns) {
        Table = table;
        insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@{i}"))})";
        for (var i = 0; i < columns.Length; i++) insert.Parameters.Add(new SqliteParameter($"@{i}", null));
        insert.Prepare();
    }

    public string Table { get; }
    public long Rows { get; private set; }

    /// <summary>One row, in the order of the columns. An id is its 16 bytes; times and days become text in the provider's own form.</summary>
    public void Add(params ReadOnlySpan<object?> values) {
        for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        insert.ExecuteNonQuery();
        Rows++;
    }

    public void Dispose() => insert.Dispose();
}

/// <summary>UUIDs of version 7 for moments of the past: each greater than the one before, so that indexes grow at their end as in years of use.</summary>
sealed class Keys(Random random) {
    long last;
    int counter;

    public byte[] At(DateTime time) {
        var ms = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        if (ms > last) (last, counter) = (ms, 0);
        else if (++counter > 0xFFF) (last, counter) = (last + 1, 0);
        var key = new byte[16];
        random.NextBytes(key.AsSpan(8));
        for (var i = 0; i < 6; i++) key[i] = (byte)(last >> (40 - 8 * i));
        key[6] = (byte)(0x70 | counter >> 8);
        key[7] = (byte)counter;
        key[8] = (byte)(0x80 | key[8] & 0x3F);
        return key;
    }
}
