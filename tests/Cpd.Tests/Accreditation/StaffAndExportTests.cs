using System.Net;
using System.Text;
using System.Text.Json;
using Cpd.Accreditation.Ledger;
using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;

namespace Cpd.Tests.Accreditation;

public sealed class StaffAndExportTests(CpdApp app) : IClassFixture<CpdApp> {
    sealed record Scene(Guid Authority, Guid Setting, Guid Provider, Actor Manager, Actor Learner, string Number);

    /// <summary>A setting with a manager who attended nothing and a practitioner who attended one course and added one entry.</summary>
    async Task<Scene> Scenery(string learnerName = "Amina Begum") {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, $"Provider of {setting}");
        var manager = await app.Given.Manager(setting, "Zelda Boss");
        var learner = await app.Given.Practitioner(setting, learnerName);
        var attended = app.Attended(learner.PersonId, authority) with { TrainingProviderId = provider };
        await app.Tell(attended);
        await app.Send(learner, new AddOwnEntry.Command("Secret reading", "Library", new DateOnly(2026, 9, 20), 1, null, null, null, AgeRanges.None, CourseMode.SelfStudy, "Private thought", null));
        return new(authority, setting, provider, manager, learner, (await app.CertificateNumber(attended.BookingId))!);
    }

    const string Period = "from=2026-09-01&to=2026-12-31";

    [Fact]
    public async Task StaffRecords_Manager_SeesEveryoneWithWhatTheyAttended() {
        var scene = await Scenery();
        var browser = await app.Browser(scene.Manager);
        var list = await browser.Get("/staff-records");
        Assert.Contains("2 members of staff, 1 September 2026 to 31 August 2027", list.Words, StringComparison.Ordinal);
        Assert.Contains("Amina Begum Practitioner 1 3 hours 2 hours 1", list.Words, StringComparison.Ordinal);
        Assert.Contains("Zelda Boss Practitioner 0 0 minutes 0 minutes 0", list.Words, StringComparison.Ordinal);

        var person = await browser.Get(list.Document.QuerySelector("tbody a")!.GetAttribute("href")!);
        Assert.Equal("Amina Begum", person.Heading);
        Assert.Contains("1 course attended: 3 hours, of which 2 hours participatory.", person.Words, StringComparison.Ordinal);
        Assert.Contains(scene.Number, person.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret reading", person.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Private thought", person.Text, StringComparison.Ordinal);
        Assert.Contains("No courses attended in this period", (await browser.Get($"/staff-records/{scene.Learner.PersonId}?from=2025-09-01&to=2026-08-31")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaffRecords_OthersStaffAndOtherRoles_AreKeptOut() {
        var (scene, other) = (await Scenery(), await Scenery());
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(scene.Manager)).Get($"/staff-records/{other.Learner.PersonId}")).Status);
        Assert.DoesNotContain(other.Learner.PersonId.ToString(), (await (await app.Browser(scene.Manager)).Get($"/staff-records?Setting={other.Setting}")).Text, StringComparison.Ordinal);
        foreach (var address in (string[])["/staff-records", $"/staff-records/{scene.Learner.PersonId}", "/exports"]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(scene.Learner)).Get(address)).Status);
        }
    }

    [Fact]
    public async Task StaffRecords_PeriodThatRunsBackwards_SaysSo() {
        var page = await (await app.Browser((await Scenery()).Manager)).Get("/staff-records?From=2026-10-02&To=2026-10-01");
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["The last day must be the same as or after the first day"], page.Errors);
    }

    [Fact]
    public async Task Export_SettingRecordsAsCsv_HasARowForEveryoneAndIsSafeInSpreadsheets() {
        var scene = await Scenery("=Amina(1)");
        var answer = await (await app.Browser(scene.Manager)).Client.GetAsync("/exports?Records=setting-records&From.Day=1&From.Month=9&From.Year=2026&To.Day=31&To.Month=12&To.Year=2026&Format=csv");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("setting-records-2026-09-01-to-2026-12-31.csv", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Setting,Name,Job,Joined on,Left on,Date,Title,Run by,Ages,How it was taken,Minutes,Participatory minutes,Certificate number", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Contains(lines, l => l.Contains(",'=Amina(1),Practitioner,01/09/2024,,28/09/2026,Babbling babies,", StringComparison.Ordinal) && l.EndsWith($",In person,180,120,{scene.Number}", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.EndsWith(",Zelda Boss,Practitioner,01/09/2024,,,,,,,,,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_StaffWhoLeft_AreShownUpToTheirLastDay() {
        var scene = await Scenery();
        await app.Tell(app.Attended(scene.Learner.PersonId, scene.Authority) with { StartsAt = app.Now.AddHours(-4), EndsAt = app.Now.AddHours(-1), CourseTitle = "Elsewhere" });
        await app.Database(db => db.Execute("UPDATE people_Membership SET LeftOn = @On WHERE PersonId = @PersonId", new { On = new DateOnly(2026, 9, 30), scene.Learner.PersonId }, default));
        var rows = await Json(scene.Manager, $"/api/v1/exports/setting-records?{Period}");
        Assert.Equal(["Babbling babies", null], rows.Select(r => r.GetProperty("title").GetString()));
        Assert.Equal("2026-09-30", rows[0].GetProperty("leftOn").GetString());
        // Who left before the period is no longer on the list.
        Assert.Single(await Json(scene.Manager, "/api/v1/exports/setting-records?from=2026-10-01&to=2026-12-31"));
    }

    [Fact]
    public async Task Export_AccreditationRecords_EachSeesItsOwn() {
        var (scene, other) = (await Scenery(), await Scenery());
        var officer = await app.Given.Holder(Role.TrainingProviderOfficer, OrganisationKind.TrainingProvider, scene.Provider);
        var row = Assert.Single(await Json(officer, $"/api/v1/exports/accreditation-records?{Period}"));
        Assert.Equal(("Babbling babies", "Amina Begum", scene.Number, 180, "Valid"),
            (row.GetProperty("course").GetString(), row.GetProperty("learner").GetString(), row.GetProperty("certificateNumber").GetString(), row.GetProperty("minutes").GetInt32(), row.GetProperty("status").GetString()));
        Assert.Empty(await Json(officer, "/api/v1/exports/accreditation-records?from=2026-09-29&to=2026-12-31"));

        var csv = await (await app.Api(officer)).GetStringAsync($"/api/v1/exports/accreditation-records?{Period}&format=csv");
        Assert.StartsWith("Course,Accreditor,Reference,Learner,First day,Last day,How it was taken,Minutes,Participatory minutes,Run by,Certificate number,Issued on,Valid until,Status\r\nBabbling babies,,,Amina Begum,28/09/2026,28/09/2026,In person,180,120,", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Number, csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_PeriodOfWeeks_HasEveryDayOnceAndInOrder() {
        var scene = await Scenery();
        int[] days = [0, 1, 6, 7, 8, 13, 14, 20];
        var first = new DateTime(2026, 10, 1, 8, 30, 0, DateTimeKind.Utc);
        await app.Tell([.. days.Reverse().Select(day => app.Attended(scene.Learner.PersonId, scene.Authority) with {
            TrainingProviderId = scene.Provider, StartsAt = first.AddDays(day), EndsAt = first.AddDays(day).AddHours(3),
        })]);
        var officer = await app.Given.Holder(Role.TrainingProviderOfficer, OrganisationKind.TrainingProvider, scene.Provider);
        var rows = await Json(officer, "/api/v1/exports/accreditation-records?from=2026-10-01&to=2026-10-21");
        Assert.Equal(days.Select(day => first.AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), rows.Select(r => r.GetProperty("startsOn").GetString()));
        Assert.Equal(days.Length - 1, (await Json(officer, "/api/v1/exports/accreditation-records?from=2026-10-01&to=2026-10-20")).Count);
    }

    [Theory]
    [InlineData("to=2026-12-31", "From", "Enter the first day")]
    [InlineData("from=2026-12-31", "To", "Enter the last day")]
    [InlineData("from=2026-12-31&to=2026-12-30", "To", "The last day must be the same as or after the first day")]
    [InlineData("from=2016-01-01&to=2026-01-01", "To", "The last day must be less than 10 years after the first day")]
    [InlineData("from=2026-01-01&to=2026-01-02&format=xml", "Format", "Select csv or json")]
    public async Task Export_PeriodMissingOrWrong_IsAProblem(string query, string field, string sentence) {
        var client = await app.Api((await Scenery()).Manager);
        var answer = await client.GetAsync($"/api/v1/exports/setting-records?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors");
        Assert.Equal(sentence, errors.GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task Export_DayThatIsNone_IsAProblem() {
        var answer = await (await app.Api((await Scenery()).Manager)).GetAsync("/api/v1/exports/setting-records?from=yesterday&to=2026-01-01");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Export_Page_SaysWhatIsMissingAndOffersOnlyWhatOneMay() {
        var browser = await app.Browser((await Scenery()).Manager);
        var page = await browser.Get("/exports");
        Assert.Contains("Records of my setting", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Accreditation records", page.Words, StringComparison.Ordinal);
        var refused = await browser.Get("/exports?From.Day=&From.Month=&From.Year=&To.Day=31&To.Month=2&To.Year=2026&Format=csv");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["Enter the first day", "The last day must be a real date"], refused.Errors);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Get($"/exports?Records=accreditation-records&From=2026-09-01&To=2026-12-31&Format=csv")).Status);
    }

    [Fact]
    public async Task Export_WrongRoleOrNoKey_IsRefused() {
        var scene = await Scenery();
        foreach (var address in (string[])[$"/api/v1/exports/setting-records?{Period}", $"/api/v1/exports/accreditation-records?{Period}"]) {
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Api(scene.Learner)).GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync(address)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Api(scene.Manager)).GetAsync($"/api/v1/exports/accreditation-records?{Period}")).StatusCode);
    }

    [Fact]
    public async Task Api_Cpd_PersonSeesAllAndManagerWhatCameFromRegisters() {
        var (scene, other) = (await Scenery(), await Scenery());
        var address = $"/api/v1/people/{scene.Learner.PersonId}/cpd";
        var own = JsonDocument.Parse(await (await app.Api(scene.Learner)).GetStringAsync(address)).RootElement;
        Assert.Equal((2, 240, 2), (own.GetProperty("totals").GetProperty("entries").GetInt32(), own.GetProperty("totals").GetProperty("minutes").GetInt32(), own.GetProperty("items").GetArrayLength()));
        Assert.Equal(1, JsonDocument.Parse(await (await app.Api(scene.Learner)).GetStringAsync(address + "?from=2026-09-21")).RootElement.GetProperty("items").GetArrayLength());

        var text = await (await app.Api(scene.Manager)).GetStringAsync(address);
        Assert.Equal(180, JsonDocument.Parse(text).RootElement.GetProperty("totals").GetProperty("minutes").GetInt32());
        Assert.DoesNotContain("Secret reading", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Private thought", text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Api(other.Manager)).GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Api(other.Learner)).GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.CreateClient().GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await (await app.Api(scene.Learner)).GetAsync(address + "?from=2026-02-01&to=2026-01-01")).StatusCode);
    }

    [Fact]
    public async Task Api_Cpd_LongRecord_ComesInSlices() {
        var learner = (await Scenery()).Learner;
        for (var i = 0; i < 101; i++)
            await app.Send(learner, new AddOwnEntry.Command($"Entry {i}", "Library", new DateOnly(2026, 9, 1), 1, null, null, null, AgeRanges.None, CourseMode.SelfStudy, null, null));
        var client = await app.Api(learner);
        var first = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/people/{learner.PersonId}/cpd")).RootElement;
        Assert.Equal((100, 103), (first.GetProperty("items").GetArrayLength(), first.GetProperty("totals").GetProperty("entries").GetInt32()));
        var second = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/people/{learner.PersonId}/cpd?after={first.GetProperty("next").GetString()}")).RootElement;
        Assert.Equal((3, JsonValueKind.Null), (second.GetProperty("items").GetArrayLength(), second.GetProperty("next").ValueKind));
    }

    async Task<IReadOnlyList<JsonElement>> Json(Actor who, string address) =>
        [.. JsonDocument.Parse(await (await app.Api(who)).GetStringAsync(address)).RootElement.EnumerateArray()];
}
