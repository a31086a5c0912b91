using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench;

/// <summary>
/// Officers write while a backup is made with the operator's own command; it is restored into a new folder and a host is started there.
/// All that was answered before the backup began is there, and whoever was signed in still is.
/// </summary>
sealed partial class RestoreDrill : Drill {
    const int Writers = 4;

    public override string Name => "restore";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        var data = Path.Combine(drilling.Folder, "data");
        await using var host = await HostProcess.Start(data, arguments: ["--demo"], ct: ct);
        var demo = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "demo.json"), ct)).RootElement;
        using var officer = await SignIn(host, demo, "AuthorityOfficer", ct);
        using var practitioner = await SignIn(host, demo, "Practitioner", ct);
        var number = Column(Path.Combine(data, "cpd.db"), "SELECT Number FROM accreditation_Certificate WHERE RevokedAt IS NULL").First();

        var rounds = drilling.Rounds(3, 20);
        int lost = 0, faults = 0, signedOut = 0, unchecked_ = 0, unsound = 0, plainCopiesLacking = 0, flipsMissed = 0, during = 0;
        var backups = new List<double>();
        var recoveries = new List<double>();
        for (var round = 0; round < rounds; round++) {
            var answered = new ConcurrentQueue<string>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var writers = Enumerable.Range(0, Writers).Select(w => Write(officer, $"Drill {round} {w}", answered, stop.Token)).ToList();
            while (answered.Count < 40 && writers.TrueForAll(w => !w.IsCompleted)) await Task.Delay(5, ct);

            var before = answered.ToList();
            var archive = Path.Combine(drilling.Folder, $"backup{round}.zip");
            var watch = Stopwatch.StartNew();
            await Command(0, ct, "backup", archive, "--data", data);
            backups.Add(watch.Elapsed.TotalSeconds);
            during += answered.Count - before.Count;

            // The control: what an operator would do who copies the file.
            var beforeCopy = answered.ToList();
            var copied = Path.Combine(drilling.Folder, $"copied{round}.db");
            File.Copy(Path.Combine(data, "cpd.db"), copied);
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            if (beforeCopy.Except(Names(copied)).Any()) plainCopiesLacking++;

            var restored = Path.Combine(drilling.Folder, $"restored{round}");
            watch.Restart();
            await Command(0, ct, "restore", archive, "--data", restored);
            await using (var second = await HostProcess.Start(restored, ct: ct)) {
                recoveries.Add(watch.Elapsed.TotalSeconds);
                var database = Path.Combine(restored, "cpd.db");
                lost += before.Except(Names(database)).Count();
                faults += Column(database, "PRAGMA integrity_check").Count(line => line != "ok") + Column(database, "SELECT \"table\" FROM pragma_foreign_key_check").Count;
                using var same = second.Client();
                same.DefaultRequestHeaders.Add("Cookie", practitioner.DefaultRequestHeaders.GetValues("Cookie"));
                if (!(await same.GetAsync(new Uri("/my-cpd", UriKind.Relative), ct)).IsSuccessStatusCode) signedOut++;
                using var anybody = second.Client();
                if (!(await anybody.GetStringAsync(new Uri($"/check/{number}", UriKind.Relative), ct)).Contains("Valid", StringComparison.Ordinal)) unchecked_++;
                if (await anybody.GetStringAsync(new Uri("/health/ready", UriKind.Relative), ct) != "Healthy") unsound++;
            }

            var bytes = await File.ReadAllBytesAsync(archive, ct);
            bytes[Random.Shared.Next(bytes.Length)] ^= (byte)(1 << Random.Shared.Next(8));
            await File.WriteAllBytesAsync(archive, bytes, ct);
            if (await Exit(ct, "verify", archive) != 1) flipsMissed++;
            Directory.Delete(restored, recursive: true);
        }

        backups.Sort();
        recoveries.Sort();
        Drilling.Say(FormattableString.Invariant($"{rounds} rounds; backup {backups[^1]:0.0} s at most, restore to first answer {recoveries[^1]:0.0} s at most; {during} writes were answered while backups ran"));
        drilling.Must(during > 0, "the service writes on while it is backed up");
        drilling.Must(lost == 0, $"what was answered before a backup began is in it: {lost} missing");
        drilling.Must(faults == 0, $"restored databases are sound: {faults} faults");
        drilling.Must(unsound == 0, "a host on a restored folder is ready");
        drilling.Must(signedOut == 0, "who was signed in is signed in on the restored service");
        drilling.Must(unchecked_ == 0, "a certificate can be checked on the restored service");
        drilling.Must(flipsMissed == 0, "one flipped bit in a backup is found");
        drilling.Control(plainCopiesLacking > 0, $"a database file that is merely copied lacks answered writes: in {plainCopiesLacking} of {rounds}");
    }

    /// <summary>Adds one forum after the other through the page, and notes each that was answered.</summary>
    static async Task Write(HttpClient officer, string name, ConcurrentQueue<string> answered, CancellationToken stop) {
        for (var i = 0; !stop.IsCancellationRequested; i++) {
            var title = $"{name} {i}";
            using var response = await Post(officer, "/forums/add", [("Name", title), ("Summary", "Held while a backup is made")], CancellationToken.None);
            if ((int)response.StatusCode != 302) throw new InvalidOperationException($"A forum was answered with {response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            answered.Enqueue(title);
        }
    }

    /// <summary>A browser of somebody in the demonstration. Its cookies are kept by hand, since they are Secure and this is plain HTTP.</summary>
    static async Task<HttpClient> SignIn(HostProcess host, JsonElement demo, string role, CancellationToken ct) {
        var account = demo.GetProperty("accounts").EnumerateArray().First(a => a.GetProperty("role").GetString() == role);
        var client = host.Client();
        using var response = await Post(client, "/sign-in", [("Email", account.GetProperty("email").GetString()!), ("Password", account.GetProperty("password").GetString()!)], ct);
        Keep(client.DefaultRequestHeaders, response);
        return (int)response.StatusCode == 302 ? client : throw new InvalidOperationException($"{role} could not sign in: {response.StatusCode}");
    }

    /// <summary>Gets a page, fills in its form and sends it.</summary>
    static async Task<HttpResponseMessage> Post(HttpClient client, string address, IEnumerable<(string Name, string Value)> fields, CancellationToken ct) {
        using var page = await client.GetAsync(new Uri(address, UriKind.Relative), ct);
        if (!client.DefaultRequestHeaders.Contains("Cookie")) Keep(client.DefaultRequestHeaders, page);
        var text = await page.Content.ReadAsStringAsync(ct);
        var form = text[text.IndexOf("<main", StringComparison.Ordinal)..];
        var hidden = Input().Matches(form).Select(m => m.Value).Where(i => i.Contains("type=\"hidden\"", StringComparison.Ordinal)).Select(i => (Name: Attribute(i, "name"), Value: Attribute(i, "value")));
        var chosen = Option().Matches(form).Select(m => (Name: "AuthorityId", Value: Attribute(m.Value, "value")));
        using var body = new FormUrlEncodedContent(hidden.Concat(chosen.Take(1)).Concat(fields).DistinctBy(f => f.Name).Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
        // The page may have set the token's cookie for this form alone.
        foreach (var cookie in Cookies(page)) request.Headers.Add("Cookie", cookie);
        if (request.Headers.Contains("Cookie")) request.Headers.Add("Cookie", client.DefaultRequestHeaders.GetValues("Cookie").Where(c => !Cookies(page).Any(s => s.Split('=')[0] == c.Split('=')[0])));
        return await client.SendAsync(request, ct);
    }

    static IEnumerable<string> Cookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(c => c.Split(';')[0]) : [];

    static void Keep(HttpRequestHeaders headers, HttpResponseMessage response) {
        foreach (var cookie in Cookies(response)) headers.Add("Cookie", cookie);
    }

    static string Attribute(string tag, string name) => System.Net.WebUtility.HtmlDecode(Regex.Match(tag, $"{name}=\"([^\"]*)\"").Groups[1].Value);

    static async Task Command(int expected, CancellationToken ct, params string[] args) {
        if (await Exit(ct, args) is var code && code != expected) throw new InvalidOperationException($"{string.Join(' ', args)} ended with {code}");
    }

    static async Task<int> Exit(CancellationToken ct, params string[] args) {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cpd.Host.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) Drilling.Say(string.Concat(await said).Trim());
        return process.ExitCode;
    }

    static List<string> Names(string database) => Column(database, "SELECT Name FROM forums_Series");

    static List<string> Column(string database, string sql) {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex("<option[^>]*value=\"[^\"]+\"[^>]*>")]
    private static partial Regex Option();
}
