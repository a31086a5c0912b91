using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cpd.Tests.Training;

/// <summary>
/// The same race on two builds of the program, each in a process of its own: as it is, and with the guard cut out of the compiled SQL
/// (and the table's CHECK behind it). The second must oversell, or the first proves nothing.
/// </summary>
[SqliteOnly("It copies the database's file and edits the schema in it. Two hosts race on a server in ./dev drill.")]
public sealed class OversellingTests {
    const string Guard = " AND WaitingCount = 0 AND PlacesTaken + @Count <= Places";
    const string Check = "CHECK (PlacesTaken >= 0 AND PlacesTaken <= Places)";
    const int Places = 16;
    const int People = 200;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_200AtOnceFor16Places_OnlyTheGuardKeepsThem(bool guarded) {
        var folder = Directory.CreateTempSubdirectory("cpd-race-").FullName;
        try {
            var (session, key, staff) = await Arrange(Path.Combine(folder, "data"), guarded);
            var program = Copy(Path.Combine(folder, "program"), guarded);
            var booked = await Race(program, Path.Combine(folder, "data"), session, key, staff);
            if (guarded) Assert.Equal(Places, booked);
            else Assert.InRange(booked, Places + 1, People);
        } finally {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<(Guid Session, string Key, IReadOnlyList<Guid> Staff)> Arrange(string data, bool guarded) {
        await using var app = new CpdApp();
        // The other process lives in today's time.
        app.Clock.Set(TimeProvider.System.GetUtcNow());
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var (_, session) = await app.Session(await app.Given.Officer(authority), Places);
        var staff = new List<Guid>();
        for (var i = 0; i < People; i++) staff.Add(await app.Given.Staff(setting));
        var key = await app.Given.ApiKey(await app.Given.Manager(setting));

        Directory.CreateDirectory(data);
        var file = Path.Combine(data, "cpd.db");
        using (var from = new SqliteConnection($"Data Source={Path.Combine(app.Folder, "cpd.db")};Pooling=False"))
        using (var to = new SqliteConnection($"Data Source={file};Pooling=False")) {
            from.Open();
            to.Open();
            from.BackupDatabase(to);
            if (!guarded) Assert.Equal(1, Execute(to, "PRAGMA writable_schema = ON", $"UPDATE sqlite_master SET sql = replace(sql, '{Check}', 'CHECK (1 = 1)') WHERE name = 'training_Session' AND sql LIKE '%{Check}%'"));
        }
        return (session, key, staff);
    }

    static int Execute(SqliteConnection connection, params string[] statements) {
        var changed = 0;
        foreach (var statement in statements) {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this test.
            command.CommandText = statement;
#pragma warning restore CA2100
            changed = command.ExecuteNonQuery();
        }
        return changed;
    }

    static string Copy(string folder, bool guarded) {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        // The engine's native library lies under runtimes.
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories).Where(f => f.Contains($"{Path.DirectorySeparatorChar}runtimes{Path.DirectorySeparatorChar}", StringComparison.Ordinal))) {
            var target = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        if (!guarded) {
            var path = Path.Combine(AppContext.BaseDirectory, "Cpd.Training.dll");
            using var assembly = AssemblyDefinition.ReadAssembly(path);
            var cut = 0;
            foreach (var instruction in assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Where(i => i.OpCode == OpCodes.Ldstr)) {
                var text = (string)instruction.Operand;
                if (!text.Contains(Guard, StringComparison.Ordinal)) continue;
                instruction.Operand = text.Replace(Guard, "", StringComparison.Ordinal);
                cut++;
            }
            Assert.True(cut > 0, "The guard was not found in the compiled program: this test proves nothing until it is.");
            assembly.Write(Path.Combine(folder, "Cpd.Training.dll"));
        }
        return Path.Combine(folder, "Cpd.Host.dll");
    }

    static async Task<int> Race(string program, string data, Guid session, string key, IReadOnlyList<Guid> staff) {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var process = new Process {
            StartInfo = new("dotnet", [program, "--urls", address.ToString(), "--data", data, "--Jobs:Enabled=false"]) {
                WorkingDirectory = Path.GetDirectoryName(program)!, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        var output = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.ErrorDataReceived += (_, line) => { lock (output) output.AppendLine(line.Data); };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            await UntilReady(client, process, output);
            var outcomes = await Task.WhenAll(staff.Select(id => Task.Run(async () => {
                using var response = await client.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = new[] { id } });
                Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
                return (await response.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("outcome").GetString();
            })));
            return outcomes.Count(o => o == "booked");
        } finally {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    static async Task UntilReady(HttpClient client, Process process, System.Text.StringBuilder output) {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2);) {
            if (process.HasExited) break;
            try {
                using var response = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
                if (response.IsSuccessStatusCode) return;
            } catch (HttpRequestException) { /* It is not listening yet. */ }
            await Task.Delay(100);
        }
        string text;
        lock (output) text = output.ToString();
        Assert.Fail("The program did not start:\n" + text);
    }

    static int FreePort() {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
