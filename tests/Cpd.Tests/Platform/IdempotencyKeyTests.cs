using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Cpd.Tests.Training;
using Cpd.Training.Bookings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>A program's request with an Idempotency-Key is done once and answered alike each time.</summary>
public sealed class IdempotencyKeyTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<(Actor Officer, Actor Manager, Guid Setting, Guid Session)> Given(int places = 16) {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var officer = await app.Given.Officer(authority);
        return (officer, await app.Given.Manager(setting), setting, (await app.Session(officer, places)).SessionId);
    }

    static async Task<Told> Send(HttpClient api, HttpMethod method, string address, string? key, object? body = null) {
        using var request = new HttpRequestMessage(method, address);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await api.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.ToString(), response.Headers.Contains("Idempotent-Replayed"), response.Headers.RetryAfter?.ToString());
    }

    static Task<Told> Book(HttpClient api, Guid session, string? key, params Guid[] people) => Send(api, HttpMethod.Post, $"/api/v1/sessions/{session}/bookings", key, new { personIds = people });

    static string Key() => Ids.New(TimeProvider.System).ToString();

    sealed record Told(HttpStatusCode Status, string Text, string? Type, bool IsReplayed, string? RetryAfter) {
        public Told First => this with { IsReplayed = false };
        public string? Title => JsonDocument.Parse(Text).RootElement.GetProperty("title").GetString();
    }

    [Fact]
    public async Task Post_SameKeyAgain_GivesTheFirstAnswerAndBooksOnce() {
        var (_, manager, setting, session) = await Given();
        var (api, person, key) = (await app.Api(manager), await app.Given.Staff(setting), Key());
        var first = await Book(api, session, key, person);
        Assert.Contains("\"booked\"", first.Text, StringComparison.Ordinal);
        Assert.False(first.IsReplayed);
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(1));
        var again = await Book(api, session, $"\"{key}\"", person);
        Assert.True(again.IsReplayed);
        Assert.Equal(first, again.First);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @session", new { session }));
        // Without the key the second is what it is: somebody who is booked already.
        Assert.Contains("They are already booked", (await Book(api, session, null, person)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_FiveAtOnce_OneEffectAndOneAnswer() {
        var (_, manager, setting, session) = await Given();
        var (api, person, key) = (await app.Api(manager), await app.Given.Staff(setting), Key());
        var told = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(async () => {
            while (true) {
                var answer = await Book(api, session, key, person);
                if (answer.RetryAfter is null) return answer.First;
                Assert.Equal((HttpStatusCode.Conflict, "This request is still being worked on"), (answer.Status, answer.Title));
                await Task.Delay(20);
            }
        })));
        Assert.Single(told.Distinct());
        Assert.Contains("\"booked\"", told[0].Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("training_Booking", "SessionId = @session", new { session }));
    }

    [Fact]
    public async Task Post_FiveAtOnceOnTwoHosts_OneEffectAndOneAnswer() {
        var (_, manager, setting, session) = await Given();
        await using var other = app.WithWebHostBuilder(_ => { });
        var (here, person, key) = (await app.Api(manager), await app.Given.Staff(setting), Key());
        using var there = other.CreateClient();
        there.DefaultRequestHeaders.Authorization = here.DefaultRequestHeaders.Authorization;
        for (var round = 0; round < 5; round++) {
            (key, person) = (Key(), await app.Given.Staff(setting));
            var told = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => Book(i % 2 == 0 ? here : there, session, key, person))));
            var answers = told.Where(t => t.RetryAfter is null).Select(t => t.First).Distinct().ToList();
            Assert.Contains("\"booked\"", Assert.Single(answers).Text, StringComparison.Ordinal);
        }
        Assert.Equal(5, await app.Count("training_Booking", "SessionId = @session", new { session }));
    }

    [Fact]
    public async Task Post_FirstIsStillInHand_Is409WithRetryAfter() {
        var (_, manager, setting, session) = await Given();
        var (api, person, key) = (await app.Api(manager), await app.Given.Staff(setting), Key());
        var (isWriting, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        // Somebody else writes, so the first has to wait for its turn.
        var writer = app.Database(async db => {
            await db.Execute("UPDATE platform_Outbox SET Attempts = Attempts WHERE 1 = 0", null, default);
            isWriting.SetResult();
            await mayEnd.Task;
            return true;
        });
        await isWriting.Task;
        Task<Told>[] both = [Book(api, session, key, person), Book(api, session, key, person)];
        var second = await await Task.WhenAny(both);
        Assert.Equal((HttpStatusCode.Conflict, "1", "application/problem+json"), (second.Status, second.RetryAfter, second.Type));
        mayEnd.SetResult();
        await writer;
        var first = (await Task.WhenAll(both)).Single(t => t.Status != HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first.Text, (await Book(api, session, key, person)).Text);
    }

    [Fact]
    public async Task Post_AfterARestart_GivesTheFirstAnswer() {
        var (_, manager, setting, session) = await Given();
        var (person, key) = (await app.Given.Staff(setting), Key());
        using var api = await app.Api(manager);
        Told first;
        await using (var before = app.WithWebHostBuilder(_ => { })) {
            using var client = before.CreateClient();
            client.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
            first = await Book(client, session, key, person);
        }
        await using var after = app.WithWebHostBuilder(_ => { });
        using var later = after.CreateClient();
        later.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
        var again = await Book(later, session, key, person);
        Assert.True(again.IsReplayed);
        Assert.Equal(first, again.First);
    }

    [Fact]
    public async Task Post_OtherBodyOrAddressOrMethod_IsRefused() {
        var (officer, manager, setting, session) = await Given();
        var (_, otherSession) = await app.Session(officer);
        var (api, person, other, key) = (await app.Api(manager), await app.Given.Staff(setting), await app.Given.Staff(setting), Key());
        Assert.Equal(HttpStatusCode.OK, (await Book(api, session, key, person)).Status);
        foreach (var refused in new[] {
            await Book(api, session, key, other), await Book(api, otherSession, key, person), await Send(api, HttpMethod.Post, $"/api/v1/sessions/{session}/bookings?x=1", key, new { personIds = new[] { person } }),
            await Send(api, HttpMethod.Delete, $"/api/v1/bookings/{session}", key),
        }) {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Equal(("application/problem+json", "This Idempotency-Key belongs to another request"), (refused.Type, refused.Title));
        }
        Assert.Equal(0, await app.Count("training_Booking", "PersonId = @other OR SessionId = @otherSession", new { other, otherSession }));
    }

    [Fact]
    public async Task Post_TwoCallersWithTheSameKey_DoNotMeet() {
        var (_, manager, setting, session) = await Given();
        var (_, stranger, elsewhere, _) = await Given();
        var (person, theirs, key) = (await app.Given.Staff(setting), await app.Given.Staff(elsewhere), Key());
        Assert.Contains("\"booked\"", (await Book(await app.Api(manager), session, key, person)).Text, StringComparison.Ordinal);
        var answer = await Book(await app.Api(stranger), session, key, theirs);
        Assert.Equal((HttpStatusCode.OK, false), (answer.Status, answer.IsReplayed));
        Assert.Contains("\"booked\"", answer.Text, StringComparison.Ordinal);
        // Nor do two keys of one person: each program counts its own.
        Assert.False((await Book(await app.Api(manager), session, key, await app.Given.Staff(setting))).IsReplayed);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"abc")]
    [InlineData("\"a\"b\"")]
    [InlineData("two words")]
    [InlineData("a,b")]
    [InlineData("\"a\\x\"")]
    [InlineData("LONG")]
    public async Task Post_MalformedKey_IsRefusedAndNothingDone(string key) {
        var (_, manager, setting, session) = await Given();
        var answer = await Book(await app.Api(manager), session, key == "LONG" ? new string('k', Once.LongestKey + 1) : key, await app.Given.Staff(setting));
        Assert.Equal((HttpStatusCode.BadRequest, "The Idempotency-Key can't be used"), (answer.Status, answer.Title));
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @session", new { session }));
    }

    [Fact]
    public async Task Post_TwoKeys_IsRefused() {
        var (_, manager, setting, session) = await Given();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{session}/bookings") { Content = JsonContent.Create(new { personIds = new[] { await app.Given.Staff(setting) } }) };
        request.Headers.Add("Idempotency-Key", ["one", "two"]);
        using var response = await (await app.Api(manager)).SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Post_LargestKeyWithQuotes_IsTaken() {
        var (_, manager, setting, session) = await Given();
        var (api, person) = (await app.Api(manager), await app.Given.Staff(setting));
        var key = new string('k', Once.LongestKey);
        Assert.Equal(HttpStatusCode.OK, (await Book(api, session, key, person)).Status);
        Assert.True((await Book(api, session, $"\"{key}\"", person)).IsReplayed);
        Assert.Equal(HttpStatusCode.OK, (await Book(api, session, "\"a \\\"b\\\" \\\\\"", person)).Status);
    }

    [Fact]
    public async Task Refusals_AreAnsweredAgainThoughThingsHaveChanged() {
        var (_, manager, setting, session) = await Given();
        var (api, person) = (await app.Api(manager), await app.Given.Staff(setting));
        var booking = (await app.Send(manager, new BookPlaces.Command(session, [person]))).Single().BookingId;
        var (invalid, missing, conflict) = (Key(), Key(), Key());
        var empty = await Book(api, session, invalid);
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(empty, (await Book(api, session, invalid)).First);
        var unknown = await Book(api, Guid.Empty, missing, person);
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.True((await Book(api, Guid.Empty, missing, person)).IsReplayed);

        Assert.Equal(HttpStatusCode.NoContent, (await Send(api, HttpMethod.Delete, $"/api/v1/bookings/{booking}", conflict)).Status);
        var gone = await Send(api, HttpMethod.Delete, $"/api/v1/bookings/{booking}", conflict);
        Assert.Equal((HttpStatusCode.NoContent, true, ""), (gone.Status, gone.IsReplayed, gone.Text));
        var second = Key();
        var refused = await Send(api, HttpMethod.Delete, $"/api/v1/bookings/{booking}", second);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Null(refused.RetryAfter);
        Assert.Equal(refused, (await Send(api, HttpMethod.Delete, $"/api/v1/bookings/{booking}", second)).First);
    }

    [Fact]
    public async Task Post_WithoutKeyOrPermission_KeepsNothing() {
        var (_, manager, setting, session) = await Given();
        var (person, key) = (await app.Given.Staff(setting), Key());
        var before = await app.Count("platform_KeptAnswer");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Book(app.CreateClient(), session, key, person)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(await app.Api(manager), HttpMethod.Put, $"/api/v1/sessions/{session}/register", key, new { close = false })).Status);
        Assert.Equal(before, await app.Count("platform_KeptAnswer"));
    }

    [Fact]
    public async Task Post_TheHandlerBreaks_NothingIsDoneOrKept_AndTheKeyWorksAfterwards() {
        var (_, manager, setting, session) = await Given();
        var (person, key) = (await app.Given.Staff(setting), Key());
        using var api = await app.Api(manager);
        await using (var broken = app.WithWebHostBuilder(b => b.ConfigureServices(s => s.AddScoped<IPipelineBehavior<BookPlaces.Command, Cpd.Platform.Messaging.Outcome<IReadOnlyList<BookPlaces.Answer>>>, BreaksAfterwards>()))) {
            using var client = broken.CreateClient();
            client.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
            var answer = await Book(client, session, key, person);
            Assert.Equal((HttpStatusCode.InternalServerError, "application/problem+json"), (answer.Status, answer.Type));
        }
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @session", new { session }));
        var later = await Book(api, session, key, person);
        Assert.False(later.IsReplayed);
        Assert.Contains("\"booked\"", later.Text, StringComparison.Ordinal);
    }

    sealed class BreaksAfterwards : IPipelineBehavior<BookPlaces.Command, Cpd.Platform.Messaging.Outcome<IReadOnlyList<BookPlaces.Answer>>> {
        public async Task<Cpd.Platform.Messaging.Outcome<IReadOnlyList<BookPlaces.Answer>>> Handle(BookPlaces.Command request, CancellationToken cancellationToken, RequestHandlerDelegate<Cpd.Platform.Messaging.Outcome<IReadOnlyList<BookPlaces.Answer>>> next) {
            await next();
            throw new InvalidOperationException("The process dies here.");
        }
    }

    [Fact]
    public async Task Post_RequestLargerThan1MB_IsRefused() {
        var (_, manager, setting, session) = await Given();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{session}/bookings") { Content = JsonContent.Create(new { personIds = new[] { await app.Given.Staff(setting) }, x = new string('x', 1024 * 1024) }) };
        request.Headers.Add("Idempotency-Key", Key());
        using var response = await (await app.Api(manager)).SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(0, await app.Count("training_Booking", "SessionId = @session", new { session }));
    }

    [Fact]
    public async Task Kept_AnswerIsUnreadable_ExpiresAfterADay_AndIsRemoved() {
        var (_, manager, setting, session) = await Given();
        var (api, person, key) = (await app.Api(manager), await app.Given.Staff(setting, "Secret Name"), Key());
        await app.Database(db => db.Execute("DELETE FROM platform_KeptAnswer", null, default));
        Assert.Contains("Secret Name", (await Book(api, session, key, person)).Text, StringComparison.Ordinal);
        var stored = await app.Database(db => db.One<string>("SELECT Sealed FROM platform_KeptAnswer", null, default));
        Assert.DoesNotContain("Secret Name", Encoding.UTF8.GetString(Convert.FromBase64String(stored!)), StringComparison.Ordinal);

        app.Clock.Set(app.Clock.GetUtcNow().AddHours(24).AddMinutes(-1));
        Assert.True((await Book(api, session, key, person)).IsReplayed);
        Assert.Equal(0, await CleanUp());
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(1));
        // The key is new again, with its old row still there or not.
        var again = await Book(api, session, key, person);
        Assert.False(again.IsReplayed);
        Assert.Contains("They are already booked", again.Text, StringComparison.Ordinal);
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(24));
        await app.Database(db => db.Execute("INSERT INTO platform_KeptAnswer (Id, Request, Sealed, ExpiresAt) VALUES (@Id, @Request, '', @Now)",
            Enumerable.Range(0, 1200).Select(_ => new { Id = Cpd.Platform.Data.Ids.New(app.Clock), Request = new byte[32], app.Now }).ToList(), default));
        Assert.Equal(1201, await CleanUp());
        Assert.Equal(0, await app.Count("platform_KeptAnswer"));
    }

    async Task<int> CleanUp() {
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new Cpd.Platform.Jobs.RemoveOldAnswers.Command())).Value;
    }

    [Fact]
    public async Task OpenApi_EveryUnsafeOperation_TakesTheKey() {
        var document = JsonDocument.Parse(await app.CreateClient().GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ToList();
        var (isUnsafe, isSafe) = (operations.Where(o => o.Name is "post" or "put" or "patch" or "delete").ToList(), operations.Where(o => o.Name == "get"));
        Assert.NotEmpty(isUnsafe);
        Assert.All(isUnsafe, o => {
            var header = o.Value.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "Idempotency-Key");
            Assert.Equal("header", header.GetProperty("in").GetString());
            Assert.True(o.Value.GetProperty("responses").TryGetProperty("422", out _));
        });
        Assert.All(isSafe, o => Assert.DoesNotContain("Idempotency-Key", o.Value.GetRawText(), StringComparison.Ordinal));
    }
}
