using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cpd.Platform.Data;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench;

/// <summary>
/// Fifty who book and fifty who read, all the time, and one who takes an export away very slowly. Nobody is told that the database
/// is busy, and the log of the database stays small: readers do not keep it from being written back.
/// </summary>
sealed class ContentionDrill : Drill {
    const int Writers = 50;
    const int Readers = 50;
    const int Certificates = 60_000;
    const long LargestLog = 64L << 20;

    public override string Name => "contention";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        var time = TimeSpan.FromSeconds(drilling.Rounds(10, 300));
        // People of one setting stay few: what is put to the test is the database, not a long list of staff.
        await using var arranged = await Arranged.Make(drilling.Folder, new Plan(Sessions: drilling.Rounds(200, 6_000), Places: 16, Staff: 40), ct: ct);
        var provider = await Certified(arranged, ct);
        var writes = new ConcurrentBag<double>();
        var reads = new ConcurrentBag<double>();
        var failures = new ConcurrentBag<string>();
        var largest = 0L;
        var log = arranged.File + "-wal";
        long after;
        bool heldBack;

        await using (var host = await HostProcess.Start(arranged.Folder, ct: ct)) {
            using var manager = host.Client(arranged.ManagerKey);
            using var person = host.Client();
            person.DefaultRequestHeaders.Add("Cookie", arranged.ManagerCookie);
            using var slow = await SlowExport.Begin(host.Address, provider, ct);
            var queue = new ConcurrentQueue<(Guid Session, Guid Person)>(arranged.Sessions.SelectMany(s => arranged.Staff.Select(p => (s, p))));
            string[] addresses = ["/courses", $"/courses/{arranged.CourseId}", "/bookings?whose=staff", "/my-cpd"];
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            over.CancelAfter(time);

            var all = Task.WhenAll([
                .. Enumerable.Range(0, Writers).Select(_ => Task.Run(async () => {
                    while (!over.IsCancellationRequested && queue.TryDequeue(out var next))
                        await Timed(writes, () => Booking.Post(manager, next.Session, [next.Person], ct));
                }, ct)),
                .. Enumerable.Range(0, Readers).Select(i => Task.Run(async () => {
                    for (var j = i; !over.IsCancellationRequested; j++)
                        await Timed(reads, () => person.GetAsync(new Uri(addresses[j % addresses.Length], UriKind.Relative), ct));
                }, ct)),
            ]);
            while (!all.IsCompleted) {
                largest = Math.Max(largest, Size(log));
                await Task.WhenAny(all, Task.Delay(50, ct));
            }
            await all;
            after = Size(log);
            heldBack = await HeldBack(arranged.File);
            drilling.Must(slow.StillOpen, "the slow export was still being read at the end");
            drilling.Must(!queue.IsEmpty, "there was somebody to book until the end");
        }

        Drilling.Say($"{time.TotalSeconds:0} s: {writes.Count:N0} bookings, p50 {At(writes, 0.5):0} ms, p99 {At(writes, 0.99):0} ms; {reads.Count:N0} pages, p99 {At(reads, 0.99):0} ms; log at most {largest >> 20} MiB, at the end {after >> 20} MiB");
        drilling.Must(failures.IsEmpty, $"answers other than a success: {failures.Count}{(failures.TryPeek(out var one) ? $" ({one})" : "")}");
        drilling.Must(largest < LargestLog, $"the log stays below {LargestLog >> 20} MiB");
        drilling.Must(!heldBack, "with the export still open, the whole log can be written back");
        await Held(drilling, arranged.File, log);

        async Task Timed(ConcurrentBag<double> times, Func<Task<HttpResponseMessage>> ask) {
            var watch = Stopwatch.StartNew();
            using var response = await ask();
            times.Add(watch.Elapsed.TotalMilliseconds);
            if (response.StatusCode != HttpStatusCode.OK) failures.Add($"{(int)response.StatusCode} {response.RequestMessage!.RequestUri!.AbsolutePath}");
        }
    }

    static double At(ConcurrentBag<double> times, double share) => times.IsEmpty ? 0 : times.Order().ElementAt((int)Math.Ceiling(times.Count * share) - 1);

    static long Size(string file) => new FileInfo(file) is { Exists: true } log ? log.Length : 0;

    /// <summary>True when something goes on reading the database as it was, so that the log cannot be written back to its end. Reads that come and go are waited for.</summary>
    static async Task<bool> HeldBack(string file) {
        using var connection = Opened(file);
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        for (var tries = 0; tries < 60; tries++) {
            using (var reader = checkpoint.ExecuteReader()) {
                reader.Read();
                if (reader.GetInt64(2) == reader.GetInt64(1)) return false;
            }
            await Task.Delay(50);
        }
        return true;
    }

    /// <summary>The control: somebody holds a read open and others write; the same measures must speak.</summary>
    static async Task Held(Drilling drilling, string file, string log) {
        using var reader = Opened(file);
        Execute(reader, "BEGIN; SELECT COUNT(*) FROM training_Booking");
        using var writer = Opened(file);
        Execute(writer, "CREATE TABLE bench_Filler (Id INTEGER PRIMARY KEY, Bytes BLOB NOT NULL)");
        for (var i = 0; i < 80; i++) Execute(writer, "INSERT INTO bench_Filler (Bytes) VALUES (zeroblob(1048576))");
        drilling.Control(Size(log) >= LargestLog && await HeldBack(file), $"behind a read that is held open, the log grows to {Size(log) >> 20} MiB and cannot be written back");
        Execute(reader, "COMMIT");
    }

    static SqliteConnection Opened(string file) {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    static void Execute(SqliteConnection connection, string sql) {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>A training provider with so many certificates that an export of them does not fit into what the network holds; gives a key of its officer.</summary>
    static async Task<string> Certified(Arranged arranged, CancellationToken ct) {
        var provider = Ids.New(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await arranged.Execute("INSERT INTO people_Organisation (Id, Kind, Name, NameKey, Version) VALUES (@provider, 'TrainingProvider', 'Bright Paths', 'bright paths', 1)", new { provider });
        await arranged.Ask(db => db.Execute("""
            INSERT INTO accreditation_Certificate (Id, Number, PersonId, CauseId, Revision, LearnerName, CourseId, CourseTitle, LearningOutcomes, IssuerName, AuthorityId, TrainingProviderId,
                HappenedOn, StartsAt, EndsAt, Mode, Minutes, ParticipatoryMinutes, IssuedAt)
            VALUES (@Id, @Number, @PersonId, @Id, 1, 'Penny Applewick', @CourseId, 'Babbling Babies', @Outcomes, 'Bright Paths', @AuthorityId, @provider, @On, @now, @now, 'InPerson', 150, 60, @now)
            """, Enumerable.Range(0, Certificates).Select(i => new {
            Id = Ids.New(TimeProvider.System), Number = $"C{i:0000000}", PersonId = arranged.Staff[i % arranged.Staff.Count], arranged.CourseId, Outcomes = "Name the stages of early talk", arranged.AuthorityId, provider, now,
            On = DateOnly.FromDateTime(now).AddDays(-i % 300),
        }).ToList(), ct));
        return await arranged.Key("TrainingProviderOfficer", "TrainingProvider", provider);
    }

    /// <summary>Takes an export away at the pace of a bad line: enough that the service does not give up, too little to get anywhere.</summary>
    sealed class SlowExport : IDisposable {
        readonly Socket socket;
        readonly CancellationTokenSource stop = new();
        readonly Task reading;

        SlowExport(Socket socket) {
            this.socket = socket;
            reading = Read();
        }

        public bool StillOpen => !reading.IsCompleted;

        public static async Task<SlowExport> Begin(Uri address, string key, CancellationToken ct) {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, ct);
            var year = TimeProvider.System.GetUtcNow().AddYears(-1);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/exports/accreditation-records?from={year:yyyy-MM-dd}&to={year.AddYears(1):yyyy-MM-dd}&format=csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"), ct);
            return new SlowExport(socket);
        }

        async Task Read() {
            var some = new byte[256];
            try {
                while (await socket.ReceiveAsync(some, stop.Token) > 0) await Task.Delay(100, stop.Token);
            } catch (Exception e) when (e is OperationCanceledException or SocketException) { /* It is over. */ }
        }

        public void Dispose() {
            stop.Cancel();
            socket.Dispose();
            stop.Dispose();
        }
    }
}
