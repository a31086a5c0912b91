using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;

namespace Cpd.Tests;

/// <summary>The main job through the JSON API, with the keys that the demonstration hands out: publish, book, attend, record, prove.</summary>
public sealed class JourneyTests(DemoApp app) : IClassFixture<DemoApp> {
    [Fact]
    public async Task Journey_WithTheDemonstrationsKeys_EndsInExportsThatProveIt() {
        using var anyone = app.CreateClient();
        using var manager = app.Key("SettingManager");
        using var officer = app.Key("AuthorityOfficer");
        using var practitioner = app.Key("Practitioner");
        using var provider = app.Key("TrainingProviderOfficer");
        var me = app.Account("Practitioner").GetProperty("personId").GetGuid();

        // The catalogue needs no key.
        var courses = await Json(await anyone.GetAsync("/api/v1/courses"));
        Assert.NotEmpty(courses.GetProperty("items").EnumerateArray());

        // A practitioner books a free place, and is told so again when they ask twice.
        var session = await FreeSession();
        var booked = (await Json(await practitioner.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = new[] { me } })))[0];
        Assert.Equal("booked", booked.GetProperty("outcome").GetString(), ignoreCase: true);
        Assert.NotEmpty(booked.GetProperty("reference").GetString()!);
        var again = (await Json(await practitioner.PostAsJsonAsync($"/api/v1/sessions/{session}/bookings", new { personIds = new[] { me } })))[0];
        Assert.Equal("refused", again.GetProperty("outcome").GetString(), ignoreCase: true);
        Assert.NotEmpty(again.GetProperty("why").GetString()!);

        // The officer sees the booking; after the session the register is closed.
        var bookings = await Json(await officer.GetAsync($"/api/v1/sessions/{session}/bookings"));
        var people = bookings.GetProperty("items").EnumerateArray().Where(b => !string.Equals(b.GetProperty("state").GetString(), "Waiting", StringComparison.OrdinalIgnoreCase)).Select(b => b.GetProperty("personId").GetGuid()).ToList();
        Assert.Contains(me, people);
        var details = await Json(await anyone.GetAsync($"/api/v1/sessions/{session}"));
        app.Clock.Set(details.GetProperty("dates").EnumerateArray().Last().GetProperty("endsAt").GetDateTimeOffset().AddHours(1));
        var closed = await officer.PutAsJsonAsync($"/api/v1/sessions/{session}/register", new {
            entries = people.Select(p => new { personId = p, attendance = "Attended" }), close = true,
        });
        Assert.True(closed.IsSuccessStatusCode, await closed.Content.ReadAsStringAsync());
        await app.DrainOutbox();

        // The practitioner sees the minutes and the certificate, and anyone can check it.
        var record = await Json(await practitioner.GetAsync($"/api/v1/people/{me}/cpd"));
        var entry = record.GetProperty("items").EnumerateArray().Single(e => e.TryGetProperty("sessionId", out var s) && s.ValueKind == JsonValueKind.String && s.GetGuid() == session);
        Assert.True(entry.GetProperty("minutes").GetInt32() > 0);
        var number = entry.GetProperty("certificateNumber").GetString()!;
        var certificate = await Json(await practitioner.GetAsync($"/api/v1/certificates/{number}"));
        Assert.Equal(app.Account("Practitioner").GetProperty("personId").GetGuid(), certificate.GetProperty("personId").GetGuid());
        var check = await app.Browser().Get($"/check/{number}");
        Assert.Equal(HttpStatusCode.OK, check.Status);

        // The setting and the training provider each export it; another authority's do not.
        var today = DateOnly.FromDateTime(app.Now);
        var period = $"from={today.AddDays(-400):yyyy-MM-dd}&to={today:yyyy-MM-dd}";
        Assert.Contains(number, await Text(manager, $"/api/v1/exports/setting-records?{period}&format=csv"), StringComparison.Ordinal);
        Assert.Contains(number, await Text(manager, $"/api/v1/exports/setting-records?{period}&format=json"), StringComparison.Ordinal);
        Assert.Contains(number, await Text(provider, $"/api/v1/exports/accreditation-records?{period}&format=csv"), StringComparison.Ordinal);
        using var otherManager = app.Key("SettingManager", "Blackpool");
        using var otherProvider = app.Key("TrainingProviderOfficer", "Blackpool");
        Assert.DoesNotContain(number, await Text(otherManager, $"/api/v1/exports/setting-records?{period}&format=csv"), StringComparison.Ordinal);
        Assert.DoesNotContain(number, await Text(otherProvider, $"/api/v1/exports/accreditation-records?{period}&format=csv"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await otherManager.GetAsync($"/api/v1/people/{me}/cpd")).StatusCode);
    }

    [Fact]
    public void DemoJson_HoldsWhatScriptsNeed() {
        var roles = Enum.GetNames<Role>();
        foreach (var authority in (string[])["Thurrock", "Blackpool"])
            foreach (var role in roles) {
                var account = app.Account(role, authority);
                Assert.All((string[])["email", "password", "personId"], field => Assert.NotEmpty(account.GetProperty(field).GetString()!));
                Assert.EndsWith("@example.org", account.GetProperty("email").GetString(), StringComparison.Ordinal);
            }
        Assert.True(app.Demo.GetProperty("people").GetArrayLength() >= 300);
        Assert.True(app.Demo.GetProperty("courses").GetArrayLength() >= 10);
        Assert.Contains(app.Demo.GetProperty("sessions").EnumerateArray(), s => s.GetProperty("places").GetInt32() == 16 && s.GetProperty("booked").GetInt32() == 0);
        Assert.NotEqual(0, app.Demo.GetProperty("certificates").GetArrayLength());
        Assert.NotEmpty(app.Demo.GetProperty("apiKeys")[0].GetProperty("key").GetString()!);
        Assert.StartsWith("http", app.Demo.GetProperty("baseUrl").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A session of Thurrock ahead with free places, given by its training provider.</summary>
    async Task<Guid> FreeSession() => await app.Database(db => db.One<Guid>("""
        SELECT s.Id FROM training_Session s JOIN training_Course c ON c.Id = s.CourseId JOIN people_Authority a ON a.Id = c.AuthorityId
        WHERE a.Name = 'Thurrock' AND c.TrainingProviderId IS NOT NULL AND s.State = 'Published' AND s.StartsAt > @Now AND s.WaitingCount = 0 AND s.PlacesTaken < s.Places
          AND NOT EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = s.Id AND b.PersonId = @Me AND b.CancelledAt IS NULL)
        ORDER BY s.StartsAt, s.Id
        """, new { app.Now, Me = app.Account("Practitioner").GetProperty("personId").GetGuid() }, default));

    static async Task<JsonElement> Json(HttpResponseMessage response) {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    static async Task<string> Text(HttpClient client, string address) {
        var response = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
