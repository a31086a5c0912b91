using System.Net;
using Cpd.People.Contracts;
using Cpd.People.Persons;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.Tests.People;

public sealed class PersonTests(CpdApp app) : IClassFixture<CpdApp> {
    static int number;
    static readonly DateOnly Joined = new(2026, 9, 1);
    static string Email() => $"staff{Interlocked.Increment(ref number)}@example.org";

    [Theory]
    [InlineData("/people")]
    [InlineData("/people/add")]
    [InlineData("/people/00000000-0000-0000-0000-000000000001")]
    [InlineData("/settings")]
    [InlineData("/settings/add")]
    [InlineData("/settings/import")]
    [InlineData("/organisations")]
    [InlineData("/organisations/add")]
    [InlineData("/calendar")]
    public async Task Get_SignedOutOrWrongRole_IsRefused(string address) {
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        var practitioner = await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority()));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(practitioner)).Get(address)).Status);
    }

    [Fact]
    public async Task Get_People_ManagerSeesOwnStaffOfficerTheAuthoritysAdministratorAll() {
        var (thurrock, blackpool) = (await app.Given.Authority(), await app.Given.Authority("Blackpool"));
        var (one, other, far) = (await app.Given.Setting(thurrock), await app.Given.Setting(thurrock), await app.Given.Setting(blackpool));
        await app.Given.Staff(one, "Qanna Ownstaff");
        await app.Given.Staff(other, "Qanna Neighbour");
        await app.Given.Staff(far, "Qanna Faraway");
        async Task<string> Seen(Actor who) => (await (await app.Browser(who)).Get("/people?name=qanna")).Words;
        var manager = await Seen(await app.Given.Manager(one));
        Assert.Contains("Qanna Ownstaff", manager, StringComparison.Ordinal);
        Assert.DoesNotContain("Neighbour", manager, StringComparison.Ordinal);
        Assert.DoesNotContain("Faraway", manager, StringComparison.Ordinal);
        var officer = await Seen(await app.Given.Officer(thurrock));
        Assert.Contains("Neighbour", officer, StringComparison.Ordinal);
        Assert.DoesNotContain("Faraway", officer, StringComparison.Ordinal);
        Assert.Contains("3 people", await Seen(await app.Given.Administrator()), StringComparison.Ordinal);
        // By the second name too, and what they type is never a pattern.
        Assert.Contains("Ownstaff", (await (await app.Browser(await app.Given.Manager(one))).Get("/people?name=ownst")).Words, StringComparison.Ordinal);
        Assert.Contains("No people found", (await (await app.Browser(await app.Given.Manager(one))).Get("/people?name=%25")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PeopleOverSeveralPages_TurnsThem() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        for (var i = 0; i < 23; i++) await app.Given.Staff(setting, $"Paged Person {i:00}");
        var browser = await app.Browser(await app.Given.Manager(setting, "Aaron Manager"));
        var second = await browser.Get("/people?page=2");
        Assert.Equal("People (page 2 of 2) - CPD for early years", second.Document.Title);
        Assert.Contains("Paged Person 22", second.Words, StringComparison.Ordinal);
        Assert.Contains("People (page 1 of 2)", (await browser.Get("/people?page=99")).Document.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AddPerson_NothingTyped_SaysWhatIsMissing() {
        var browser = await app.Browser(await app.Given.Manager(await app.Given.Setting(await app.Given.Authority())));
        var form = await browser.Get("/people/add");
        var page = await form.Post([]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter their full name", "Select their job", "Enter the date they joined"], page.Errors);
        page = await form.Post([("Name", "X"), ("Email", "nonsense"), ("JobRole", "Senco"), ("JoinedOn.Day", "1"), ("JoinedOn.Month", "1"), ("JoinedOn.Year", "2040"), ("Invite", "true")]);
        Assert.Equal(["Enter an email address in the correct format, like name@example.com", "The date they joined must be within the next year"], page.Errors);
        page = await form.Post([("Name", "X"), ("JobRole", "Senco"), ("JoinedOn.Day", "31"), ("JoinedOn.Month", "2"), ("JoinedOn.Year", "2026"), ("Invite", "true")]);
        Assert.Equal(["Enter the email address to send the invitation to", "The date they joined must be a real date"], page.Errors);
        Assert.Equal("X", page.Document.QuerySelector("#Name")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Post_AddPersonAndInvite_TheyAreOnTheListAndCanSetAPassword() {
        var setting = await app.Given.Setting(await app.Given.Authority(), "Teasel Nursery");
        var browser = await app.Browser(await app.Given.Manager(setting));
        var email = Email();
        var page = await (await browser.Get("/people/add")).Post([("Name", "Zoë O’Cloverhan"), ("Email", email), ("JobRole", "RoomLeader"), ("AgeRanges", "BirthToTwo"), ("AgeRanges", "TwoToThree"),
            ("JoinedOn.Day", "1"), ("JoinedOn.Month", "9"), ("JoinedOn.Year", "2026"), ("Invite", "true"), ("Role", "SettingManager")]);
        var person = await browser.Get(page.RedirectsTo!);
        Assert.Equal("Zoë O’Cloverhan has been added and invited.", person.Banner);
        Assert.Contains("Teasel Nursery Room leader Birth to 2, 2 to 3 1 September 2026 Works there", person.Words, StringComparison.Ordinal);
        Assert.Contains("Setting manager Teasel Nursery", person.Words, StringComparison.Ordinal);
        Assert.Contains("Invited", person.Words, StringComparison.Ordinal);
        Assert.Contains("Zoë O’Cloverhan", (await browser.Get("/people?name=zoe")).Words, StringComparison.Ordinal);
        Assert.Contains(await app.DrainMail(), m => m.Contains($"To: {email}", StringComparison.Ordinal) && m.Contains("/set-password/", StringComparison.Ordinal));
        // Again: the newer link takes the older one's place.
        Assert.Equal("The invitation has been sent. Its link works for 7 days.", (await browser.Follow((await person.Post([], "form[action*='handler=Invite']")).RedirectsTo!)).Banner);
        Assert.Equal(2, (await app.DrainMail()).Count(m => m.Contains($"To: {email}", StringComparison.Ordinal)));
        Assert.Equal(1, await app.Count("people_AccountLink", "AccountId = (SELECT Id FROM people_Account WHERE EmailKey = @email)", new { email }));
    }

    [Fact]
    public async Task Post_AddPersonKnownByEmail_StaysOnePersonAndRevealsOnlyTheirName() {
        var (here, there) = (await app.Given.Setting(await app.Given.Authority(), "Here Nursery"), await app.Given.Setting(await app.Given.Authority("Blackpool"), "There Nursery"));
        var email = Email();
        var known = await app.Send(await app.Given.Manager(there), new AddPerson.Command("Known Person", email, JobRole.Senco, AgeRanges.None, there, Joined));
        var manager = await app.Given.Manager(here);
        var browser = await app.Browser(manager);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/people/{known.PersonId}")).Status);
        var again = await app.Send(manager, new AddPerson.Command("Somebody Else", email.ToUpperInvariant(), JobRole.Practitioner, AgeRanges.None, here, Joined));
        Assert.Equal((known.PersonId, "Known Person", true), (again.PersonId, again.Name, again.Known));
        var page = await browser.Get($"/people/{known.PersonId}");
        Assert.Equal("Known Person", page.Heading);
        Assert.DoesNotContain("There Nursery", page.Text, StringComparison.Ordinal);
        Assert.Contains(await app.DrainMail(), m => m.Contains("You have been added to the staff of Here Nursery", StringComparison.Ordinal));
        Assert.IsType<Conflict>((await app.Ask(manager, new AddPerson.Command("Known Person", email, JobRole.Practitioner, AgeRanges.None, here, Joined))).Refusal);
    }

    [Fact]
    public async Task Send_AddPersonToSomeoneElsesSetting_IsNotFound() {
        var (mine, other) = (await app.Given.Setting(await app.Given.Authority()), await app.Given.Setting(await app.Given.Authority("Blackpool")));
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Manager(mine), new AddPerson.Command("A", null, JobRole.Other, AgeRanges.None, other, Joined))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Officer(await app.Given.Authority()), new AddPerson.Command("A", null, JobRole.Other, AgeRanges.None, other, Joined))).Refusal);
        // Only officers know people without a setting.
        Assert.IsType<Invalid>((await app.Ask(await app.Given.Manager(mine), new AddPerson.Command("A", null, null, AgeRanges.None, null, null))).Refusal);
    }

    [Fact]
    public async Task Post_Leaving_EndsThePlaceAndTheManagersRole() {
        var setting = await app.Given.Setting(await app.Given.Authority());
        var leaver = await app.Given.Manager(setting, "Leaving Manager");
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var theirs = await app.Browser(leaver);
        Assert.Equal(HttpStatusCode.OK, (await theirs.Get("/people")).Status);
        var form = await officer.Get($"/people/{leaver.PersonId}");
        Assert.Equal(["Enter their last day"], (await form.Post([], "form[action*='handler=Leave']")).Errors);
        Assert.Equal(["Their last day must be today or in the past"], (await form.Post(Day("LeftOn", 6, 10, 2026), "form[action*='handler=Leave']")).Errors);
        Assert.Equal(["Their last day must be after they joined on 1 September 2024"], (await form.Post(Day("LeftOn", 1, 8, 2024), "form[action*='handler=Leave']")).Errors);
        var done = await form.Post(Day("LeftOn", 1, 10, 2026), "form[action*='handler=Leave']");
        Assert.Contains("1 October 2026", (await officer.Get(done.RedirectsTo!)).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await theirs.Get("/people")).Status);
        Assert.Contains("Leaving Manager", (await officer.Get("/people?name=leaving&left=true")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Leaving Manager", (await officer.Get("/people?name=leaving")).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([.. Day("LeftOn", 1, 10, 2026), (Once.Field, null)], "form[action*='handler=Leave']")).Status);
    }

    [Fact]
    public async Task Post_GrantAndEndRole_WorkAtTheNextClick() {
        var authority = await app.Given.Authority();
        var person = await app.Given.Staff(await app.Given.Setting(authority));
        var officer = await app.Given.Officer(authority);
        var browser = await app.Browser(officer);
        var form = await browser.Get($"/people/{person}");
        Assert.Equal(["Select a role"], (await form.Post([], "form[action*='handler=Grant']")).Errors);
        Assert.Equal(["Select where they hold this role"], (await form.Post([("Role", "SettingManager")], "form[action*='handler=Grant']")).Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await form.Post([("Role", "Practitioner")], "form[action*='handler=Grant']")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post([("Role", "Practitioner"), (Once.Field, null)], "form[action*='handler=Grant']")).Status);

        var theirs = await app.Browser(new Actor(person, "", []));
        Assert.Equal(HttpStatusCode.OK, (await theirs.Get("/api-keys")).Status);
        var ended = await (await browser.Get($"/people/{person}")).Post([], "form[action*='handler=End']");
        Assert.Equal("The role has ended.", (await browser.Get(ended.RedirectsTo!)).Banner);
        Assert.Equal(HttpStatusCode.Forbidden, (await theirs.Get("/api-keys")).Status);
    }

    [Fact]
    public async Task Send_GrantRole_OfficersReachNoFurtherThanTheirOwnPeopleAndRoles() {
        var (thurrock, blackpool) = (await app.Given.Authority(), await app.Given.Authority("Blackpool"));
        var officer = await app.Given.Officer(thurrock);
        var (mine, theirs) = (await app.Given.Setting(thurrock), await app.Given.Setting(blackpool));
        var person = await app.Given.Staff(mine);
        var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, "Somebody else's provider");
        foreach (var role in (Role[])[Role.AuthorityOfficer, Role.SystemAdministrator, Role.Accreditor])
            Assert.IsType<Forbidden>((await app.Ask(officer, new GrantRole.Command(person, role, thurrock))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(officer, new GrantRole.Command(person, Role.SettingManager, theirs))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(officer, new GrantRole.Command(person, Role.TrainingProviderOfficer, provider))).Refusal);
        Assert.IsType<NotFound>((await app.Ask(officer, new GrantRole.Command(await app.Given.Staff(theirs), Role.Practitioner, null))).Refusal);
        Assert.IsType<Conflict>((await app.Ask(officer, new GrantRole.Command(officer.PersonId, Role.Trainer, null))).Refusal);
        Assert.Null((await app.Ask(await app.Given.Administrator(), new GrantRole.Command(person, Role.AuthorityOfficer, thurrock))).Refusal);
    }

    [Fact]
    public async Task Post_DisableAccount_EndsSessionsAndKeysAtOnce() {
        var authority = await app.Given.Authority();
        var who = await app.Given.Practitioner(await app.Given.Setting(authority));
        var theirs = await app.Browser(who);
        var program = await app.Api(who);
        var key = program.DefaultRequestHeaders.Authorization!.Parameter!;
        Assert.Equal(HttpStatusCode.OK, (await theirs.Get("/account")).Status);
        var officer = await app.Browser(await app.Given.Officer(authority));
        var done = await (await officer.Get($"/people/{who.PersonId}")).Post([], "form[action*='handler=Disable']");
        Assert.Contains("Disabled", (await officer.Get(done.RedirectsTo!)).Words, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await theirs.Get("/account")).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("people_ApiKey", "KeyHash = @Hash AND EndedAt IS NOT NULL", new { Hash = Cpd.Platform.Security.Codes.Hash(key) }));
    }

    [Fact]
    public async Task Send_DisableAccountOfSomebodyWhoAlsoWorksElsewhere_IsRefused() {
        var (thurrock, blackpool) = (await app.Given.Authority(), await app.Given.Authority("Blackpool"));
        var who = await app.Given.Manager(await app.Given.Setting(thurrock));
        await app.Given.Account(who);
        await app.Given.Holder(Role.SettingManager, OrganisationKind.Setting, await app.Given.Setting(blackpool), who.PersonId);
        Assert.IsType<Conflict>((await app.Ask(await app.Given.Officer(thurrock), new DisableAccount.Command(who.PersonId))).Refusal);
        Assert.Null((await app.Ask(await app.Given.Administrator(), new DisableAccount.Command(who.PersonId))).Refusal);
        // And a manager elsewhere cannot give it back.
        var elsewhere = await app.Given.Setting(blackpool);
        await app.Database(db => db.Execute("UPDATE people_Membership SET SettingId = @elsewhere WHERE PersonId = @PersonId", new { elsewhere, who.PersonId }, default));
        Assert.IsType<Conflict>((await app.Ask(await app.Given.Manager(elsewhere), new InvitePerson.Command(who.PersonId))).Refusal);
    }

    [Fact]
    public async Task Post_PersonOfAnotherAuthority_IsNotFound() {
        var stranger = await app.Given.Staff(await app.Given.Setting(await app.Given.Authority("Blackpool")));
        var own = await app.Given.Staff(await app.Given.Setting(await app.Given.Authority()));
        var officer = await app.Browser(await app.Given.Officer(await app.Given.Authority()));
        var page = await officer.Get($"/people/{own}");
        foreach (var handler in (string[])["Leave", "Invite", "Grant", "Disable", "End"]) {
            var token = page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            using var body = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("Role", "Practitioner"), new("LeftOn", "2026-10-01"), new("MembershipId", stranger.ToString()), new("GrantId", stranger.ToString())]);
            Assert.Equal(HttpStatusCode.NotFound, (await officer.Client.PostAsync($"/people/{stranger}?handler={handler}", body)).StatusCode);
        }
    }

    internal static (string, string?)[] Day(string name, int day, int month, int year) => [($"{name}.Day", $"{day}"), ($"{name}.Month", $"{month}"), ($"{name}.Year", $"{year}")];
}
