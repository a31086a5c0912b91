using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cpd.Bench;

/// <summary>
/// Two hundred people after sixteen places at once over HTTP: single people, groups that take what fits, groups that come together or
/// not at all, while others cancel, accept and decline, move to another date and hand their place over, and an officer changes the
/// number of places; on one host and on two on one file. Triggers in the drill's own database look after every statement whether more is booked and held than there are places.
/// </summary>
sealed class BookingDrill : Drill {
    const int People = 200;
    const int Places = 16;
    const string Guard = " AND WaitingCount = 0 AND PlacesTaken + @Count <= Places";
    const string Check = "CHECK (PlacesTaken >= 0 AND PlacesTaken <= Places)";

    const string Taken = """
        (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked' AND b.IsWalkIn = 0)
            + (SELECT COUNT(*) FROM training_Hold h WHERE h.SessionId = s.Id AND h.EndedAt IS NULL)
        """;

    public override string Name => "booking";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        var rounds = drilling.Rounds(50, 1000);
        // The two forms share the rounds: a lock inside one process would pass the first and fail the second.
        await Hold(drilling, hosts: 1, rounds / 2, ct);
        await Hold(drilling, hosts: 2, rounds - rounds / 2, ct);
        await Unguarded(drilling, hosts: 1, ct);
        await Unguarded(drilling, hosts: 2, ct);
    }

    static async Task Hold(Drilling drilling, int hosts, int rounds, CancellationToken ct) {
        var folder = Directory.CreateDirectory(Path.Combine(drilling.Folder, $"{hosts}-hosts")).FullName;
        await using var arranged = await Arranged.Make(folder, new Plan(rounds + 1, Places, Staff: People), ct: ct);
        Watch(arranged.File);
        var log = await Rush(arranged, hosts, program: null, ct);
        var found = await Found(arranged, log);
        var times = log.Times.Order().ToList();
        Drilling.Say($"{hosts} host{(hosts > 1 ? "s" : "")}, {rounds} rounds: {log.Said.Count:N0} bookings answered, {log.Cancelled.Count:N0} cancelled, {log.Accepted:N0} offers accepted, {log.Declined:N0} declined, {log.Moved:N0} moved, {log.HandedOver:N0} handed over, {log.Resized:N0} changes of places; p95 {times[(int)(times.Count * 0.95)]:0} ms");
        var form = $"{hosts} host{(hosts > 1 ? "s" : "")}";
        drilling.Must(log.Odd.IsEmpty, $"{form}: answers that are none of the expected: {log.Odd.Count}{(log.Odd.TryPeek(out var odd) ? $" ({odd})" : "")}");
        drilling.Must(log.Accepted > 0 && log.Declined > 0 && log.Moved > 0 && log.HandedOver > 0 && log.Resized > 0 && !log.Cancelled.IsEmpty, $"{form}: every kind of act took place");
        drilling.Must(found.Oversold == 0, $"{form}: oversold after any statement: {found.Oversold}");
        drilling.Must(found.Lost == 0, $"{form}: lost (answered, and not there as answered): {found.Lost}");
        drilling.Must(found.Phantom == 0, $"{form}: phantom (there, and nobody was answered so): {found.Phantom}");
        drilling.Must(found.Idle == 0, $"{form}: sessions where one who fits waits while a place is free: {found.Idle}");
        drilling.Must(found.Order == 0, $"{form}: sessions where a later one was served before an earlier: {found.Order}");
        drilling.Must(found.Miscounted == 0, $"{form}: sessions whose counts are not those of their rows: {found.Miscounted}");
        drilling.Must(found.Untold == 0, $"{form}: bookings without history: {found.Untold}");

        // What was found is found by looking: each kind of damage is done once, and must be seen.
        var victims = await arranged.List<Guid>("SELECT Id FROM training_Booking WHERE State = 'Booked'");
        await arranged.Execute("UPDATE training_Booking SET State = 'Cancelled', CancelledAt = BookedAt WHERE Id = @Id", new { Id = victims[0] });
        log.Said.TryRemove(victims[1], out _);
        await arranged.Execute("DELETE FROM training_BookingHistory WHERE BookingId = @Id", new { Id = victims[2] });
        var damaged = await Found(arranged, log);
        drilling.Control(damaged is { Lost: 1, Phantom: 1, Untold: 1, Miscounted: > 0 }, $"{form}: a booking taken away, one nobody was told of and one without history are seen (lost {damaged.Lost}, phantom {damaged.Phantom}, without history {damaged.Untold}, miscounted {damaged.Miscounted})");
    }

    /// <summary>The same rush on a program whose guard is cut out of its compiled SQL, and the table's CHECK behind it.</summary>
    static async Task Unguarded(Drilling drilling, int hosts, CancellationToken ct) {
        var folder = Directory.CreateDirectory(Path.Combine(drilling.Folder, $"{hosts}-unguarded")).FullName;
        await using var arranged = await Arranged.Make(folder, new Plan(Sessions: 3, Places, Staff: People), ct: ct);
        Unlock(arranged.File);
        Watch(arranged.File);
        var log = await Rush(arranged, hosts, Mutilated(Path.Combine(drilling.Folder, $"program-{hosts}")), ct);
        var found = await Found(arranged, log);
        drilling.Control(found.Oversold > 0, $"{hosts} host{(hosts > 1 ? "s" : "")}: without the guard the same rush oversells ({found.Oversold} times in {arranged.Sessions.Count - 1} rounds)");
    }

    sealed class Log {
        internal ConcurrentDictionary<Guid, Answer> Said { get; } = new();
        internal ConcurrentDictionary<Guid, byte> Cancelled { get; } = new();
        internal ConcurrentBag<double> Times { get; } = [];
        internal ConcurrentBag<string> Odd { get; } = [];
        internal int Accepted;
        internal int Declined;
        internal int Moved;
        internal int HandedOver;
        internal int Resized;
    }

    static async Task<Log> Rush(Arranged arranged, int count, string? program, CancellationToken ct) {
        var log = new Log();
        var hosts = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => HostProcess.Start(arranged.Folder, program, ["--Jobs:Enabled=false"], ct: ct)));
        var managers = hosts.Select(h => h.Client(arranged.ManagerKey)).ToArray();
        var officers = hosts.Select(h => h.Client(arranged.OfficerKey)).ToArray();
        try {
            // The first of the other dates that are offered to whoever moves, so that it is always among them.
            var elsewhere = (await arranged.List<Guid>("SELECT Id FROM training_Session ORDER BY StartsAt, Id"))[0];
            var sessions = arranged.Sessions.Where(s => s != elsewhere).ToList();
            for (var round = 0; round < sessions.Count; round++) await Round(arranged, sessions[round], elsewhere, new Random(round), managers, officers, log, ct);
        } finally {
            foreach (var client in managers.Concat(officers)) client.Dispose();
            foreach (var host in hosts) await host.DisposeAsync();
        }
        return log;
    }

    static async Task Round(Arranged arranged, Guid session, Guid elsewhere, Random random, HttpClient[] managers, HttpClient[] officers, Log log, CancellationToken ct) {
        var waiting = new List<(IReadOnlyList<Guid> People, bool Together)>();
        var people = arranged.Staff.OrderBy(_ => random.Next()).ToList();
        for (var i = 0; i < people.Count;) {
            var size = random.Next(4) == 0 ? random.Next(2, 6) : 1;
            waiting.Add(([.. people.Skip(i).Take(size)], size > 1 && random.Next(2) == 0));
            i += size;
        }
        var plans = waiting.Select(w => (w.People, w.Together, Cancels: random.Next(4) == 0, Moves: random.Next(4) == 0, Joins: random.Next(4) == 0, Answers: random.Next(3))).ToList();
        var acts = plans.Select((plan, i) => Task.Run(async () => {
            var client = managers[i % managers.Length];
            var watch = Stopwatch.StartNew();
            using var response = await client.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = plan.People, together = plan.Together }, ct);
            log.Times.Add(watch.Elapsed.TotalMilliseconds);
            if (response.StatusCode != HttpStatusCode.OK) { log.Odd.Add($"{(int)response.StatusCode} to a booking"); return; }
            var answers = (await response.Content.ReadFromJsonAsync<IReadOnlyList<Answer>>(ct))!;
            if (plan.Together && answers.Select(a => a.Outcome).Distinct().Count() > 1) log.Odd.Add("a group was torn apart");
            foreach (var answer in answers)
                if (answer.BookingId is { } id) log.Said[id] = answer; else log.Odd.Add($"refused: {answer.Why}");
            var first = answers[0].BookingId;
            if (first is null) return;
            if (plan.Cancels) {
                await Cancel(client, first.Value, log, ct);
            } else if (plan.Moves && answers[0].Outcome == "booked") {
                await Move(client, answers[0], elsewhere, plan.Joins, log, ct);
            } else if (plan.Answers > 0 && answers[0].Outcome == "waiting") {
                await Reply(client, plan.Answers == 1 ? "accept" : "decline", first.Value, log, ct);
            }
        }, ct)).ToList();
        acts.AddRange(Enumerable.Range(0, 4).Select(i => Task.Run(async () => {
            await Task.Delay(20 * i, ct);
            using var resized = await officers[i % officers.Length].PutAsJsonAsync($"/api/v1/sessions/{session}/places", new { places = Places + i - 2 }, ct);
            if (resized.StatusCode == HttpStatusCode.NoContent) Interlocked.Increment(ref log.Resized);
            else if (resized.StatusCode != HttpStatusCode.BadRequest) log.Odd.Add($"{(int)resized.StatusCode} to a change of places");
        }, ct)));
        // Some give up their place at the other date, so that there is room to move.
        var leaving = (await arranged.List<Guid>("SELECT Id FROM training_Booking WHERE SessionId = @elsewhere AND State = 'Booked'", new { elsewhere })).OrderBy(_ => random.Next()).Take(5).ToList();
        acts.AddRange(leaving.Select((id, i) => Task.Run(() => Cancel(managers[i % managers.Length], id, log, ct), ct)));
        await Task.WhenAll(acts);

        // Now there are offers: half of those who have one answer at once, accepting and declining, while others cancel.
        var offered = await arranged.List<Guid>("SELECT BookingId FROM training_Hold WHERE (SessionId = @session OR SessionId = @elsewhere) AND EndedAt IS NULL AND Kind = 'Offer'", new { session, elsewhere });
        // And some hand their place over to one who waits: two wish it for each place, and one has it.
        var places = (await arranged.List<Row>("SELECT Id, PersonId FROM training_Booking WHERE SessionId = @session AND State = 'Booked'", new { session })).OrderBy(_ => random.Next()).Take(4).ToList();
        var heirs = (await arranged.List<Guid>("SELECT PersonId FROM training_Booking WHERE SessionId = @session AND State = 'Waiting'", new { session })).OrderBy(_ => random.Next()).Take(8).ToList();
        var handing = heirs.Select((heir, i) => Task.Run(async () => {
            if (i / 2 < places.Count) await HandOver(managers[i % managers.Length], places[i / 2], heir, log, ct);
        }, ct)).ToList();
        await Task.WhenAll(offered.Select((id, i) => Task.Run(async () => {
            if (i % 3 < 2) await Reply(managers[i % managers.Length], i % 3 == 0 ? "accept" : "decline", id, log, ct);
        }, ct)).Concat(handing));
    }

    static async Task Cancel(HttpClient client, Guid booking, Log log, CancellationToken ct) {
        using var cancelled = await client.DeleteAsync(new Uri($"/api/v1/bookings/{booking}?reason=Drill", UriKind.Relative), ct);
        if (cancelled.StatusCode == HttpStatusCode.NoContent) log.Cancelled[booking] = 0;
        else if (cancelled.StatusCode != HttpStatusCode.Conflict) log.Odd.Add($"{(int)cancelled.StatusCode} to a cancellation");
    }

    static async Task Move(HttpClient client, Answer booked, Guid to, bool joinList, Log log, CancellationToken ct) {
        using var moved = await client.PostAsJsonAsync($"/api/v1/bookings/{booked.BookingId}/move", new { sessionId = to, joinList }, ct);
        if (moved.StatusCode == HttpStatusCode.OK) {
            var answer = (await moved.Content.ReadFromJsonAsync<Answer>(ct))! with { PersonId = booked.PersonId };
            log.Said[answer.BookingId!.Value] = answer;
            if (answer.Outcome != "moved") return;
            log.Cancelled[booked.BookingId!.Value] = 0;
            Interlocked.Increment(ref log.Moved);
        } else if (moved.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.BadRequest)) {
            // Full there, or booked there from an earlier round.
            log.Odd.Add($"{(int)moved.StatusCode} to a move");
        }
    }

    static async Task HandOver(HttpClient client, Row place, Guid heir, Log log, CancellationToken ct) {
        using var handed = await client.PostAsJsonAsync($"/api/v1/bookings/{place.Id}/substitute", new { personId = heir, insteadOf = place.PersonId }, ct);
        if (handed.StatusCode == HttpStatusCode.NoContent) {
            log.Said.AddOrUpdate(place.Id, _ => throw new InvalidOperationException("A place that nobody was told of was handed over."), (_, said) => said with { PersonId = heir });
            Interlocked.Increment(ref log.HandedOver);
        } else if (handed.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.BadRequest)) {
            log.Odd.Add($"{(int)handed.StatusCode} to a hand-over");
        }
    }

    static async Task Reply(HttpClient client, string what, Guid booking, Log log, CancellationToken ct) {
        using var reply = await client.PostAsync(new Uri($"/api/v1/bookings/{booking}/{what}", UriKind.Relative), null, ct);
        if (reply.StatusCode == HttpStatusCode.NoContent) Interlocked.Increment(ref what == "accept" ? ref log.Accepted : ref log.Declined);
        else if (reply.StatusCode != HttpStatusCode.Conflict) log.Odd.Add($"{(int)reply.StatusCode} to {what}");
    }

    sealed record Findings(int Oversold, int Lost, int Phantom, int Idle, int Order, int Miscounted, int Untold);

    static async Task<Findings> Found(Arranged arranged, Log log) {
        var rows = (await arranged.List<Row>("SELECT Id, PersonId, Reference, State FROM training_Booking")).ToDictionary(r => r.Id);
        // What was answered is there, and what its person was told of it stands in its history: booked at once, put on the list, or moved.
        var told = (await arranged.List<Guid>("SELECT DISTINCT BookingId FROM training_BookingHistory WHERE Act IN ('Booked', 'Joined waiting list', 'Moved here')")).ToHashSet();
        var ended = (await arranged.List<Guid>("SELECT DISTINCT BookingId FROM training_BookingHistory WHERE Act IN ('Cancelled', 'Left waiting list', 'Offer declined', 'Offer lapsed', 'Moved away')")).ToHashSet();
        var lost = log.Said.Values.Count(a => !(rows.TryGetValue(a.BookingId!.Value, out var row) && row.PersonId == a.PersonId && row.Reference == a.Reference
            && (row.State == "Cancelled" ? ended.Contains(row.Id) : !log.Cancelled.ContainsKey(row.Id))));
        return new(
            await arranged.Count("SELECT COUNT(*) FROM bench_Oversold"), lost, rows.Keys.Count(id => !log.Said.ContainsKey(id)),
            await arranged.Count("SELECT COUNT(*) FROM training_Session s WHERE s.PlacesTaken < s.Places AND EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Waiting' AND b.GroupId IS NULL AND NOT EXISTS (SELECT 1 FROM training_Hold h WHERE h.BookingId = b.Id AND h.EndedAt IS NULL))"),
            await arranged.Count("""
                SELECT COUNT(DISTINCT late.SessionId) FROM training_Booking late
                JOIN training_Hold h ON h.BookingId = late.Id AND h.EndedAt IS NULL AND h.Kind = 'Offer'
                JOIN training_Booking early ON early.SessionId = late.SessionId AND early.State = 'Waiting' AND early.GroupId IS NULL AND early.WaitingNumber < late.WaitingNumber
                WHERE late.State = 'Waiting' AND NOT EXISTS (SELECT 1 FROM training_Hold other WHERE other.BookingId = early.Id AND other.EndedAt IS NULL)
                """),
            await arranged.Count($"SELECT COUNT(*) FROM training_Session s WHERE s.PlacesTaken <> {Taken} OR s.WaitingCount <> (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Waiting')"),
            rows.Keys.Count(id => !told.Contains(id)));
    }

    /// <summary>Looks after every statement that touches places, not only at each commit.</summary>
    static void Watch(string file) {
        Execute(file, "CREATE TABLE bench_Oversold (SessionId BLOB NOT NULL, Taken INT NOT NULL, Places INT NOT NULL)");
        foreach (var (table, key) in new[] { ("training_Booking", "NEW.SessionId"), ("training_Hold", "NEW.SessionId"), ("training_Session", "NEW.Id") })
            foreach (var act in new[] { "INSERT", "UPDATE" })
                Execute(file, $"CREATE TRIGGER bench_{table}_{act} AFTER {act} ON {table} BEGIN INSERT INTO bench_Oversold SELECT s.Id, {Taken}, s.Places FROM training_Session s WHERE s.Id = {key} AND {Taken} > s.Places; END");
    }

    static void Unlock(string file) => Execute(file, $"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '{Check}', 'CHECK (1 = 1)') WHERE name = 'training_Session'");

    static void Execute(string file, string sql) {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>A copy of the program without the guard of its booking.</summary>
    static string Mutilated(string folder) {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)) {
            var target = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "Cpd.Training.dll"));
        var cut = 0;
        foreach (var instruction in assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Where(i => i.OpCode == OpCodes.Ldstr)) {
            var text = (string)instruction.Operand;
            if (!text.Contains(Guard, StringComparison.Ordinal)) continue;
            instruction.Operand = text.Replace(Guard, "", StringComparison.Ordinal);
            cut++;
        }
        if (cut == 0) throw new InvalidOperationException("The guard was not found in the compiled program: the control proves nothing until it is.");
        assembly.Write(Path.Combine(folder, "Cpd.Training.dll"));
        return folder;
    }

    sealed record Answer(Guid PersonId, string Outcome, Guid? BookingId, string? Reference, string? Why);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public string Reference { get; init; } = "";
        public string State { get; init; } = "";
    }
}
