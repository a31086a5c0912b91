using System.Diagnostics;
using System.Net;
using System.Text;
using Cpd.People.SettingImports;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.People;

public sealed class ImportTests(CpdApp app, ITestOutputHelper output) : IClassFixture<CpdApp> {
    const string Headings = "Provider URN,Registration date,Provider type,Provider subtype,Provider status,Provider name,Provider address line 1,Provider town,Postcode,Local authority,Places";
    const string Type = "Childcare on non-domestic premises";

    [Fact]
    public async Task Post_Upload_ValidatesBeforeItReads() {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var before = await app.Count("people_SettingImportRow");
        var nothing = await Upload(officer, null, asAt: null);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        Assert.Equal(["Enter the date of the list", "Select a CSV file"], nothing.Errors);
        Assert.Equal(["The date of the list must be today or in the past"], (await Upload(officer, "x", asAt: new DateOnly(2026, 10, 6))).Errors);
        Assert.Equal(["Row 1: None of the first 30 rows has the headings ‘Provider URN’ and ‘Provider name’: choose the CSV file that Ofsted publishes"], (await Upload(officer, "x\ny\n")).Errors);
        Assert.Equal(["The file has headings and no rows"], (await Upload(officer, Headings)).Errors);
        var unreal = await Upload(officer, "x", fields: [("AsAt.Day", "31"), ("AsAt.Month", "2"), ("AsAt.Year", "2026")]);
        Assert.Equal(["The date of the list must be a real date"], unreal.Errors);
        Assert.Equal("31", unreal.Document.QuerySelector("#AsAt-day")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.BadRequest, (await Upload(officer, "x", token: false)).Status);
        Assert.Equal(before, await app.Count("people_SettingImportRow"));
    }

    [Fact]
    public async Task Post_SameUploadAgain_LeadsToTheSameImport() {
        var authority = await app.Given.Authority("Bury");
        var officer = await app.Browser(await app.Given.Officer(authority));
        var file = File("EY990001,01/09/2010,{T},Full day care,Active,Alpha Nursery,1 Road,Bury,BL9 6AA,Bury,20");
        var form = await officer.Get("/settings/import");
        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Upload(officer, file, form: form))));
        var again = await Upload(officer, file, form: form);
        Assert.Single(sent.Append(again).Select(s => s.RedirectsTo).Distinct());
        Assert.Equal(1, await app.Count("people_SettingImport", "AuthorityId = @authority AND State <> 'Discarded'", new { authority }));
        Assert.Equal(1, await app.Count("people_SettingImportRow", "ImportId IN (SELECT Id FROM people_SettingImport WHERE AuthorityId = @authority)", new { authority }));
        // Another file from the same page is another upload; so is the first one put right.
        var other = await Upload(officer, file.Replace("Alpha", "Omega", StringComparison.Ordinal), form: form);
        Assert.NotEqual(again.RedirectsTo, other.RedirectsTo);
        Assert.NotNull(other.RedirectsTo);
    }

    [Fact]
    public async Task Post_UploadAndCommit_AddsChangesAndCloses_AndAgainChangesNothing() {
        var authority = await app.Given.Authority("Rutland");
        var officer = await app.Browser(await app.Given.Officer(authority));
        await ImportAll(officer, File("EY880001,01/09/2010,{T},Full day care,Active,Alpha Nursery,1 Road,Oakham,LE15 6AA,Rutland,20",
            "EY880002,,{T},,Active,Beta Nursery,,,,Rutland,", "EY880003,,{T},,Active,Gamma Nursery,,,,Rutland,"));
        // One of another type, which this list does not hold, is not missing from it.
        await app.Send(await app.Given.Officer(authority), new Cpd.People.Settings.AddSetting.Command(authority, "EY880009", "By Hand", "Childminder", null, null, null, null));

        var second = File("EY880001,01/09/2010,{T},Full day care,Active,Alpha Nursery & Friends,1 Road,Oakham,LE15 6AA,Rutland,24", "EY880002,,{T},,Resigned,Beta Nursery,,,,Rutland,",
            "EY880004,,{T},,,Delta Nursery,,,,Rutland,", "EY880005,,{T},,Active,Far Nursery,,,,Blackpool,", "EY880006,,{T},,Active,Nowhere Nursery,,,,Cumbria,", "880,,{T},,Active,Bad Nursery,,,,Rutland,",
            "EY880004,,{T},,Active,Delta Nursery,,,,Rutland,");
        var preview = await UploadAndCheck(officer, second);
        Assert.Equal("Check what would change", preview.Heading);
        Assert.Equal(new Dictionary<string, string> {
            ["New"] = "1", ["Changed"] = "1", ["Closed"] = "2", ["Unchanged"] = "0", ["Refused"] = "2", ["Local authority not known"] = "1", ["Other local authorities"] = "1",
        }, Counts(preview));
        var address = preview.Response.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.Contains("2 EY880001 Alpha Nursery & Friends Rutland name, places", (await officer.Get(address + "?show=Changed")).Words, StringComparison.Ordinal);
        var closed = (await officer.Get(address + "?show=Closed")).Words;
        Assert.Contains("EY880003 Gamma Nursery Rutland not in the file", closed, StringComparison.Ordinal);
        Assert.Contains("EY880002 Beta Nursery", closed, StringComparison.Ordinal);
        Assert.Contains("7 Rutland The URN '880' is not an Ofsted number".Replace("Rutland ", "", StringComparison.Ordinal), (await officer.Get(address + "?show=Refused")).Words, StringComparison.Ordinal);
        var csv = await officer.Get(address + "/refused.csv");
        Assert.Equal("text/csv", csv.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("7,The URN '880' is not an Ofsted number: use EY and 6 digits\\, or 6 or 7 digits".Replace("\\,", ",", StringComparison.Ordinal), csv.Text.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("8,The URN EY880004 stands in row 4 already,EY880004", csv.Text, StringComparison.Ordinal);
        Assert.Contains("Contains public sector information licensed under the Open Government Licence v3.0.", preview.Words, StringComparison.Ordinal);

        // Nothing has changed until it is committed.
        Assert.Equal(4, await app.Count("people_Setting", "AuthorityId = @authority AND ClosedOn IS NULL", new { authority }));
        var done = await officer.Follow((await preview.Post([], "form[action*='handler=Commit']")).RedirectsTo!);
        Assert.Equal("The list of settings has been brought up to date.", done.Banner);
        Assert.Equal("Settings imported", done.Heading);
        Assert.Equal(3, await app.Count("people_Setting", "AuthorityId = @authority AND ClosedOn IS NULL", new { authority }));
        var alpha = (await officer.Follow("/settings?search=EY880001")).Document.QuerySelector("table a")!.GetAttribute("href")!;
        Assert.Contains("Alpha Nursery & Friends", (await officer.Get(alpha)).Words, StringComparison.Ordinal);
        Assert.Contains("Places 24", (await officer.Get(alpha)).Words, StringComparison.Ordinal);
        Assert.Equal("2", Counts(done)["Closed"]);
        Assert.Equal(HttpStatusCode.Conflict, (await preview.Post([(Once.Field, null)], "form[action*='handler=Commit']")).Status);

        var again = await UploadAndCheck(officer, second);
        Assert.Equal(("0", "0", "0", "3"), (Counts(again)["New"], Counts(again)["Changed"], Counts(again)["Closed"], Counts(again)["Unchanged"]));
        Assert.Contains("The list of settings is up to date with this file.", again.Words, StringComparison.Ordinal);
        Assert.Equal("The import has been discarded. Nothing has been changed.", (await officer.Follow((await again.Post([], "form[action*='handler=Discard']")).RedirectsTo!)).Banner);
    }

    [Fact]
    public async Task Post_UnknownNameIsPlaced_ItsRowsAreCheckedLikeTheOthers() {
        var authority = await app.Given.Authority("Cumberland");
        var officer = await app.Browser(await app.Given.Officer(authority));
        var preview = await UploadAndCheck(officer, File("EY870001,,{T},,Active,A,,,,Cumbria,", "EY870002,,{T},,Active,B,,,,Cumberland,"));
        Assert.Equal(("1", "1"), (Counts(preview)["New"], Counts(preview)["Local authority not known"]));
        Assert.Equal(["Select the local authority that is meant"], (await preview.Post([], "form[action*='handler=Place']")).Errors);
        // An officer cannot say that rows are another authority's.
        Assert.Equal(HttpStatusCode.NotFound, (await preview.Post([("AuthorityId", (await app.Given.Authority("Blackpool")).ToString())], "form[action*='handler=Place']")).Status);
        var placed = await preview.Post([("AuthorityId", authority.ToString())], "form[action*='handler=Place']");
        Assert.Equal("Checking the file", (await officer.Get(placed.RedirectsTo!)).Heading);
        await Check();
        Assert.Equal(("2", "0"), (Counts(await officer.Get(placed.RedirectsTo!))["New"], Counts(await officer.Get(placed.RedirectsTo!))["Local authority not known"]));
    }

    [Fact]
    public async Task Get_ImportWhileItIsChecked_RenewsItselfAndAnotherHostGoesOn() {
        // What other tests have left would be checked first.
        await Check();
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Halton")));
        var rows = Enumerable.Range(0, 1200).Select(i => $"EY86{i:0000},,{{T}},,Active,Setting {i},,,,Halton,").ToArray();
        var address = (await Upload(officer, File(rows))).RedirectsTo!;
        var waiting = await officer.Get(address);
        Assert.Equal("2", waiting.Document.QuerySelector("meta[http-equiv=refresh]")!.GetAttribute("content"));
        Assert.Contains("0 of 1,200 rows have been checked.", waiting.Words, StringComparison.Ordinal);

        // The first host stops after a batch, as if it had died: its lease must end before another takes over.
        Assert.True(await Checker().CheckNext(CancellationToken.None, batches: 1));
        Assert.Contains("500 of 1,200 rows have been checked.", (await officer.Get(address)).Words, StringComparison.Ordinal);
        var other = Checker();
        await other.CheckNext(CancellationToken.None);
        Assert.Contains("500 of 1,200", (await officer.Get(address)).Words, StringComparison.Ordinal);
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(3));
        await other.Drain(CancellationToken.None);
        var done = await officer.Get(address);
        Assert.Equal("1,200", Counts(done)["New"]);
        Assert.Null(done.Document.QuerySelector("meta[http-equiv=refresh]"));
        Assert.Contains("page 2", (await officer.Get(address + "?show=New&page=2")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Setting 50 ", (await officer.Get(address + "?show=New&page=2")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_RowOfAKnownSettingIsRefused_DoesNotCloseTheSetting() {
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority("Wokingham")));
        await ImportAll(officer, File("EY810001,,{T},,Active,A,,,,Wokingham,", "EY810002,,{T},,Active,B,,,,Wokingham,"));
        var preview = await UploadAndCheck(officer, File("EY810001,31/02/2020,{T},,Active,A,,,,Wokingham,", "EY810002,,{T},,Active,B,,,,Wokingham,"));
        Assert.Equal(("1", "0", "1"), (Counts(preview)["Refused"], Counts(preview)["Closed"], Counts(preview)["Unchanged"]));
    }

    [Fact]
    public async Task Get_UploadThatWasInterrupted_IsSaidToHaveFailed() {
        var who = await app.Given.Officer(await app.Given.Authority("Slough"));
        await Assert.ThrowsAsync<IOException>(() => app.Ask(who, new UploadSettings.Command(null, new DateOnly(2026, 8, 31), "a.csv", new Broken(Encoding.UTF8.GetBytes(File("EY850001,,{T},,Active,A,,,,Slough,"))))));
        var id = await app.Database(db => db.One<Guid>("SELECT Id FROM people_SettingImport WHERE StartedBy = @PersonId", new { who.PersonId }, default));
        await Check();
        var browser = await app.Browser(who);
        Assert.Equal("Checking the file", (await browser.Get($"/settings/imports/{id}")).Heading);
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(6));
        await Check();
        browser = await app.Browser(who);
        Assert.Contains("The upload was interrupted. Upload the file again.", (await browser.Get($"/settings/imports/{id}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_CommitAfterTheListHasChanged_IsRefusedAndChangesNothing() {
        var authority = await app.Given.Authority("Reading");
        var who = await app.Given.Officer(authority);
        var officer = await app.Browser(who);
        var preview = await UploadAndCheck(officer, File("EY840001,,{T},,Active,A,,,,Reading,", "EY840002,,{T},,Active,B,,,,Reading,"));
        await app.Send(who, new Cpd.People.Settings.AddSetting.Command(authority, "EY840002", "B by hand", "Childminder", null, null, null, null));
        var refused = await preview.Post([], "form[action*='handler=Commit']");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(["The list of settings has changed since this file was checked. Upload the file again."], refused.Errors);
        Assert.Equal(1, await app.Count("people_Setting", "AuthorityId = @authority", new { authority }));
    }

    [Fact]
    public async Task Upload_SettingOfAnotherAuthority_IsRefusedForAnOfficerAndMovedByAnAdministrator() {
        var (here, there) = (await app.Given.Authority("Swindon"), await app.Given.Authority("Torbay"));
        await app.Send(await app.Given.Officer(there), new Cpd.People.Settings.AddSetting.Command(there, "EY830001", "Moves", Cpd.People.Settings.ProviderTypes.All[0], null, null, null, null));
        var file = File("EY830001,,{T},,Active,Moves,,,,Swindon,");
        var officer = await UploadAndCheck(await app.Browser(await app.Given.Officer(here)), file);
        Assert.Equal(("1", "0"), (Counts(officer)["Refused"], Counts(officer)["Changed"]));
        var admin = await UploadAndCheck(await app.Browser(await app.Given.Administrator()), file);
        Assert.Equal("1", Counts(admin)["Changed"]);
        await admin.Post([], "form[action*='handler=Commit']");
        Assert.Equal(1, await app.Count("people_Setting", "Urn = 'EY830001' AND AuthorityId = @here", new { here }));
    }

    [Fact]
    public async Task Any_ImportOfAnotherAuthority_IsNotFound() {
        var address = (await Upload(await app.Browser(await app.Given.Officer(await app.Given.Authority("Luton"))), File("EY820001,,{T},,Active,A,,,,Luton,"))).RedirectsTo!;
        var id = Guid.Parse(address.Split('/')[^1]);
        var stranger = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        var browser = await app.Browser(stranger);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(address + "/refused.csv")).Status);
        Assert.IsType<NotFound>((await app.Ask(stranger, new CommitImport.Command(id))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(stranger, new DiscardImport.Command(id))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(stranger, new PlaceAuthority.Command(id, "", await app.Given.Authority("Blackpool")))).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Administrator())).Get(address)).Status);
    }

    [Theory]
    [InlineData(null, null, "Active", "Active", Verdict.Unchanged)]
    [InlineData("Suspended", null, "Active", "Suspended", Verdict.Changed)]
    [InlineData("RESIGNED", null, "Active", "Resigned", Verdict.Closed)]
    [InlineData(null, "2025-01-01", "Closed", "Active", Verdict.Changed)]
    [InlineData("Resigned", "2025-01-01", "Resigned", "Resigned", Verdict.Unchanged)]
    public void Judge_Status_OpensAndCloses(string? written, string? closedOn, string knownStatus, string becomes, object verdict) {
        var known = new SettingFacts { Name = "A", ProviderType = Type, Subtype = "", Status = knownStatus, Address = "", Town = "", Postcode = "", ClosedOn = closedOn is null ? null : DateOnly.Parse(closedOn, System.Globalization.CultureInfo.InvariantCulture) };
        var judged = SettingImport.Judge(new SettingFacts { Name = "A", ProviderType = Type, Status = written }, known, new DateOnly(2026, 8, 31));
        Assert.Equal((becomes, (Verdict)verdict), (judged.Becomes.Status, judged.Verdict));
    }

    /// <summary>The real list of all England, when the folder that holds it is named.</summary>
    [Fact]
    public async Task Upload_NationalFile_IsImportedAgainWithoutChangeAndThenExactlyWhatWasAltered() {
        var folder = Environment.GetEnvironmentVariable("CPD_SHARED_DATA");
        Assert.SkipUnless(folder is not null, "CPD_SHARED_DATA does not name the folder with Ofsted's list");
        var text = await System.IO.File.ReadAllTextAsync(Path.Combine(folder!, "ofsted_early_years_settings_2021-08-31.csv"));
        using var all = new CpdApp();
        var admin = await all.Browser(await all.Given.Administrator());
        var clock = Stopwatch.StartNew();
        async Task<WebPage> Run(string what, string file) {
            clock.Restart();
            var address = (await Upload(admin, file, asAt: new DateOnly(2021, 8, 31))).RedirectsTo!;
            var uploaded = clock.Elapsed;
            await all.Services.GetRequiredService<ImportChecker>().Drain(CancellationToken.None);
            var checkedAt = clock.Elapsed;
            var preview = await admin.Get(address);
            if (preview.Document.QuerySelector("form[action*='handler=Commit']") is not null) await preview.Post([], "form[action*='handler=Commit']");
            output.WriteLine($"{what}: uploaded in {uploaded.TotalSeconds:0.0} s, checked in {(checkedAt - uploaded).TotalSeconds:0.0} s, shown and committed in {(clock.Elapsed - checkedAt).TotalSeconds:0.0} s; {string.Join(", ", Counts(preview))}; {GC.GetTotalMemory(true) / 1048576} MB live");
            return preview;
        }
        var first = Counts(await Run("First", text));
        Assert.True(int.Parse(first["New"], System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture) > 22_000);
        Assert.Equal(("0", "0", "0"), (first["Changed"], first["Closed"], first["Refused"]));
        var again = Counts(await Run("Again", text));
        Assert.Equal(("0", "0", "0", first["New"]), (again["New"], again["Changed"], again["Closed"], again["Unchanged"]));

        var lines = text.Split("\r\n").ToList();
        lines[1] = lines[1].Replace("Beacon Pre-School Playgroup", "Beacon Altered", StringComparison.Ordinal);
        lines[2] = lines[2][..lines[2].LastIndexOf(',')] + ",41";
        lines.RemoveAt(3);
        lines.Insert(100, "EY999999,01/01/2020,Childcare on non-domestic premises,Full day care,Active,ALL,Brand New,1 Road,,,Dagenham,RM8 1AA,Barking and Dagenham,London,10");
        var altered = Counts(await Run("Altered", string.Join("\r\n", lines)));
        Assert.Equal(("1", "2", "1"), (altered["New"], altered["Changed"], altered["Closed"]));
    }

    static string File(params string[] rows) => Headings + "\r\n" + string.Join("\r\n", rows).Replace("{T}", Type, StringComparison.Ordinal) + "\r\n";

    ImportChecker Checker() => ActivatorUtilities.CreateInstance<ImportChecker>(app.Services);

    Task Check() => Checker().Drain(CancellationToken.None);

    async Task<WebPage> UploadAndCheck(Browser browser, string file) {
        var page = await Upload(browser, file);
        Assert.True(page.RedirectsTo is not null, string.Join("; ", page.Errors) + page.Status);
        await Check();
        return await browser.Get(page.RedirectsTo!);
    }

    async Task ImportAll(Browser browser, string file) => Assert.NotNull((await (await UploadAndCheck(browser, file)).Post([], "form[action*='handler=Commit']")).RedirectsTo);

    /// <summary>Sends the upload form as a browser does: the token first, the file last.</summary>
    static async Task<WebPage> Upload(Browser browser, string? file, DateOnly? asAt = null, IEnumerable<(string, string)>? fields = null, bool token = true, WebPage? form = null) {
        form ??= await browser.Get("/settings/import");
        var day = asAt ?? (file is null ? null : new DateOnly(2026, 8, 31));
        fields ??= [("AsAt.Day", $"{day?.Day}"), ("AsAt.Month", $"{day?.Month}"), ("AsAt.Year", $"{day?.Year}")];
        using var body = new MultipartFormDataContent();
        if (token) body.Add(new StringContent(form.Document.QuerySelector("form[enctype] input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken");
        body.Add(new StringContent(form.Document.QuerySelector($"form[enctype] input[name={Once.Field}]")!.GetAttribute("value")!), Once.Field);
        foreach (var (name, value) in fields) body.Add(new StringContent(value), name);
        var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(file ?? ""));
        bytes.Headers.ContentType = new("text/csv");
        bytes.Headers.ContentDisposition = new("form-data") { Name = "\"SettingsFile\"", FileName = file is null ? "\"\"" : "\"ofsted.csv\"" };
        body.Add(bytes);
        return await WebPage.Read(browser, await browser.Client.PostAsync("/settings/import", body));
    }

    static Dictionary<string, string> Counts(WebPage page) => page.Document.QuerySelectorAll(".govuk-summary-list__row")
        .ToDictionary(r => r.QuerySelector("dt")!.TextContent.Trim(), r => r.QuerySelector(".govuk-summary-list__value")!.TextContent.Trim());

    sealed class Broken(byte[] start) : MemoryStream(start) {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, count) is var n and > 0 ? n : throw new IOException("The line was cut");
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) {
            var n = base.Read(buffer.Span);
            return n > 0 ? ValueTask.FromResult(n) : ValueTask.FromException<int>(new IOException("The line was cut"));
        }
        public override int Read(Span<byte> buffer) => base.Read(buffer);
    }
}
