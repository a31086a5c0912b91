using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Cpd.Bench;

/// <summary>
/// The disk becomes full, then breaks, while people book: whatever writes below the data folder fails. What was acknowledged stays,
/// people see the problem page and programs problem details, what only reads goes on, the service says that it is not well, and it
/// recovers by itself when the disk does.
/// </summary>
sealed partial class DiskDrill : Drill {
    const int Clients = 8;

    public override string Name => "disk";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        if (await Faults.Compile("fail", drilling.Folder) is not { } fail) {
            Drilling.NotRun("gcc is needed");
            return;
        }
        var rounds = drilling.Rounds(1, 20);
        var data = Directory.CreateDirectory(Path.Combine(drilling.Folder, "data")).FullName;
        var broken = Path.Combine(drilling.Folder, "broken");
        await using var arranged = await Arranged.Make(data, new Plan(Sessions: 400 + rounds * 400, Places: 16, Staff: 40), ct: ct);
        var acknowledged = new ConcurrentBag<Answer>();
        var environment = new Dictionary<string, string> { ["LD_PRELOAD"] = fail, ["CPD_FAULT_FOLDER"] = data, ["CPD_FAULT_SWITCH"] = broken };

        await using (var host = await HostProcess.Start(data, environment: environment, ct: ct)) {
            using var program = host.Client(arranged.ManagerKey);
            using var person = host.Client();
            person.DefaultRequestHeaders.Add("Cookie", arranged.ManagerCookie);
            var form = await Form.Open(person, arranged.Sessions[^1], arranged.Staff[0], ct);
            var queue = new ConcurrentQueue<(Guid Session, Guid Person)>(arranged.Sessions.SkipLast(1).SelectMany(s => arranged.Staff.Select(p => (s, p))));
            var answers = new ConcurrentBag<HttpStatusCode>();
            var unlike = new ConcurrentBag<string>();
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var booking = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () => {
                while (!enough.IsCancellationRequested && queue.TryDequeue(out var next)) {
                    using var response = await Booking.Post(program, next.Session, [next.Person], ct);
                    answers.Add(response.StatusCode);
                    if (response.IsSuccessStatusCode) foreach (var answer in await Booking.Answers(response, ct)) acknowledged.Add(answer);
                    else if ((int)response.StatusCode < 500 || response.Content.Headers.ContentType?.MediaType != "application/problem+json") unlike.Add($"{(int)response.StatusCode} {response.Content.Headers.ContentType}");
                }
            }, ct)));

            await Until(() => Task.FromResult(acknowledged.Count > 50), ct);
            drilling.Control(answers.All(a => a == HttpStatusCode.OK), "while the disk is well, nothing fails");
            foreach (var error in Enumerable.Repeat((string[])["ENOSPC", "EIO"], rounds).SelectMany(e => e)) {
                // She was last seen a while ago, so that each page would like to note that she is still there.
                await arranged.Execute("UPDATE people_Session SET SeenAt = @Before", new { Before = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5) });
                answers.Clear();
                await File.WriteAllTextAsync(broken, error, ct);
                await Until(() => Task.FromResult(answers.Count(a => a != HttpStatusCode.OK) > 20), ct);
                var page = await Shown(person, "/bookings?whose=staff", ct);
                var catalogue = await Shown(person, "/courses", ct);
                var refused = await form.Send(person, ct);
                var ill = await Until(async () => !await IsWell(program, ct), ct);
                var failed = answers.Count(a => a != HttpStatusCode.OK);

                File.Delete(broken);
                var recovered = Stopwatch.StartNew();
                answers.Clear();
                await Until(() => Task.FromResult(answers.Contains(HttpStatusCode.OK)), ct);
                var books = recovered.Elapsed;
                var well = await Until(() => IsWell(program, ct), ct);
                drilling.Must(failed > 20, $"{error}: {failed} bookings failed while the disk did");
                drilling.Must(unlike.IsEmpty, $"{error}: programs are told by problem details with a 5xx; otherwise: {unlike.Count}{(unlike.TryPeek(out var one) ? $" ({one})" : "")}");
                drilling.Must(refused is (HttpStatusCode.InternalServerError, true), $"{error}: a person who books sees the problem page ({refused})");
                drilling.Must(page.Status == HttpStatusCode.OK && catalogue.Status == HttpStatusCode.OK, $"{error}: what only reads goes on ({page.Status}, {catalogue.Status})");
                drilling.Must(ill, $"{error}: the service says that it is not well");
                drilling.Must(!host.HasExited && books < TimeSpan.FromSeconds(10) && well, $"{error}: it recovers without a restart: books again after {books.TotalSeconds:0.0} s, says so after {recovered.Elapsed.TotalSeconds:0.0} s");
            }
            await Until(() => Task.FromResult(acknowledged.Count > 200 * rounds), ct);
            await enough.CancelAsync();
            await booking;
            drilling.Must((await form.Send(person, ct)).Status is HttpStatusCode.OK or HttpStatusCode.Redirect, "the person who saw the problem page sends the form again and has booked");
            await Until(async () => await arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE State = 'Due' AND ClaimedUntil IS NULL AND Attempts = 0") == 0, ct);
            drilling.Must(await arranged.Count("SELECT COUNT(*) FROM platform_Message WHERE State = 'Due' AND ClaimedUntil IS NULL AND Attempts = 0") == 0, "messages go out again");
            drilling.Must(Directory.GetFiles(Path.Combine(data, "logs")).Any(log => Reads(log).Contains("disk", StringComparison.OrdinalIgnoreCase)), "the log goes on after the fault and tells of it");
            await Check("before a restart");
        }
        await using (await HostProcess.Start(data, ct: ct)) await Check("after a restart");
        drilling.Must(BookingAudit.Integrity(arranged.File) is "ok", "integrity and foreign keys: ok");

        async Task Check(string when) {
            var found = await BookingAudit.Of(arranged, acknowledged);
            drilling.Must(found is { Missing: 0, HalfWritten: [], Oversold: 0, BookedTwice: 0 }, $"{when}: acknowledged {acknowledged.Count:N0}, missing {found.Missing}, half-written {(found.HalfWritten.Count == 0 ? "0" : string.Join("; ", found.HalfWritten))}");
        }
    }

    static async Task<bool> IsWell(HttpClient client, CancellationToken ct) {
        using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
        return await response.Content.ReadAsStringAsync(ct) == "Healthy";
    }

    static async Task<(HttpStatusCode Status, string Text)> Shown(HttpClient client, string address, CancellationToken ct) {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(ct));
    }

    static string Reads(string log) {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    static async Task<bool> Until(Func<Task<bool>> holds, CancellationToken ct) {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(50, ct))
            if (waited.Elapsed > TimeSpan.FromSeconds(20)) return false;
        return true;
    }

    /// <summary>The check page of a booking, filled in and ready to be sent.</summary>
    sealed partial class Form(string address, IReadOnlyList<KeyValuePair<string, string>> fields, string cookie) {
        public static async Task<Form> Open(HttpClient person, Guid session, Guid chosen, CancellationToken ct) {
            var address = $"/sessions/{session}/book";
            using var choose = await person.GetAsync(new Uri(address, UriKind.Relative), ct);
            var cookie = string.Join("; ", choose.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(c => c.Split(';')[0]) : []);
            var first = new Form(address, [.. Hidden(await choose.Content.ReadAsStringAsync(ct)), new("PersonIds", chosen.ToString())], cookie);
            using var check = await first.Post(person, ct);
            return new Form(address, Hidden(await check.Content.ReadAsStringAsync(ct)), cookie);
        }

        public async Task<(HttpStatusCode Status, bool ProblemPage)> Send(HttpClient person, CancellationToken ct) {
            using var response = await Post(person, ct);
            return (response.StatusCode, (await response.Content.ReadAsStringAsync(ct)).Contains("Sorry, there is a problem with the service", StringComparison.Ordinal));
        }

        async Task<HttpResponseMessage> Post(HttpClient person, CancellationToken ct) {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
            // The default Cookie header is the session's; a request's own replaces it.
            request.Headers.Add("Cookie", person.DefaultRequestHeaders.GetValues("Cookie").Append(cookie).Where(c => c.Length > 0));
            return await person.SendAsync(request, ct);
        }

        static List<KeyValuePair<string, string>> Hidden(string html) => [.. Inputs().Matches(html[html.IndexOf("<main", StringComparison.Ordinal)..])
            .Select(input => input.Value).Where(input => input.Contains("type=\"hidden\"", StringComparison.Ordinal))
            .Select(input => new KeyValuePair<string, string>(Name().Match(input).Groups[1].Value, WebUtility.HtmlDecode(Value().Match(input).Groups[1].Value)))];

        [GeneratedRegex("<input[^>]*>")]
        private static partial Regex Inputs();
        [GeneratedRegex(" name=\"([^\"]*)\"")]
        private static partial Regex Name();
        [GeneratedRegex(" value=\"([^\"]*)\"")]
        private static partial Regex Value();
    }
}
