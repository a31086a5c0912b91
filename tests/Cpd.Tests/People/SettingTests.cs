using System.Net;
using Cpd.People.Keys;
using Cpd.People.Settings;
using Cpd.Platform.Messaging;

namespace Cpd.Tests.People;

public sealed class SettingTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Post_AddSetting_ThenFoundByNameUrnPostcodeAndTown() {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var form = await browser.Get("/settings/add");
        Assert.Equal(["Enter the Ofsted URN", "Enter the name of the setting", "Select the type of setting"], (await form.Post([])).Errors);
        Assert.Equal(["Enter a URN in the correct format, like EY301234 or 2509408", "Places is not valid", "Enter a full UK postcode, like RM17 6SL"],
            (await form.Post([("Urn", "X1"), ("Name", "N"), ("ProviderType", "Childminder"), ("Places", "many"), ("Postcode", "12345")])).Errors);
        var page = await form.Post([("Urn", "ey 990001"), ("Name", "Sorrel Pre-School"), ("ProviderType", "Childminder"), ("Places", "12"), ("Town", "Tilbury"), ("Postcode", "rm186zz")]);
        var setting = await browser.Get(page.RedirectsTo!);
        Assert.Equal("Sorrel Pre-School", setting.Heading);
        Assert.Contains("EY990001", setting.Words, StringComparison.Ordinal);
        Assert.Contains("Tilbury, RM18 6ZZ", setting.Words, StringComparison.Ordinal);
        foreach (var text in (string[])["sorr", "pre-s", "EY9900", "rm18 6", "RM186", "tilb"])
            Assert.Contains("Sorrel Pre-School", (await browser.Get("/settings?search=" + Uri.EscapeDataString(text))).Words, StringComparison.Ordinal);
        Assert.Equal(["There is a setting with this URN already"], (await form.Post([("Urn", "EY990001"), ("Name", "N"), ("ProviderType", "Childminder")])).Errors);
        Assert.Contains("No settings found", (await browser.Get("/settings?search=sorr&status=Closed")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Setting_ShowsTodaysStaffToThoseWhoReachItOnly() {
        var (thurrock, blackpool) = (await app.Given.Authority(), await app.Given.Authority("Blackpool"));
        var setting = await app.Given.Setting(thurrock);
        await app.Given.Staff(setting, "Works Today");
        await app.Given.Staff(setting, "Joins Later", new DateOnly(2027, 1, 1));
        var address = $"/settings/{setting}";
        var page = await (await app.Browser(await app.Given.Manager(setting))).Get(address);
        Assert.Contains("Works Today", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Joins Later", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Officer(blackpool))).Get(address)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(await app.Given.Manager(await app.Given.Setting(thurrock)))).Get(address)).Status);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(blackpool), new AddSetting.Command(thurrock, "EY990009", "N", "Childminder", null, null, null, null))).Refusal);
    }

    [Fact]
    public async Task Post_AddOrganisation_IsListedUnderItsKind() {
        var browser = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var form = await browser.Get("/organisations/add");
        Assert.Equal(["Select what kind of organisation it is", "Enter the name of the organisation"], (await form.Post([])).Errors);
        Assert.Equal(["Enter an email address in the correct format, like name@example.com", "Enter a web address that starts with https://"],
            (await form.Post([("Kind", "Accreditor"), ("Name", "A"), ("Email", "x"), ("Website", "javascript:alert(1)")])).Errors);
        var page = await form.Post([("Kind", "Accreditor"), ("Name", "Kitemark Test"), ("Website", "https://kitemark.example.org")]);
        var list = await browser.Get(page.RedirectsTo!);
        Assert.Equal("Accreditors", list.Heading);
        Assert.Contains("Kitemark Test", list.Words, StringComparison.Ordinal);
        Assert.Contains("Thurrock", list.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Kitemark Test", (await browser.Get("/organisations")).Words, StringComparison.Ordinal);
        Assert.Equal(["This name is in the list already"], (await form.Post([("Kind", "Accreditor"), ("Name", "kitemark  TEST")])).Errors);
    }

    [Fact]
    public async Task Post_MakeKey_ShowsItOnceAndItWorksUntilEnded() {
        var who = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var browser = await app.Browser(who);
        var form = await browser.Get("/api-keys");
        Assert.Equal(["Enter a name for the key, like Payroll export", "Select the role that the key acts as", "Select how long the key works"], (await form.Post([], "#make")).Errors);
        Assert.Equal(["Select the role that the key acts as"], (await form.Post([("Name", "K"), ("Role", "SystemAdministrator:00000000000000000000000000000000"), ("Days", "30")], "#make")).Errors);
        var made = await form.Post([("Name", "Payroll"), ("Role", MakeKey.Id(who.Grants[0])), ("Days", "30")], "#make");
        var secret = made.Document.QuerySelector("code")!.TextContent;
        Assert.Matches("^[0-9a-f]{64}$", secret);
        Assert.DoesNotContain(secret, (await browser.Get("/api-keys")).Text, StringComparison.Ordinal);
        async Task<int> Live() => await app.Count("people_ApiKey", "KeyHash = @Hash AND EndedAt IS NULL", new { Hash = Cpd.Platform.Security.Codes.Hash(secret) });
        Assert.Equal(1, await Live());
        // Nobody else can end it.
        var stranger = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var id = made.Document.QuerySelector("input[name=KeyId]")!.GetAttribute("value")!;
        Assert.IsType<NotFound>((await app.Ask(stranger, new EndKey.Command(Guid.Parse(id)))).Refusal);
        Assert.Equal("The key has ended.", (await browser.Follow((await made.Post([], "form[action*='handler=End']")).RedirectsTo!)).Banner);
        Assert.Equal(0, await Live());
    }
}
