using System.Net;
using Cpd.People.Contracts;
using Cpd.People.Newsletters;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Microsoft.AspNetCore.Hosting;

namespace Cpd.Tests.People;

/// <summary>An authority writes to many at once: to whom it meant to, once each, not to who wants none, and after everything else that is to be sent.</summary>
public sealed class NewsletterTests : IDisposable {
    // Monday 5 October 2026, 10am.
    readonly App app = new();
    Actor officer = null!;
    Guid authority, nursery, childminder;

    [Fact]
    public async Task Pages_SignedOutOrOtherRole_AreTurnedAway() {
        await Arrange();
        var id = await Draft(JobRole.Practitioner);
        foreach (var address in new[] { "/newsletters", $"/newsletters/{id}", $"/newsletters/{id}/send", $"/newsletters/{id}/html" }) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Manager(nursery))).Get(address)).Status);
        }
    }

    [Fact]
    public async Task Pages_AnotherAuthoritysNewsletter_IsNotFound() {
        await Arrange();
        var id = await Draft(JobRole.Practitioner);
        var stranger = await app.Given.Officer(await app.Given.Authority("Blackpool"));
        var browser = await app.Browser(stranger);
        foreach (var address in new[] { $"/newsletters/{id}", $"/newsletters/{id}/send", $"/newsletters/{id}/html" }) Assert.Equal(HttpStatusCode.NotFound, (await browser.Get(address)).Status);
        Assert.DoesNotContain("Autumn news", (await browser.Get("/newsletters")).Words, StringComparison.Ordinal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new SendNewsletter.Command(id, 2))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new StopNewsletter.Command(id))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new DiscardNewsletter.Command(id))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new TestNewsletter.Command(id))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.NotFound>((await app.Ask(stranger, new BeginNewsletter.Command(authority, "Hello"))).Refusal);
    }

    [Fact]
    public async Task Post_WrittenChosenAndConfirmed_GoesToEachOnce() {
        await Arrange();
        var (ann, bob, minder) = (await app.Given.Staff(nursery), await app.Given.Staff(nursery), await app.Given.Staff(childminder));
        // Fits twice, works in two places, and gets it once.
        await Works(ann, childminder);
        var manager = await app.Given.Manager(nursery);
        var without = await app.Given.Staff(nursery);
        await app.Database(db => db.Execute("UPDATE people_Person SET Email = NULL, EmailKey = NULL WHERE Id = @without", new { without }, default));
        var gone = await app.Given.Staff(nursery);
        await app.Database(db => db.Execute("UPDATE people_Membership SET LeftOn = @On WHERE PersonId = @gone", new { gone, On = new DateOnly(2026, 9, 30) }, default));
        var elsewhere = await app.Given.Staff(await app.Given.Setting(await app.Given.Authority("Blackpool")));

        var browser = await app.Browser(officer);
        var page = await browser.Get("/newsletters");
        Assert.Contains("None yet", page.Words, StringComparison.Ordinal);
        page = await browser.Follow((await page.Post([("Subject", "Autumn news")])).RedirectsTo!);
        Assert.Equal("Autumn news", page.Heading);
        page = await browser.Follow((await page.Post([("Words", "The programme is out.\n\nSee what is on:\nhttps://localhost/courses"), ("JobRoles", "Practitioner"), ("Roles", "SettingManager")], "form#words")).RedirectsTo!);
        Assert.Equal("The draft has been saved.", page.Banner);
        Assert.Contains("goes to 4 people; 1 more has no email address", page.Words, StringComparison.Ordinal);
        page = await browser.Get(page.Document.QuerySelector("a[href$='/send']")!.GetAttribute("href")!);
        Assert.Contains("Send to 4 people", page.Words, StringComparison.Ordinal);
        Assert.Empty(await app.DrainMail());
        page = await browser.Follow((await page.Post([], "form#send")).RedirectsTo!);
        Assert.Equal("The newsletter is on its way.", page.Banner);
        Assert.Contains("On its way", page.Words, StringComparison.Ordinal);

        await app.DrainMail();
        foreach (var person in new[] { ann, bob, minder, manager.PersonId }) {
            var mail = Assert.Single(await app.MailTo(person));
            Assert.Equal("Autumn news", mail.Subject);
            Assert.Contains("The programme is out.", mail.Words, StringComparison.Ordinal);
            Assert.Contains("See what is on:\r\nhttps://localhost/courses\r\n", mail.Words, StringComparison.Ordinal);
            Assert.Equal("List-Unsubscribe=One-Click", mail.Fields["List-Unsubscribe-Post"]);
        }
        Assert.Empty(await app.MailTo(gone));
        Assert.Empty(await app.MailTo(elsewhere));
        page = await browser.Get(page.Response.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Contains("Sent Begun on 5 October 2026 at 10am", page.Words, StringComparison.Ordinal);
        Assert.Contains("Gone out4 Still to go0 Could not be sent0 Left out0", page.Words, StringComparison.Ordinal);
        Assert.Contains("Autumn news Sent", (await browser.Get("/newsletters")).Words, StringComparison.Ordinal);
        // What was sent is not sent again, nor changed, nor thrown away.
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new SendNewsletter.Command(Id(page), 3))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new ChangeNewsletter.Command(Id(page), 3, "Other", "Other", [JobRole.Practitioner], [], []))).Refusal);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new DiscardNewsletter.Command(Id(page)))).Refusal);
        Assert.Equal($"/newsletters/{Id(page)}", (await browser.Get($"/newsletters/{Id(page)}/send")).RedirectsTo);
    }

    [Fact]
    public async Task Send_OnlyAtSomeKindsOfSetting_LeavesTheOthersOut() {
        await Arrange();
        var (ann, minder) = (await app.Given.Staff(nursery), await app.Given.Staff(childminder));
        var (manager, other) = (await app.Given.Manager(nursery), await app.Given.Manager(childminder));
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var id = await Draft([JobRole.Practitioner], ["Childminder"], [Role.SettingManager, Role.Trainer]);
        await Go(id);
        Assert.Single(await app.MailTo(minder));
        Assert.Single(await app.MailTo(other.PersonId));
        Assert.Empty(await app.MailTo(ann));
        Assert.Empty(await app.MailTo(manager.PersonId));
        // A trainer whom the authority does not work with.
        Assert.Empty(await app.MailTo(trainer.PersonId));
        await app.Database(db => db.Execute("INSERT INTO people_Contact (AuthorityId, PersonId, AddedAt) VALUES (@authority, @PersonId, @Now)", new { authority, trainer.PersonId, app.Now }, default));
        await Go(await Draft([], [], [Role.Trainer]));
        Assert.Single(await app.MailTo(trainer.PersonId));
    }

    [Fact]
    public async Task Post_SomethingIsMissing_SaysWhat() {
        await Arrange();
        var browser = await app.Browser(officer);
        Assert.Equal(["Enter the subject"], (await (await browser.Get("/newsletters")).Post([("Subject", "")])).Errors);
        var page = await browser.Follow((await (await browser.Get("/newsletters")).Post([("Subject", "Autumn news")])).RedirectsTo!);
        Assert.Equal(["Enter the subject", "Write the newsletter", "Select who gets it"], (await page.Post([("Subject", "")], "form#words")).Errors);
        Assert.Equal(["The newsletter must be 20,000 characters or fewer"], (await page.Post([("Words", new string('a', 20_001)), ("JobRoles", "Practitioner")], "form#words")).Errors);
        Assert.Equal(["Select roles from the list"], (await page.Post([("Words", "Hello"), ("Roles", "SystemAdministrator")], "form#words")).Errors);
        Assert.Null((await browser.Get($"/newsletters/{Id(page)}")).Document.QuerySelector("form#test"));
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new TestNewsletter.Command(Id(page)))).Refusal);
        var administrator = await app.Browser(await app.Given.Administrator());
        Assert.Equal(["Select an authority"], (await (await administrator.Get("/newsletters")).Post([("Subject", "Hello")])).Errors);
    }

    [Fact]
    public async Task Post_SomebodyElseHasChangedIt_IsToldSo() {
        await Arrange();
        var id = await Draft(JobRole.Practitioner);
        await app.Given.Staff(nursery);
        var page = await (await app.Browser(officer)).Get($"/newsletters/{id}");
        await app.Send(officer, new ChangeNewsletter.Command(id, 2, "Changed", "Changed", [JobRole.Practitioner], [], []));
        Assert.Contains("Somebody else has changed or sent", Assert.Single((await page.Post([("Words", "Mine")], "form#words")).Errors), StringComparison.Ordinal);
        // Who confirms what they have not seen is told as well.
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new SendNewsletter.Command(id, 2))).Refusal);
        Assert.Equal(0, await app.Count("platform_Message"));
    }

    [Fact]
    public async Task Post_NobodyFits_IsNotSent() {
        await Arrange();
        var id = await Draft(JobRole.HealthVisitor);
        Assert.Contains("There is nobody to send it to", (await (await app.Browser(officer)).Get($"/newsletters/{id}/send")).Words, StringComparison.Ordinal);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new SendNewsletter.Command(id, 2))).Refusal);
    }

    [Fact]
    public async Task Post_TestToMyself_GoesToMeAloneAtOnce() {
        await Arrange();
        var ann = await app.Given.Staff(nursery);
        var id = await Draft(JobRole.Practitioner);
        var browser = await app.Browser(officer);
        var page = await browser.Follow((await (await browser.Get($"/newsletters/{id}")).Post([], "form#test")).RedirectsTo!);
        Assert.Contains("A test is on its way to", page.Banner, StringComparison.Ordinal);
        Assert.Equal("Test: Autumn news", Assert.Single(await app.MailTo(officer.PersonId)).Subject);
        Assert.Empty(await app.MailTo(ann));
        var html = await browser.Get($"/newsletters/{id}/html");
        Assert.Contains("The programme is out.", html.Text, StringComparison.Ordinal);
        Assert.Contains("sandbox", string.Join(';', html.Response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_DeleteDraft_IsGone() {
        await Arrange();
        var id = await Draft(JobRole.Practitioner);
        var browser = await app.Browser(officer);
        Assert.Equal("/newsletters", (await (await browser.Get($"/newsletters/{id}")).Post([], "form#discard")).RedirectsTo);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/newsletters/{id}")).Status);
        Assert.Equal(0, await app.Count("people_NewsletterAudience"));
    }

    [Fact]
    public async Task Stop_OnItsWay_WhatHasNotGoneOutDoesNot() {
        app.Settings["Mail:PerMinute"] = "3";
        await Arrange();
        for (var i = 0; i < 10; i++) await app.Given.Staff(nursery);
        var id = await Draft(JobRole.Practitioner);
        await Go(id);
        Assert.Equal(3, (await app.DrainMail()).Count);
        var browser = await app.Browser(officer);
        var page = await browser.Get($"/newsletters/{id}");
        Assert.Contains("Gone out3 Still to go7", page.Words, StringComparison.Ordinal);
        page = await browser.Follow((await page.Post([], "form#stop")).RedirectsTo!);
        Assert.Contains("Stopped", page.Words, StringComparison.Ordinal);
        Assert.Contains("Gone out3 Still to go0 Could not be sent0 Left out7", page.Words, StringComparison.Ordinal);
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(1));
        Assert.Equal(3, (await app.DrainMail()).Count);
        Assert.IsType<Cpd.Platform.Messaging.Conflict>((await app.Ask(officer, new StopNewsletter.Command(id))).Refusal);
    }

    [Fact]
    public async Task Stop_BeforeItsRound_NobodyGetsIt() {
        await Arrange();
        var ann = await app.Given.Staff(nursery);
        var id = await Draft(JobRole.Practitioner);
        await app.Send(officer, new SendNewsletter.Command(id, 2));
        await app.Send(officer, new StopNewsletter.Command(id));
        Assert.Empty(await app.MailTo(ann));
    }

    [Fact]
    public async Task Send_WhoWantsNone_IsLeftOutAndTheLinkSaysSo() {
        await Arrange();
        var (ann, bob) = (await app.Given.Staff(nursery), await app.Given.Staff(nursery));
        await Go(await Draft(JobRole.Practitioner));
        var link = new Uri(Assert.Single(await app.MailTo(ann)).Fields["List-Unsubscribe"].Trim('<', '>')).AbsolutePath;
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        Assert.Equal(HttpStatusCode.OK, (await app.CreateClient().PostAsync(new Uri(link, UriKind.Relative), body)).StatusCode);
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(1));
        var second = await Draft(JobRole.Practitioner);
        await Go(second);
        Assert.Single(await app.MailTo(ann));
        Assert.Equal(2, (await app.MailTo(bob)).Count);
        Assert.Contains("Gone out1 Still to go0 Could not be sent0 Left out1", (await (await app.Browser(officer)).Get($"/newsletters/{second}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_AtNightOrAtTheWeekend_WaitsForTheNextWorkingMorning() {
        await Arrange();
        var ann = await app.Given.Staff(nursery);
        // Friday 9 October, 9pm in London.
        app.Clock.Set(new(2026, 10, 9, 20, 0, 0, TimeSpan.Zero));
        await Go(await Draft(JobRole.Practitioner));
        app.Clock.Set(new(2026, 10, 11, 12, 0, 0, TimeSpan.Zero));
        Assert.Empty(await app.MailTo(ann));
        app.Clock.Set(new(2026, 10, 12, 8, 0, 0, TimeSpan.Zero));
        Assert.Single(await app.MailTo(ann));
    }

    [Fact]
    public async Task Send_OnADayWithALimit_TakesHalfOfItAndLeavesTheRestToOthers() {
        app.Settings["Mail:PerDay"] = "8";
        await Arrange();
        for (var i = 0; i < 10; i++) await app.Given.Staff(nursery);
        await Go(await Draft(JobRole.Practitioner));
        Assert.Equal(4, (await app.DrainMail()).Count);
        // What comes up later on the day still goes.
        for (var i = 0; i < 3; i++) await app.Send(officer, new TestNewsletter.Command(await Draft(JobRole.Practitioner)));
        Assert.Equal(7, (await app.DrainMail()).Count);
        // The day begins at midnight UTC, the newsletter goes on at nine.
        app.Clock.Set(new(2026, 10, 6, 0, 30, 0, TimeSpan.Zero));
        Assert.Equal(7, (await app.DrainMail()).Count);
        app.Clock.Set(new(2026, 10, 6, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal(11, (await app.DrainMail()).Count);
        app.Clock.Set(new(2026, 10, 7, 8, 0, 0, TimeSpan.Zero));
        Assert.Equal(13, (await app.DrainMail()).Count);
    }

    [Fact]
    public async Task Send_OthersAreDue_GoFirst() {
        (app.Settings["Mail:PerMinute"], app.Settings["Mail:AtOnce"]) = ("3", "1");
        await Arrange();
        for (var i = 0; i < 3; i++) await app.Given.Staff(nursery);
        var id = await Draft(JobRole.Practitioner);
        await app.Send(officer, new SendNewsletter.Command(id, 2));
        await app.Send(officer, new TestNewsletter.Command(id));
        var first = await app.DrainMail();
        Assert.Equal(3, first.Count);
        Assert.Single(first, m => m.Contains("Subject: Test: ", StringComparison.Ordinal));
    }

    async Task Arrange() {
        authority = await app.Given.Authority();
        officer = await app.Given.Officer(authority);
        (nursery, childminder) = (await app.Given.Setting(authority), await app.Given.Setting(authority));
        await app.Database(db => db.Execute("UPDATE people_Setting SET ProviderType = 'Childminder' WHERE Id = @childminder", new { childminder }, default));
    }

    Task<Guid> Draft(params JobRole[] roles) => Draft(roles, [], []);

    async Task<Guid> Draft(JobRole[] jobs, string[] types, Role[] roles) {
        var id = await app.Send(officer, new BeginNewsletter.Command(authority, "Autumn news"));
        await app.Send(officer, new ChangeNewsletter.Command(id, 1, "Autumn news", "The programme is out.", jobs, types, roles));
        return id;
    }

    async Task Go(Guid id) {
        await app.Send(officer, new SendNewsletter.Command(id, 2));
        await app.DrainMail();
    }

    Task<int> Works(Guid person, Guid setting) => app.Database(db => db.Execute("INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @person, @setting, 'Practitioner', 1, @On)",
        new { Id = Cpd.Platform.Data.Ids.New(app.Clock), person, setting, On = new DateOnly(2025, 9, 1) }, default));

    static Guid Id(WebPage page) => Guid.Parse(page.Response.RequestMessage!.RequestUri!.Segments[2].TrimEnd('/'));

    public void Dispose() => app.Dispose();

    sealed class App : CpdApp {
        internal Dictionary<string, string> Settings { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            foreach (var (key, value) in Settings) builder.UseSetting(key, value);
        }
    }
}
