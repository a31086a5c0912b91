using System.Net;
using Cpd.People.Persons;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Tests.Training;
using Cpd.Training.Reminders;

namespace Cpd.Tests.People;

/// <summary>Which messages people want, which of their addresses are dead, and what is done about it.</summary>
public sealed class ReachingPeopleTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_YourMessages_SignedOut_IsSentToSignIn() => Assert.Contains("/sign-in", (await app.Browser().Get("/your-messages")).RedirectsTo, StringComparison.Ordinal);

    [Fact]
    public async Task Get_YourMessages_SaysWhatAlwaysComesAndShowsWhatIsForThem() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        var page = await (await app.Browser(await app.Given.Practitioner(setting))).Get("/your-messages");
        Assert.Contains("Messages about your own bookings, the registers you keep, your certificates and your account always come", page.Words, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector($"input[value='{AskForImpact.Name}'][checked]"));
        Assert.Null(page.Document.QuerySelector("input[value='people.week']"));
        Assert.Null(page.Document.QuerySelector($"input[value='{RemindTheDayBefore.Name}']"));
        Assert.NotNull((await (await app.Browser(await app.Given.Manager(setting))).Get("/your-messages")).Document.QuerySelector("input[value='people.week'][checked]"));
        Assert.NotNull((await (await app.Browser(await app.Given.Manager(setting))).Get("/account")).Document.QuerySelector("a[href='/your-messages']"));
    }

    [Fact]
    public async Task Post_YourMessages_IsKeptAndCanBeTakenBack() {
        var who = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        var browser = await app.Browser(who);
        var page = await browser.Get("/your-messages");
        page = await browser.Follow((await page.Post([("Wanted", null)])).RedirectsTo!);
        Assert.Equal("Your choice has been saved.", page.Banner);
        Assert.Null(page.Document.QuerySelector($"input[value='{AskForImpact.Name}'][checked]"));
        Assert.Equal(1, await Refused());
        await page.Post([("Wanted", null)]);
        Assert.Equal(1, await Refused());
        page = await browser.Follow((await page.Post([("Wanted", AskForImpact.Name)])).RedirectsTo!);
        Assert.NotNull(page.Document.QuerySelector($"input[value='{AskForImpact.Name}'][checked]"));
        Assert.Equal(0, await Refused());

        Task<int> Refused() => app.Count("platform_Refusal", "PersonId = @PersonId AND Kind = @Name", new { who.PersonId, AskForImpact.Name });
    }

    [Theory]
    [InlineData("training.session-tomorrow")]
    [InlineData("no.such")]
    public async Task Post_YourMessages_WhatCannotBeRefusedOrIsNone_IsRefused(string kind) {
        var page = await (await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())))).Get("/your-messages");
        page = await page.Post([("Wanted", kind)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Choose from the messages on this page"], page.Errors);
    }

    [Fact]
    public async Task AddressIsDead_ManagerAndOfficerSeeItUntilItIsChanged() {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var person = await app.Given.Staff(setting, "Dee Dead");
        var (manager, officer) = (await app.Browser(await app.Given.Manager(setting)), await app.Browser(await app.Given.Officer(authority)));
        Assert.DoesNotContain("come back", (await manager.Get($"/people/{person}")).Words, StringComparison.Ordinal);
        await Die(person);
        foreach (var browser in new[] { manager, officer }) {
            Assert.Contains("there is no such address. Ask Dee Dead for the right one and change it below", (await browser.Get($"/people/{person}")).Words, StringComparison.Ordinal);
            Assert.Contains("Dee Dead Messages come back", (await browser.Get("/people?name=dee+dead")).Words, StringComparison.Ordinal);
            Assert.Contains("Dee Dead Messages come back", (await browser.Get($"/settings/{setting}")).Words, StringComparison.Ordinal);
        }
        var page = await manager.Get($"/people/{person}");
        Assert.Equal(["Enter their email address"], (await page.Post([], Form)).Errors);
        Assert.Equal(["Enter an email address in the correct format, like name@example.com"], (await page.Post([("Email", "dee at home")], Form)).Errors);
        page = await manager.Follow((await page.Post([("Email", "dee.alive@example.org")], Form)).RedirectsTo!);
        Assert.Equal("The address has been changed.", page.Banner);
        Assert.Contains("dee.alive@example.org", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("come back", page.Words, StringComparison.Ordinal);
        Assert.Contains(await app.DrainMail(), m => m.Contains("Dear Dee Dead,", StringComparison.Ordinal) && m.Contains("Subject: Your email address has been changed", StringComparison.Ordinal) && !m.Contains("dee.alive@example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChangeEmail_OfSomeoneWithAnAccount_IsForOfficersAndThenTheirsToSignInWith() {
        var authority = await app.Given.Authority();
        var setting = await app.Given.Setting(authority);
        var who = await app.Given.Practitioner(setting);
        await app.Given.Account(who);
        var command = new ChangeEmail.Command(who.PersonId, $"new.{who.PersonId:N}@example.org");
        Assert.Contains("signs in with this address", Assert.IsType<Conflict>((await app.Ask(await app.Given.Manager(setting), command)).Refusal).Sentence, StringComparison.Ordinal);
        Assert.Null((await (await app.Browser(await app.Given.Manager(setting))).Get($"/people/{who.PersonId}")).Document.QuerySelector(Form));
        Assert.NotNull((await (await app.Browser(await app.Given.Officer(authority))).Get($"/people/{who.PersonId}")).Document.QuerySelector(Form));
        await app.Send(await app.Given.Officer(authority), command);
        Assert.Equal(1, await app.Count("people_Account", "PersonId = @PersonId AND EmailKey = @Email", command));
        Assert.Equal(1, await app.Count("people_Person", "Id = @PersonId AND Email = @Email AND EmailKey = @Email", command));
    }

    [Fact]
    public async Task ChangeEmail_InvitedPerson_TheOldLinkEnds() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        var (manager, person) = (await app.Given.Manager(setting), await app.Given.Staff(setting));
        await app.Send(manager, new InvitePerson.Command(person));
        Assert.Equal(1, await Links());
        await app.Send(manager, new ChangeEmail.Command(person, $"moved.{person:N}@example.org"));
        Assert.Equal(0, await Links());

        Task<int> Links() => app.Count("people_AccountLink", "AccountId = (SELECT Id FROM people_Account WHERE PersonId = @person)", new { person });
    }

    [Fact]
    public async Task ChangeEmail_BelongsElsewhereTooOrIsSomebodyElsesAddressOrTheirOwn_IsRefused() {
        var authority = await app.Given.Authority();
        var (setting, other) = (await app.Given.Setting(authority), await app.Given.Setting(authority));
        var (manager, officer) = (await app.Given.Manager(setting), await app.Given.Officer(authority));
        var person = await app.Given.Staff(setting);
        var taken = await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @PersonId", new { officer.PersonId }, default));
        Assert.Equal("Somebody else has this email address", Assert.IsType<Invalid>((await app.Ask(manager, new ChangeEmail.Command(person, taken))).Refusal).Errors[0].Sentence);
        Assert.IsType<Conflict>((await app.Ask(officer, new ChangeEmail.Command(officer.PersonId, "mine@example.org"))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority("Bradford")), new ChangeEmail.Command(person, "x@example.org"))).Refusal);
        await app.Database(db => db.Execute("INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @person, @other, 'Practitioner', 1, @Joined)", new { Id = Ids.New(app.Clock), person, other, Joined = new DateOnly(2024, 9, 1) }, default));
        Assert.Contains("also belongs", Assert.IsType<Conflict>((await app.Ask(manager, new ChangeEmail.Command(person, "x@example.org"))).Refusal).Sentence, StringComparison.Ordinal);
        await app.Send(officer, new ChangeEmail.Command(person, $"x.{person:N}@example.org"));
    }

    [Fact]
    public async Task ChangeEmail_AnotherAuthorityKnowsThemToo_IsRefused() {
        var (mine, other) = (await app.Given.Authority("Kent"), await app.Given.Authority("Essex"));
        var officer = await app.Given.Officer(mine);
        var person = await app.Given.Person();
        foreach (var authority in new[] { mine, other })
            await app.Database(db => db.Execute("INSERT INTO people_Contact (AuthorityId, PersonId, AddedAt) VALUES (@authority, @person, @Now)", new { authority, person, app.Now }, default));
        Assert.Contains("also belongs", Assert.IsType<Conflict>((await app.Ask(officer, new ChangeEmail.Command(person, $"y.{person:N}@example.org"))).Refusal).Sentence, StringComparison.Ordinal);
        await app.Database(db => db.Execute("DELETE FROM people_Contact WHERE AuthorityId = @other AND PersonId = @person", new { other, person }, default));
        await app.Send(officer, new ChangeEmail.Command(person, $"y.{person:N}@example.org"));
    }

    [Fact]
    public async Task LastMessage_StandsOnTheBookingAndOnTheOfficersList() {
        var scene = await Scene.Set(app, places: 5);
        var booked = await scene.Book(2);
        var (officer, manager) = (await app.Browser(scene.Officer), await app.Browser(scene.Manager));
        Assert.DoesNotContain("Last email about it", (await manager.Get($"/bookings/{booked[0].BookingId}")).Words, StringComparison.Ordinal);
        await app.DrainMail();
        Assert.Contains("Last email about it Sent 5 October 2026 at 10am", (await manager.Get($"/bookings/{booked[0].BookingId}")).Words, StringComparison.Ordinal);
        var before = app.Clock.GetUtcNow();
        app.Clock.Set(new DateTimeOffset(2026, 10, 8, 8, 0, 0, TimeSpan.Zero));
        await app.DrainMail();
        app.Clock.Set(before);
        Assert.Contains("Last email about it Sent 8 October 2026 at 9am", (await manager.Get($"/bookings/{booked[0].BookingId}")).Words, StringComparison.Ordinal);
        await app.Database(db => db.Execute("UPDATE platform_Message SET State = 'Parked', SentAt = NULL WHERE CauseId = @Id AND PlannedFor IS NOT NULL", new { Id = booked[1].BookingId }, default));
        Assert.Contains("Last email about it Could not be delivered, 8 October 2026 at 9am. The address may be wrong", (await manager.Get($"/bookings/{booked[1].BookingId}")).Words, StringComparison.Ordinal);
        var list = await officer.Get($"/manage/sessions/{scene.Session}");
        Assert.Contains("Sent 8 October 2026 at 9am", list.Words, StringComparison.Ordinal);
        Assert.Contains("Could not be delivered, 8 October 2026 at 9am", list.Words, StringComparison.Ordinal);
        await app.Database(db => db.Execute("UPDATE platform_Message SET Delivery = 'PermanentFailure' WHERE CauseId = @Id AND PlannedFor IS NOT NULL", new { Id = booked[0].BookingId }, default));
        Assert.Contains("Could not be delivered", (await manager.Get($"/bookings/{booked[0].BookingId}")).Words, StringComparison.Ordinal);
    }

    const string Form = "form[action*='handler=Email']";

    Task<int> Die(Guid person) => app.Database(db => db.Execute("INSERT INTO platform_DeadAddress (AddressKey, FoundAt) SELECT EmailKey, @Now FROM people_Person WHERE Id = @person", new { person, app.Now }, default));
}
