using System.Diagnostics;
using System.Globalization;
using Cpd.Bench.Data;

namespace Cpd.Bench;

/// <summary>An accreditor takes away a million records, beside the same query drained by a bare reader; memory must not follow the number of rows.</summary>
sealed class ExportsBenchmark : Benchmark {
    public override string Name => "exports";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var set = await DataSet.Get(measuring.Quick ? "quick" : "L", ct);
        var accreditor = set.Pick("SELECT Id FROM people_Organisation WHERE Kind = 'Accreditor' ORDER BY Id LIMIT 1", r => r.GetFieldValue<byte[]>(0))[0];
        var (from, to) = (set.AsOf.AddYears(-9), set.AsOf);
        // Once unmeasured, so that neither reads from a disk what the other left in memory.
        Bare(set, accreditor, from, to);
        await using var host = await HostProcess.Start(set.Folder, measuring.Quick ? null : await Published.Host(ct), arguments: ["--Jobs:Enabled=false"], ct: ct);
        using var client = host.Client("bench Accreditor 1");
        foreach (var format in (string[])["csv", "json"]) {
            var address = $"/api/v1/exports/accreditation-records?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&format={format}";
            // First a year, so that idle is a service that has exported before, on code that the runtime has compiled.
            await Drain(client, $"/api/v1/exports/accreditation-records?from={to.AddYears(-1):yyyy-MM-dd}&to={to:yyyy-MM-dd}&format={format}", ct);
            var idle = host.ResidentMiB();
            host.ForgetPeak();
            var watch = Stopwatch.StartNew();
            var (first, bytes, rows) = await Drain(client, address, ct);
            var seconds = watch.Elapsed.TotalSeconds;
            var peak = host.PeakMiB();
            var (bare, bareRows) = Bare(set, accreditor, from, to);
            if (rows != bareRows) throw new InvalidOperationException($"The export holds {rows} rows, the query {bareRows}.");
            var what = $"{rows.ToString("N0", CultureInfo.InvariantCulture)} accreditation records as {format.ToUpperInvariant()} ({bytes / 1_000_000} MB)";
            measuring.Add(new($"{what}: rows", rows / seconds, "a second", "the same query by a bare reader", bareRows / bare, 0.5));
            measuring.Add(new($"{what}: first byte after", first * 1000, "ms", Floor: 1000, LessIsBetter: true));
            measuring.Add(new($"{what}: peak memory over idle ({idle:0} MiB)", peak - idle, "MiB", Floor: 64, LessIsBetter: true));
        }
    }

    /// <summary>Seconds until the first byte, how many bytes came, and how many records were in them (without the headings).</summary>
    static async Task<(double First, long Bytes, long Rows)> Drain(HttpClient client, string address, CancellationToken ct) {
        var watch = Stopwatch.StartNew();
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[128 * 1024];
        var (first, bytes, lines, objects) = (0.0, 0L, 0L, 0L);
        for (int got; (got = await body.ReadAsync(buffer, ct)) > 0; bytes += got) {
            if (bytes == 0) first = watch.Elapsed.TotalSeconds;
            // Neither an outcome nor a name of the data has a line break or brace of its own.
            lines += buffer.AsSpan(0, got).Count((byte)'\n');
            objects += buffer.AsSpan(0, got).Count((byte)'{');
        }
        return (first, bytes, address.EndsWith("csv", StringComparison.Ordinal) ? lines - 1 : objects);
    }

    /// <summary>Every column of every row read, and nothing done with them.</summary>
    static (double Seconds, long Rows) Bare(DataSet set, byte[] accreditor, DateOnly from, DateOnly to) {
        using var connection = set.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT CourseTitle, AccreditorName, AccreditationReference, LearnerName, HappenedOn, EndsAt, Mode, Minutes, ParticipatoryMinutes, IssuerName, Number, IssuedAt, ValidUntil, RevokedAt
            FROM accreditation_Certificate
            WHERE AccreditorId IN (@Accreditor) AND HappenedOn >= @From AND HappenedOn <= @To
            ORDER BY AccreditorId, HappenedOn, Id
            """;
        command.Parameters.AddWithValue("@Accreditor", accreditor);
        command.Parameters.AddWithValue("@From", from);
        command.Parameters.AddWithValue("@To", to);
        var watch = Stopwatch.StartNew();
        using var reader = command.ExecuteReader();
        var values = new object[reader.FieldCount];
        long rows = 0;
        for (; reader.Read(); rows++) reader.GetValues(values);
        return (watch.Elapsed.TotalSeconds, rows);
    }
}
