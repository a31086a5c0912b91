using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Cpd.Platform.Data;

namespace Cpd.Bench;

/// <summary>
/// Requests are sent one to five times each: at once, one after the other, and again after the service was killed in the middle. Each
/// is done once and answered alike every time. Programs book with an Idempotency-Key; people add entries to their record by a form.
/// </summary>
sealed partial class IdempotencyDrill : Drill {
    const int Clients = 8;
    const int PerSession = 100;

    public override string Name => "idempotency";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        var (posts, forms) = (drilling.Rounds(500, 5_000), drilling.Rounds(100, 1_000));
        var seed = Environment.TickCount;
        var random = new Random(seed);
        Drilling.Say($"seed {seed}");
        await using var arranged = await Arranged.Make(drilling.Folder, new Plan(Sessions: (posts + PerSession - 1) / PerSession + 1, Places: PerSession, Staff: PerSession), ct: ct);
        var bookings = Enumerable.Range(0, posts).Select(i => new Sending(arranged.Sessions[i / PerSession], arranged.Staff[i % PerSession], Key(), random.Next(1, 6), (Manner)random.Next(3))).ToList();
        var entries = new List<FilledIn>();

        var host = await HostProcess.Start(arranged.Folder, ct: ct);
        try {
            // First life: everything is sent; what is sent again after a restart is sent once.
            using (var client = host.Client(arranged.ManagerKey)) {
                using var browser = host.Client();
                for (var i = 0; i < forms; i++) entries.Add(await FilledIn.Open(browser, arranged.ManagerCookie, $"Entry {i}", random.Next(1, 6), (Manner)random.Next(3), ct));
                var first = Task.WhenAll(Work(bookings, s => s.Send(client, last: false, ct)), Work(entries, e => e.Send(browser, last: false, ct)));
                await Task.WhenAny(first, Half(bookings, ct));
                await host.Kill();
                await first;
            }
            await host.DisposeAsync();
            host = await HostProcess.Start(arranged.Folder, ct: ct);
            using (var client = host.Client(arranged.ManagerKey)) {
                using var browser = host.Client();
                // Second life: whoever has no answer yet asks until there is one, and what was to be sent again is.
                await Task.WhenAll(Work(bookings, s => s.Send(client, last: true, ct)), Work(entries, e => e.Send(browser, last: true, ct)));

                var rows = await arranged.Count("SELECT COUNT(*) FROM training_Booking");
                var differing = bookings.Count(b => b.Answers.Distinct().Count() != 1);
                Drilling.Say($"{posts:N0} posts sent {bookings.Sum(b => b.Sent):N0} times, {bookings.Count(b => b.Answers.Count > 1):N0} answered more than once");
                drilling.Must(rows == posts, $"bookings made: {rows:N0} of {posts:N0}");
                drilling.Must(differing == 0, $"posts whose answers differ: {differing}");
                drilling.Must(bookings.All(b => b.Answers.All(a => a.StartsWith("200 ", StringComparison.Ordinal) && a.Contains("\"booked\"", StringComparison.Ordinal))), "every answer says that it is booked");

                var refused = 0;
                await Work(bookings, async b => { if (await b.SendOther(client, arranged.Staff, ct) == HttpStatusCode.UnprocessableEntity) Interlocked.Increment(ref refused); });
                drilling.Must(refused == posts, $"keys sent again with another body and refused: {refused:N0} of {posts:N0}");

                var made = await arranged.Count("SELECT COUNT(*) FROM accreditation_Entry");
                var others = entries.Count(e => e.Answers.Distinct().Count() != 1);
                Drilling.Say($"{forms:N0} forms sent {entries.Sum(e => e.Sent):N0} times");
                drilling.Must(made == forms, $"entries made: {made:N0} of {forms:N0}");
                drilling.Must(others == 0 && entries.All(e => e.Answers.All(a => a == "302 /my-cpd")), $"forms whose confirmations differ: {others}");

                await WithoutGuard(drilling, arranged, client, browser, ct);
            }
        } finally {
            await host.DisposeAsync();
        }
    }

    /// <summary>The same, with no key and no token: the check has to see it.</summary>
    static async Task WithoutGuard(Drilling drilling, Arranged arranged, HttpClient client, HttpClient browser, CancellationToken ct) {
        var before = await arranged.Count("SELECT COUNT(*) FROM accreditation_Entry");
        var bare = new List<FilledIn>();
        for (var i = 0; i < 10; i++) bare.Add((await FilledIn.Open(browser, arranged.ManagerCookie, $"Bare {i}", 3, Manner.AtOnce, ct)).WithoutToken());
        foreach (var entry in bare) await entry.Send(browser, last: true, ct);
        var made = await arranged.Count("SELECT COUNT(*) FROM accreditation_Entry") - before;
        drilling.Control(made > bare.Count, $"without a token {bare.Count} forms made {made} entries");
        var keyless = arranged.Staff.Take(10).Select(person => new Sending(arranged.Sessions[^1], person, null, 3, Manner.InTurn)).ToList();
        foreach (var sending in keyless) await sending.Send(client, last: true, ct);
        var differing = keyless.Count(s => s.Answers.Distinct().Count() > 1);
        drilling.Control(differing > 0, $"without a key the answers of {differing} of {keyless.Count} posts differ");
    }

    enum Manner { InTurn, AtOnce, AcrossTheRestart }

    static async Task Half(List<Sending> sendings, CancellationToken ct) {
        while (sendings.Count(s => !s.Answers.IsEmpty) < sendings.Count / 2) await Task.Delay(5, ct);
    }

    static async Task Work<T>(IEnumerable<T> all, Func<T, Task> work) {
        var queue = new ConcurrentQueue<T>(all);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () => { while (queue.TryDequeue(out var next)) await work(next); })));
    }

    static string Key() => Ids.New(TimeProvider.System).ToString();

    /// <summary>One request, and every answer it has had.</summary>
    abstract class Repeated(int times, Manner manner) {
        int sent;

        public ConcurrentBag<string> Answers { get; } = [];
        public int Sent => sent;

        /// <param name="last">Whether an answer is insisted on. Before, the service may die, and no answer is an answer.</param>
        public async Task Send(HttpClient client, bool last, CancellationToken ct) {
            // Once is enough for those that come again after the restart, which then send the rest; an answer is asked for in any case.
            var count = manner == Manner.AcrossTheRestart ? (last ? Math.Max(1, times - 1) : 1) : last ? (Answers.IsEmpty ? times : 0) : times;
            if (manner == Manner.AtOnce) await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Ask(client, last, ct)));
            else for (var i = 0; i < count; i++) await Ask(client, last, ct);
        }

        async Task Ask(HttpClient client, bool insists, CancellationToken ct) {
            while (true) {
                try {
                    Interlocked.Increment(ref sent);
                    using var request = Request();
                    using var response = await client.SendAsync(request, ct);
                    if (response is { StatusCode: HttpStatusCode.Conflict, Headers.RetryAfter: not null }) {
                        await Task.Delay(10, ct);
                        continue;
                    }
                    Answers.Add(await Text(response, ct));
                    return;
                } catch (Exception e) when (!insists && e is HttpRequestException or IOException) {
                    return;
                }
            }
        }

        protected abstract HttpRequestMessage Request();
        protected abstract Task<string> Text(HttpResponseMessage response, CancellationToken ct);
    }

    sealed class Sending(Guid session, Guid person, string? key, int times, Manner manner) : Repeated(times, manner) {
        protected override HttpRequestMessage Request() => Request(person);

        protected override async Task<string> Text(HttpResponseMessage response, CancellationToken ct) => $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {await response.Content.ReadAsStringAsync(ct)}";

        public async Task<HttpStatusCode> SendOther(HttpClient client, IReadOnlyList<Guid> staff, CancellationToken ct) {
            using var request = Request(staff[0] == person ? staff[1] : staff[0]);
            using var response = await client.SendAsync(request, ct);
            return response.StatusCode;
        }

        HttpRequestMessage Request(Guid who) {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{session}/bookings") { Content = JsonContent.Create(new { personIds = new[] { who } }) };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return request;
        }
    }

    sealed partial class FilledIn(string cookies, IReadOnlyList<KeyValuePair<string, string>> fields, int times, Manner manner) : Repeated(times, manner) {
        const string Address = "/my-cpd/add";

        /// <summary>Opens the form as a browser does, with its cookies and hidden fields, and fills it in.</summary>
        public static async Task<FilledIn> Open(HttpClient browser, string session, string title, int times, Manner manner, CancellationToken ct) {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address);
            request.Headers.Add("Cookie", session);
            using var response = await browser.SendAsync(request, ct);
            var page = await response.Content.ReadAsStringAsync(ct);
            var cookies = string.Join("; ", [session, .. response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(c => c.Split(';')[0]) : []]);
            var form = page[page.IndexOf("<main", StringComparison.Ordinal)..];
            var hidden = Hidden().Matches(form).Select(m => KeyValuePair.Create(Attribute(m.Value, "name"), WebUtility.HtmlDecode(Attribute(m.Value, "value"))));
            return new(cookies, [.. hidden, new("Title", title), new("Source", "The library"), new("HappenedOn.Day", "3"), new("HappenedOn.Month", "9"), new("HappenedOn.Year", "2025"),
                new("Hours", "1"), new("Minutes", "30"), new("Mode", "SelfStudy")], times, manner);
        }

        public FilledIn WithoutToken() => new(cookies, [.. fields.Where(f => f.Key != Platform.Web.Once.Field)], 3, Manner.AtOnce);

        protected override HttpRequestMessage Request() {
            var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Add("Cookie", cookies);
            return request;
        }

        protected override Task<string> Text(HttpResponseMessage response, CancellationToken ct) => Task.FromResult($"{(int)response.StatusCode} {response.Headers.Location}");

        static string Attribute(string tag, string name) => tag.IndexOf(name + "=\"", StringComparison.Ordinal) is >= 0 and var at && at + name.Length + 2 is var from ? tag[from..tag.IndexOf('"', from)] : "";

        [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
        private static partial Regex Hidden();
    }
}
