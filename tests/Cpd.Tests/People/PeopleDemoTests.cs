using System.Diagnostics;
using System.Text.Json;
using Cpd.People;
using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Tests.People;

public sealed class PeopleDemoTests(CpdApp app, ITestOutputHelper output) : IClassFixture<CpdApp> {
    [Fact]
    public async Task FillDemo_EmptyDatabase_HasAccountsOfEveryRoleThatWork() {
        var book = new DemoBook(app.Services, app.Clock, CpdApp.Start);
        var started = Stopwatch.GetTimestamp();
        await new PeopleModule().FillDemo(book, CancellationToken.None);
        output.WriteLine($"Filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");

        using var json = JsonDocument.Parse(book.ToJson("http://localhost"));
        var accounts = json.RootElement.GetProperty("accounts").EnumerateArray().ToList();
        foreach (var town in (string[])["Thurrock", "Blackpool"])
            Assert.Equal(Enum.GetNames<Role>().Order(), accounts.Where(a => a.GetProperty("authority").GetString() == town).Select(a => a.GetProperty("role").GetString()).Order());
        // Bradford has its three registrants and who sends the students.
        Assert.Equal(["AuthorityOfficer", "InstitutionOfficer", "PlacementHost", "PlacementHost", "PlacementHost", "Practitioner", "SettingManager"], accounts.Where(a => a.GetProperty("authority").GetString() == "Bradford").Select(a => a.GetProperty("role").GetString()).Order());
        foreach (var key in (string[])["admin", "officer", "manager", "practitioner", "trainer", "provider", "accreditor", "host", "student", "institution"]) Assert.Contains("thurrock-" + key, book.Actors.Keys);

        var people = json.RootElement.GetProperty("people").EnumerateArray().Select(p => p.GetGuid()).ToList();
        Assert.True(people.Distinct().Count() >= 300);
        var today = DateOnly.FromDateTime(CpdApp.Start.UtcDateTime);
        var staff = await app.Ask(book.Actors["thurrock-officer"], new FindStaff(people, today.AddYears(-1)));
        Assert.Equal(people.Order(), staff.Select(s => s.PersonId).Distinct().Order());
        Assert.True(await app.Count("people_Setting", "AuthorityId = @Id", new { Id = await app.Given.Authority() }) >= 20);

        var officer = accounts.First(a => a.GetProperty("role").GetString() == "AuthorityOfficer");
        Assert.Null((await app.Ask(new Actor(Guid.Empty, "", []), new SignIn.Command(officer.GetProperty("email").GetString(), officer.GetProperty("password").GetString(), "1"))).Refusal);
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", json.RootElement.GetProperty("apiKeys").EnumerateArray().First().GetProperty("key").GetString());
        Assert.Equal(accounts.Count, json.RootElement.GetProperty("apiKeys").GetArrayLength());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/nothing")).StatusCode);
    }
}
