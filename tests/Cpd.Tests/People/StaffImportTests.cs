using System.Net;
using System.Text;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Tests.People;

public sealed class StaffImportTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Headings = "Setting URN,Full name,Email address,Job,Ages,Date joined";

    [Fact]
    public async Task Post_UploadAndCommit_AddsNewOnes_LetsKnownOnesJoin_AndAgainChangesNothing() {
        var authority = await app.Given.Authority();
        var (here, there) = (await app.Given.Setting(authority), await app.Given.Setting(authority));
        var officer = await app.Browser(await app.Given.Officer(authority));
        var known = await Known(there);
        var file = File($"{await Urn(here)},Ada New,ada.{here:N}@example.org,Room leader,Birth to 2; 2 to 3,01/09/2024", $"{await Urn(there)},Ada New,ADA.{here:N}@example.org,Practitioner,,2024-09-01",
            $"{await Urn(here)},Another Name,{known.Email},SENCO,All ages,1/9/2025", $"{await Urn(there)},Whoever,{known.Email},Practitioner,,01/09/2025", $"{await Urn(here)},Nomail Person,,Apprentice,3 to 5,01/09/2024",
            $"{await Urn(here)},Nomail  person,,Apprentice,3 to 5,01/09/2024", $"EY000001,Far Away,,Practitioner,,01/09/2024", "nonsense,,not-an-address,Wizard,5 to 9,31/02/2024");
        var preview = await UploadAndFollow(officer, file);
        Assert.Equal("Check who would be added", preview.Heading);
        Assert.Equal(new Dictionary<string, string> { ["New people"] = "3", ["Known already, new at the setting"] = "1", ["Work there already"] = "1", ["Refused"] = "3" }, Counts(preview));
        var address = preview.Response.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.Contains("4 Another Name", (await officer.Get(address + "?show=Joins")).Words, StringComparison.Ordinal);
        var refused = (await officer.Get(address + "?show=Refused")).Words;
        Assert.Contains("7 Nomail person", refused, StringComparison.Ordinal);
        Assert.Contains("An earlier row has the same person at this setting", refused, StringComparison.Ordinal);
        Assert.Contains("None of the open settings that you look after has this URN", refused, StringComparison.Ordinal);
        foreach (var sentence in (string[])["The setting's URN 'nonsense' is not an Ofsted number", "The full name is missing", "The email address 'not-an-address' is not in the correct format",
            "The job 'Wizard' is not one of Manager, Room leader", "The age '5 to 9' is not one of Birth to 2, 2 to 3, 3 to 5 or All ages", "The date joined '31/02/2024' is not a real date; use DD/MM/YYYY"])
            Assert.Contains(sentence, refused, StringComparison.Ordinal);
        var csv = (await officer.Get(address + "/refused.csv")).Text;
        Assert.Contains("Nomail person,,Apprentice,3 to 5,01/09/2024", csv, StringComparison.Ordinal);
        Assert.Contains("nonsense,,not-an-address,Wizard,5 to 9,31/02/2024", csv, StringComparison.Ordinal);
        Assert.Equal(1, await Staff(here, there));

        var done = await officer.Follow((await preview.Post([], "form[action*='handler=Commit']")).RedirectsTo!);
        Assert.Equal(("The staff have been added.", "Staff imported"), (done.Banner, done.Heading));
        Assert.Equal(5, await Staff(here, there));
        Assert.Equal(1, await app.Count("people_Person", "EmailKey = @email", new { email = $"ada.{here:N}@example.org" }));
        Assert.Equal(2, await app.Count("people_Membership", "PersonId IN (SELECT Id FROM people_Person WHERE EmailKey = @email)", new { email = $"ada.{here:N}@example.org" }));
        Assert.Equal(3, await app.Database(db => db.One<int>("SELECT AgeRanges FROM people_Membership m JOIN people_Person p ON p.Id = m.PersonId WHERE p.EmailKey = @email AND m.JobRole = 'RoomLeader'", new { email = $"ada.{here:N}@example.org" }, default)));
        // Whoever was known is told, once; whoever is new cannot be asked anything yet.
        Assert.Single(await app.DrainMail(), m => m.Contains(known.Email, StringComparison.OrdinalIgnoreCase) && m.Contains("has added you to its staff", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, (await preview.Post([(Once.Field, null)], "form[action*='handler=Commit']")).Status);

        var again = await UploadAndFollow(officer, file);
        Assert.Equal(("0", "0", "5"), (Counts(again)["New people"], Counts(again)["Known already, new at the setting"], Counts(again)["Work there already"]));
        Assert.Contains("There is nobody to add.", again.Words, StringComparison.Ordinal);
        Assert.Equal("The import has been discarded. Nobody has been added.", (await officer.Follow((await again.Post([], "form[action*='handler=Discard']")).RedirectsTo!)).Banner);
        Assert.Equal("Import discarded", (await officer.Get(again.Response.RequestMessage!.RequestUri!.AbsolutePath)).Heading);
    }

    [Fact]
    public async Task Post_SomebodyIsAddedByHandMeanwhile_NothingIsHalfWritten() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        var manager = await app.Given.Manager(setting);
        var browser = await app.Browser(manager);
        var preview = await UploadAndFollow(browser, File($"{await Urn(setting)},First Person,first.{setting:N}@example.org,Practitioner,,01/09/2024", $"{await Urn(setting)},Second Person,second.{setting:N}@example.org,Practitioner,,01/09/2024"));
        await app.Send(manager, new Cpd.People.Persons.AddPerson.Command("Second Person", $"second.{setting:N}@example.org", JobRole.Practitioner, AgeRanges.None, setting, new DateOnly(2024, 9, 1)));
        var before = await Staff(setting);
        var refused = await preview.Post([], "form[action*='handler=Commit']");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("have changed since this file was checked", refused.Words, StringComparison.Ordinal);
        Assert.Equal(before, await Staff(setting));
        Assert.Equal(0, await app.Count("people_Person", "EmailKey = @email", new { email = $"first.{setting:N}@example.org" }));
    }

    [Fact]
    public async Task Post_ManagerOfOneSetting_ReachesNoOther_AndNobodySeesAnothersList() {
        var authority = await app.Given.Authority();
        var (mine, other) = (await app.Given.Setting(authority), await app.Given.Setting(authority));
        var manager = await app.Browser(await app.Given.Manager(mine));
        var preview = await UploadAndFollow(manager, File($"{await Urn(mine)},My Person,,Practitioner,,01/09/2024", $"{await Urn(other)},Other Person,,Practitioner,,01/09/2024"));
        Assert.Equal(("1", "1"), (Counts(preview)["New people"], Counts(preview)["Refused"]));
        var address = preview.Response.RequestMessage!.RequestUri!.AbsolutePath;
        var officer = await app.Browser(await app.Given.Officer(authority));
        Assert.Equal(HttpStatusCode.NotFound, (await officer.Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.Get(address + "/refused.csv")).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Administrator())).Get(address)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Practitioner(mine))).Get("/people/import")).Status);
        // What they looked after when they uploaded is no longer theirs.
        await app.Database(db => db.Execute("UPDATE people_Setting SET ClosedOn = '2026-10-01' WHERE Id = @mine", new { mine }, default));
        Assert.Equal(HttpStatusCode.Conflict, (await preview.Post([], "form[action*='handler=Commit']")).Status);
        Assert.Equal(0, await app.Count("people_Person", "NameKey = 'my person'"));
    }

    [Fact]
    public async Task Post_FileThatCannotBeRead_SaysWhy() {
        var manager = await app.Browser(await app.Given.Manager(await app.Given.Setting(await app.Given.Authority())));
        var before = await app.Count("people_StaffImportRow");
        Assert.Equal(["Select a CSV file"], (await Upload(manager, null)).Errors);
        Assert.Equal(["Row 1: The headings ‘Job’ and ‘Date joined’ are missing"], (await Upload(manager, "Setting URN,Full name\nEY000001,A\n")).Errors);
        Assert.Equal(["Row 1: None of the first 30 rows has the headings ‘Setting URN’ and ‘Full name’: save your list of staff as CSV with the headings shown on this page"], (await Upload(manager, "x\ny\n")).Errors);
        Assert.Equal(["The file has headings and no rows"], (await Upload(manager, Headings + "\n")).Errors);
        Assert.Equal(before, await app.Count("people_StaffImportRow"));
    }

    [Fact]
    public async Task Post_SameFormAgain_LeadsToTheSameImport() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        var manager = await app.Browser(await app.Given.Manager(setting));
        var form = await manager.Get("/people/import");
        var file = File($"{await Urn(setting)},Only Once,,Practitioner,,01/09/2024");
        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Upload(manager, file, form))));
        Assert.Single(sent.Select(s => s.RedirectsTo).Distinct());
        Assert.NotNull(sent[0].RedirectsTo);
    }

    async Task<(Guid Id, string Email)> Known(Guid setting) {
        var id = await app.Given.Staff(setting);
        var email = $"known.{setting:N}@example.org";
        await app.Database(db => db.Execute("UPDATE people_Person SET Email = @email, EmailKey = @email WHERE Id = @id", new { id, email }, default));
        return (id, email);
    }

    Task<string?> Urn(Guid setting) => app.Database(db => db.One<string>("SELECT Urn FROM people_Setting WHERE Id = @setting", new { setting }, default));

    Task<int> Staff(params Guid[] settings) => app.Database(db => db.One<int>("SELECT COUNT(*) FROM people_Membership WHERE SettingId IN @Ids AND LeftOn IS NULL", new { Ids = db.Ids(settings) }, default));

    static string File(params string[] rows) => Headings + "\r\n" + string.Join("\r\n", rows) + "\r\n";

    static async Task<WebPage> UploadAndFollow(Browser browser, string file) {
        var page = await Upload(browser, file);
        Assert.True(page.RedirectsTo is not null, string.Join("; ", page.Errors) + page.Status);
        return await browser.Get(page.RedirectsTo!);
    }

    /// <summary>Sends the upload form as a browser does: the token first, the file last.</summary>
    static async Task<WebPage> Upload(Browser browser, string? file, WebPage? form = null) {
        form ??= await browser.Get("/people/import");
        using var body = new MultipartFormDataContent();
        foreach (var name in (string[])["__RequestVerificationToken", Once.Field]) body.Add(new StringContent(form.Document.QuerySelector($"form[enctype] input[name={name}]")!.GetAttribute("value")!), name);
        var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(file ?? ""));
        bytes.Headers.ContentType = new("text/csv");
        bytes.Headers.ContentDisposition = new("form-data") { Name = "\"StaffFile\"", FileName = file is null ? "\"\"" : "\"staff.csv\"" };
        body.Add(bytes);
        return await WebPage.Read(browser, await browser.Client.PostAsync("/people/import", body));
    }

    static Dictionary<string, string> Counts(WebPage page) => page.Document.QuerySelectorAll(".govuk-summary-list__row")
        .ToDictionary(r => r.QuerySelector("dt")!.TextContent.Trim(), r => r.QuerySelector(".govuk-summary-list__value")!.TextContent.Trim());
}
