using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Cpd.Bench.Data;
using Cpd.Bench.Http;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench;

/// <summary>
/// England's list of settings and then the people who work in them, uploaded, checked and made, beside one bare insert of as many rows.
/// Ofsted's own file is used when CPD_SHARED_DATA names the folder with it, else one of its shape.
/// </summary>
sealed class ImportsBenchmark : Benchmark {
    const int Settings = 23_464;
    /// <summary>The childcare workforce of England: 248,200 in nurseries and pre-schools, 52,300 in schools, 33,900 childminders and assistants.</summary>
    const int Workforce = 334_400;
    const string Admin = "bench.admin@example.org";

    public override string Name => "imports";

    public override async Task Run(Measuring measuring, CancellationToken ct) {
        var file = Ofsted() ?? Made(measuring.Rounds(500, Settings));
        if (measuring.Quick) file = string.Join('\n', file.Split('\n').Take(500)) + "\n";
        await using var host = await HostProcess.Start(measuring.Folder, measuring.Quick ? null : await Published.Host(ct), ["--Jobs:Enabled=false"], ct: ct);
        var database = Path.Combine(measuring.Folder, "cpd.db");
        AddAdministrator(database);
        using var admin = new Visitor(host);
        await admin.SignIn(Admin, ct);
        await admin.Get("/settings/import", ct);

        var idle = host.ResidentMiB();
        host.ForgetPeak();
        var watch = Stopwatch.StartNew();
        using var uploaded = await admin.Post("/settings/import", token => new MultipartFormDataContent {
            { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("31"), "AsAt.Day" }, { new StringContent("8"), "AsAt.Month" }, { new StringContent("2021"), "AsAt.Year" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(file)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "SettingsFile", "settings.csv" },
        }, ct);
        var import = uploaded.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The file was not taken: {uploaded.StatusCode}.");
        var staged = watch.Elapsed;
        while ((await admin.Get(import, ct)).Contains("role=\"status\"", StringComparison.Ordinal)) await Task.Delay(20, ct);
        var judged = watch.Elapsed;
        using var made = await admin.Post(import, token => new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), ct, "?handler=Commit");
        var all = watch.Elapsed;
        var peak = host.PeakMiB();

        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var count = connection.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM people_Setting";
        var rows = (long)count.ExecuteScalar()!;
        if (rows < (measuring.Quick ? 300 : 20_000)) throw new InvalidOperationException($"Only {rows} settings were made of the file.");
        var bare = Bare(connection, measuring.Folder);
        measuring.Add(new($"{rows.ToString("N0", CultureInfo.InvariantCulture)} settings uploaded ({staged.TotalSeconds:0.00} s), checked ({(judged - staged).TotalSeconds:0.00} s) and made ({(all - judged).TotalSeconds:0.00} s): rows",
            rows / all.TotalSeconds, "a second", "one bare bulk insert of the same rows", rows / bare, 0.3));
        measuring.Add(new($"the same: peak memory over idle ({idle:0} MiB)", peak - idle, "MiB", Floor: 64, LessIsBetter: true));
        await People(measuring, host, admin, connection, ct);
    }

    static async Task People(Measuring measuring, HostProcess host, Visitor admin, SqliteConnection connection, CancellationToken ct) {
        var file = Staff(Rows(connection, "SELECT Urn FROM people_Setting WHERE ClosedOn IS NULL ORDER BY Urn").Select(r => (string)r[0]!).ToList(), measuring.Rounds(500, Workforce));
        await admin.Get("/people/import", ct);
        var idle = host.ResidentMiB();
        host.ForgetPeak();
        var watch = Stopwatch.StartNew();
        using var uploaded = await admin.Post("/people/import", token => new MultipartFormDataContent {
            { new StringContent(token), "__RequestVerificationToken" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(file)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "StaffFile", "staff.csv" },
        }, ct);
        var import = uploaded.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The file was not taken: {uploaded.StatusCode}.");
        var judged = watch.Elapsed;
        using var made = await admin.Post(import, token => new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), ct, "?handler=Commit");
        var all = watch.Elapsed;
        var peak = host.PeakMiB();
        var rows = (long)Rows(connection, "SELECT COUNT(*) FROM people_Membership")[0][0]!;
        if (rows != measuring.Rounds(500, Workforce)) throw new InvalidOperationException($"{rows} people were made of the file.");
        measuring.Add(new($"{rows.ToString("N0", CultureInfo.InvariantCulture)} people uploaded and checked ({judged.TotalSeconds:0.00} s) and made ({(all - judged).TotalSeconds:0.00} s): rows",
            rows / all.TotalSeconds, "a second", "one bare bulk insert of the same people and where they work", rows / BarePeople(connection, measuring.Folder), 0.3));
        measuring.Add(new($"the same: peak memory over idle ({idle:0} MiB)", peak - idle, "MiB", Floor: 64, LessIsBetter: true));
    }

    static string Staff(List<string> settings, int rows) {
        var random = new Random(8);
        var text = new StringBuilder("Setting URN,Full name,Email address,Job,Ages,Date joined\r\n", rows * 80);
        string[] jobs = ["Practitioner", "Practitioner", "Practitioner", "Room leader", "Apprentice", "SENCO"];
        string Of(string[] from) => from[random.Next(from.Length)];
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{settings[random.Next(settings.Count)]},{Of(Words.First)} {Of(Words.Last)} {i},{(i % 10 < 7 ? $"worker{i}@example.org" : "")},{Of(jobs)},2 to 3,{random.Next(1, 28):00}/{random.Next(1, 13):00}/{random.Next(2005, 2026)}\r\n");
        return text.ToString();
    }

    static string? Ofsted() => Environment.GetEnvironmentVariable("CPD_SHARED_DATA") is { Length: > 0 } folder && Path.Combine(folder, "ofsted_early_years_settings_2021-08-31.csv") is var file && File.Exists(file) ? File.ReadAllText(file) : null;

    static string Made(int rows) {
        var random = new Random(7);
        var text = new StringBuilder("Provider URN,Registration date,Provider type,Provider subtype,Provider status,Individual Register combinations,Provider name,Provider address line 1,Provider address line 2,Provider address line 3,Provider town,Postcode,Local authority,Region,Places\r\n");
        string[] authorities = ["Thurrock", "Blackpool", "Bradford", "Lambeth", "Durham", "Nottingham", "Bury"];
        string Of(string[] from) => from[random.Next(from.Length)];
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{2_000_000 + i},{random.Next(1, 28):00}/{random.Next(1, 13):00}/{random.Next(1993, 2021)},Childcare on non-domestic premises,Full day care,Active,ALL,{Of(Words.Setting)} {Of(Words.Kind)} {i},{random.Next(1, 300)} {Of(Words.Last)} Road,,,Town,ZZ{random.Next(1, 30)} {random.Next(1, 9)}AB,{Of(authorities)},England,{random.Next(8, 90)}\r\n");
        return text.ToString();
    }

    /// <summary>The settings that were made, all of them once more into a table with the same keys: one prepared insert in one durable transaction.</summary>
    static double Bare(SqliteConnection from, string folder) {
        using var to = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=False");
        to.Open();
        foreach (var sql in (string[])["PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", .. Schema(from, "people_Authority"), .. Schema(from, "people_Setting")]) Run(to, sql);
        using (var authorities = new BulkTable(to, "people_Authority", "Id", "OnsCode", "DfeNumber", "Name", "OfficialName", "Kind", "Region"))
            foreach (var row in Rows(from, "SELECT Id, OnsCode, DfeNumber, Name, OfficialName, Kind, Region FROM people_Authority")) authorities.Add(row);
        string[] columns = ["Id", "AuthorityId", "Urn", "UrnKind", "Name", "NameKey", "ProviderType", "Subtype", "Status", "Places", "Address", "Town", "Postcode", "RegisteredOn", "ClosedOn", "Version"];
        var rows = Rows(from, $"SELECT {string.Join(", ", columns)} FROM people_Setting ORDER BY rowid");
        var watch = Stopwatch.StartNew();
        Run(to, "BEGIN IMMEDIATE");
        using (var settings = new BulkTable(to, "people_Setting", columns)) foreach (var row in rows) settings.Add(row);
        Run(to, "COMMIT");
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>The people that were made and where they work, once more into tables with the same indexes, in one durable transaction.</summary>
    static double BarePeople(SqliteConnection from, string folder) {
        using var to = new SqliteConnection($"Data Source={Path.Combine(folder, "bare-people.db")};Pooling=False");
        to.Open();
        foreach (var sql in (string[])["PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF", .. Schema(from, "people_Person"), .. Schema(from, "people_Membership")]) Run(to, sql);
        string[] person = ["Id", "Name", "NameKey", "Email", "EmailKey", "CreatedAt", "Version"], membership = ["Id", "PersonId", "SettingId", "JobRole", "AgeRanges", "JoinedOn"];
        var (people, memberships) = (Rows(from, $"SELECT {string.Join(", ", person)} FROM people_Person ORDER BY rowid"), Rows(from, $"SELECT {string.Join(", ", membership)} FROM people_Membership ORDER BY rowid"));
        var watch = Stopwatch.StartNew();
        Run(to, "BEGIN IMMEDIATE");
        using (var table = new BulkTable(to, "people_Person", person)) foreach (var row in people) table.Add(row);
        using (var table = new BulkTable(to, "people_Membership", membership)) foreach (var row in memberships) table.Add(row);
        Run(to, "COMMIT");
        return watch.Elapsed.TotalSeconds;
    }

    static IEnumerable<string> Schema(SqliteConnection of, string table) => Rows(of, $"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL ORDER BY type DESC").Select(r => (string)r[0]!);

    static List<object?[]> Rows(SqliteConnection of, string sql) {
        using var command = of.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read()) {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }
        return rows;
    }

    static void Run(SqliteConnection on, string sql) {
        using var command = on.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static void AddAdministrator(string database) {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        byte[] person = [.. Codes.Hash(Admin).Take(16)], account = [.. Codes.Hash(Admin + "a").Take(16)], grant = [.. Codes.Hash(Admin + "g").Take(16)];
        using var people = new BulkTable(connection, "people_Person", "Id", "Name", "NameKey", "Email", "EmailKey", "CreatedAt", "Version");
        people.Add(person, "Bench Admin", "bench admin", Admin, Admin, now, 1);
        using var accounts = new BulkTable(connection, "people_Account", "Id", "PersonId", "EmailKey", "PasswordHash", "State", "CreatedAt");
        accounts.Add(account, person, Admin, new PasswordHasher<object>().HashPassword(person, DataSet.Password), "Active", now);
        using var grants = new BulkTable(connection, "people_Grant", "Id", "PersonId", "Role", "Kind", "OrganisationId", "GrantedAt");
        grants.Add(grant, person, "SystemAdministrator", "None", new byte[16], now);
    }
}
