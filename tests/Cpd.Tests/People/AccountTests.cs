using System.Net;
using System.Text.RegularExpressions;
using Cpd.People.Accounts;
using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Tests.People;

public sealed partial class AccountTests(CpdApp app) : IClassFixture<CpdApp> {
    const string Password = "teapot lorry anchor";
    static readonly Actor Nobody = new(Guid.Empty, "", []);

    [GeneratedRegex("/set-password/[0-9a-f]{64}")]
    private static partial Regex Link();

    [Fact]
    public async Task Post_RightPassword_SignsInAndGoesWhereTheyWanted() {
        var email = await Administrator();
        var browser = app.Browser();
        var page = await SignIn(browser, email.ToUpperInvariant() + " ", Password, "?returnUrl=%2Faccount");
        Assert.Equal("/account", page.RedirectsTo);
        Assert.Equal("Your account", (await browser.Get("/account")).Heading);
        Assert.Equal("/", (await browser.Get("/sign-in")).RedirectsTo);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/sign-out")]
    public async Task Post_ReturnUrlIsNotAPageOfOurs_GoesHome(string returnUrl) {
        var page = await SignIn(app.Browser(), await Administrator(), Password, "?returnUrl=" + Uri.EscapeDataString(returnUrl));
        Assert.Equal("/", page.RedirectsTo);
    }

    [Fact]
    public async Task Post_NothingTyped_SaysWhatIsMissing() {
        var page = await SignIn(app.Browser(), "", "");
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal(["Enter your email address", "Enter your password"], page.Errors);
    }

    [Fact]
    public async Task Post_WrongPasswordUnknownAddressInvitedOrDisabled_AreAnsweredAlike() {
        var active = await Administrator();
        var invited = Email();
        await app.Send(Nobody, new CreateAdmin.Command(invited));
        var disabled = await Administrator();
        await app.Database(db => db.Execute("UPDATE people_Account SET State = 'Disabled' WHERE EmailKey = @disabled", new { disabled }, default));
        foreach (var (email, password) in ((string, string)[])[(active, "not the password"), (Email(), Password), (invited, Password), (disabled, Password)]) {
            var page = await SignIn(app.Browser(), email, password);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Equal(["The email address or password is wrong. Check them and try again."], page.Errors);
            Assert.False(page.Response.Headers.Contains("Set-Cookie") && page.Response.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("__Host-session", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Post_FiveWrongPasswords_DelaysThatNetworkForAWhileAndNoOther() {
        var known = await Administrator();
        var unknown = Email();
        foreach (var email in (string[])[known, unknown]) {
            for (var i = 0; i < SignInDelay.FreeTries; i++) await SignIn(app.Browser(), email, "wrong wrong wrong");
            var delayed = await SignIn(app.Browser(), email, Password);
            Assert.Equal(["There have been too many attempts to sign in with this email address. Wait 1 minute and try again, or choose a new password."], delayed.Errors);
        }
        // From another network the owner gets in at once; and here when the delay is over.
        Assert.Null((await app.Ask(Nobody, new SignIn.Command(known, Password, "203.0.113.9"))).Refusal);
        Move(TimeSpan.FromSeconds(31));
        Assert.Equal("/", (await SignIn(app.Browser(), known, Password)).RedirectsTo);
        Assert.Equal(0, await app.Count("people_SignInDelay", "EmailHash = @Hash AND Network <> '203.0.113.9'", new { Hash = Codes.Hash(known) }));
    }

    [Fact]
    public void Delay_Grows_AndNeverBeyondAQuarterOfAnHour() {
        Assert.Equal([0, 0, 30, 60, 120, 900, 900], ((int[])[1, 4, 5, 6, 7, 12, 1_000_000]).Select(n => (int)SignInDelay.After(n).TotalSeconds));
    }

    [Fact]
    public async Task Post_AttemptsAtTheSameMoment_AreAllCounted() {
        var email = await Administrator();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => app.Ask(Nobody, new SignIn.Command(email, "wrong wrong wrong", "198.51.100.7"))));
        Assert.All(answers, a => Assert.NotNull(a.Refusal));
        // Five are looked at; the rest never reach the password.
        Assert.Equal(5, await app.Database(db => db.One<int>("SELECT Failures FROM people_SignInDelay WHERE EmailHash = @Hash", new { Hash = Codes.Hash(email) }, default)));
    }

    [Fact]
    public async Task Post_SignedInAsSomebodyElse_BeginsANewSessionWithANewKey() {
        var (first, second) = (await Administrator(), await Administrator());
        var browser = app.Browser();
        await SignIn(browser, first, Password);
        // The form of a page that was loaded before somebody signed in is what a second sign-in in the same browser comes from.
        var account = await browser.Get("/account");
        var token = account.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var body = new FormUrlEncodedContent([new("Email", second), new("Password", Password), new("__RequestVerificationToken", token)]);
        var answer = await browser.Client.PostAsync("/sign-in", body);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains(second.Split('@')[0], (await browser.Get("/account")).Words, StringComparison.Ordinal);
        Assert.Equal(0, await app.Count("people_Session", "AccountId = (SELECT Id FROM people_Account WHERE EmailKey = @first)", new { first }));
        Assert.Equal(1, await app.Count("people_Session", "AccountId = (SELECT Id FROM people_Account WHERE EmailKey = @second)", new { second }));
    }

    [Fact]
    public async Task Post_SignOut_EndsTheSessionOnTheServer() {
        var (browser, copy) = await SignedIn(await Administrator());
        var asked = await browser.Get("/sign-out");
        Assert.Equal("Do you want to sign out?", asked.Heading);
        Assert.Equal(HttpStatusCode.OK, (await copy.Get("/account")).Status);
        var page = await asked.Post([]);
        Assert.Equal("/sign-in", page.RedirectsTo);
        await Refused(copy);
    }

    [Fact]
    public async Task Get_CopiedCookieAfterThirtyMinutesIdle_IsRefused() {
        var (browser, copy) = await SignedIn(await Administrator());
        Move(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        Move(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        Move(TimeSpan.FromMinutes(31));
        await Refused(copy);
    }

    [Fact]
    public async Task Get_CopiedCookieAfterTwelveHours_IsRefused() {
        var (browser, copy) = await SignedIn(await Administrator());
        for (var minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
            Move(TimeSpan.FromMinutes(20));
            Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        }
        Move(TimeSpan.FromMinutes(20));
        await Refused(copy);
    }

    [Fact]
    public async Task Post_ChangePassword_EndsAllOtherSessionsAndTellsThePerson() {
        var email = await Administrator();
        var (browser, _) = await SignedIn(email);
        var (_, elsewhere) = await SignedIn(email);
        var form = await browser.Get("/account");
        Assert.Equal(["Enter your current password", "Enter a password"], (await form.Post([])).Errors);
        Assert.Equal(["Your current password is not right"], (await form.Post([("CurrentPassword", "wrong wrong wrong"), ("NewPassword", "kettle bridge violin")])).Errors);
        var page = await form.Post([("CurrentPassword", Password), ("NewPassword", "kettle bridge violin")]);
        Assert.Equal("/account", page.RedirectsTo);
        Assert.Equal("Your password has been changed. You have been signed out everywhere else.", (await browser.Get("/account")).Banner);
        await Refused(elsewhere);
        Assert.Contains((await app.DrainMail()), m => m.Contains($"To: {email}", StringComparison.Ordinal) && m.Contains("Subject: Your password has been changed", StringComparison.Ordinal));
        Assert.NotNull((await app.Ask(Nobody, new SignIn.Command(email, Password, "1"))).Refusal);
        Assert.Null((await app.Ask(Nobody, new SignIn.Command(email, "kettle bridge violin", "1"))).Refusal);
    }

    [Fact]
    public async Task Get_SignedOut_AccountPagesAskToSignIn() {
        Assert.Contains("/sign-in?returnUrl=%2Faccount", (await app.Browser().Get("/account")).RedirectsTo, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await app.Browser().Get("/sign-out")).RedirectsTo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ForgotPassword_SaysTheSameForKnownAndUnknownAndMailsOnlyTheKnown() {
        var (known, unknown) = (await Administrator(), Email());
        var one = await Forgot(known);
        var other = await Forgot(unknown);
        Assert.Equal(HttpStatusCode.OK, one.Status);
        Assert.Equal(one.Words.Replace(known, "X", StringComparison.Ordinal), other.Words.Replace(unknown, "X", StringComparison.Ordinal));
        var mail = await Mail();
        Assert.Single(mail, m => m.Contains(known, StringComparison.Ordinal));
        Assert.DoesNotContain(mail, m => m.Contains(unknown, StringComparison.Ordinal));
        Assert.Equal(["Enter an email address in the correct format, like name@example.com"], (await Forgot("not an address")).Errors);
        Assert.Equal(["Enter your email address"], (await Forgot("")).Errors);
    }

    [Fact]
    public async Task Deliver_NewPasswordAskedTwice_MakesOneLink() {
        var email = await Administrator();
        await Forgot(email);
        await app.Database(db => db.Execute("UPDATE platform_Outbox SET DeliveredAt = NULL", null, default));
        await app.DrainOutbox();
        var before = (await Mail()).Count(m => m.Contains(email, StringComparison.Ordinal));
        Move(TimeSpan.FromMinutes(5));
        await app.Database(db => db.Execute("UPDATE platform_Outbox SET DeliveredAt = NULL", null, default));
        await app.DrainOutbox();
        Assert.Equal(1, before);
        Assert.Equal(1, (await Mail()).Count(m => m.Contains(email, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Post_SetPassword_WorksOnceAndEndsEverySession() {
        var email = await Administrator();
        var (_, before) = await SignedIn(email);
        await Forgot(email);
        var link = await LinkFor(email);
        var form = await app.Browser().Get(link);
        Assert.Equal("Choose a new password", form.Heading);
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(link)).Status);
        var page = await form.Post([("Password", "kettle bridge violin")]);
        Assert.Equal("/sign-in", page.RedirectsTo);
        await Refused(before);
        Assert.Null((await app.Ask(Nobody, new SignIn.Command(email, "kettle bridge violin", "1"))).Refusal);

        var again = await form.Post([("Password", "violin bridge kettle")]);
        Assert.Equal(HttpStatusCode.Gone, again.Status);
        Assert.Equal("This link no longer works", again.Heading);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(link)).Status);
        Assert.NotNull((await app.Ask(Nobody, new SignIn.Command(email, "violin bridge kettle", "1"))).Refusal);
        Assert.Contains(await app.DrainMail(), m => m.Contains($"To: {email}", StringComparison.Ordinal) && m.Contains("Subject: Your password has been changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_ResetLinkAfterAnHour_NoLongerWorks() {
        var email = await Administrator();
        await Forgot(email);
        var link = await LinkFor(email);
        var form = await app.Browser().Get(link);
        Move(TimeSpan.FromMinutes(61));
        Assert.Equal("This link no longer works", (await app.Browser().Get(link)).Heading);
        Assert.Equal(HttpStatusCode.Gone, (await form.Post([("Password", "kettle bridge violin")])).Status);
    }

    [Fact]
    public async Task Get_OlderOfTwoLinks_NoLongerWorks() {
        var email = await Administrator();
        await Forgot(email);
        var older = await LinkFor(email);
        Move(TimeSpan.FromMinutes(2));
        await Forgot(email);
        var newer = (await Mail()).Where(m => m.Contains(email, StringComparison.Ordinal)).Select(m => Link().Match(m).Value).Single(l => l != older);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(older)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(newer)).Status);
    }

    [Fact]
    public async Task Get_InvitationAfterSevenDays_NoLongerWorks() {
        var link = Link().Match((await app.Send(Nobody, new CreateAdmin.Command(Email()))).Address).Value;
        Assert.Equal("Set your password", (await app.Browser().Get(link)).Heading);
        Move(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(link)).Status);
    }

    [Theory]
    [InlineData("", "Enter a password")]
    [InlineData("too short", "Password must be 10 characters or more")]
    [InlineData("password2026!", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("P4ssw0rdP4ssw0rd", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("Thurrock2026", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("Early years!", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("1234567890", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("qwertyuiop[]", "Choose a password that is harder to guess: this one is too common")]
    [InlineData("aaaaaaaaaaaa", "Choose a password that is harder to guess: this one is too common")]
    public async Task Post_SetPasswordThatIsTooEasy_SaysWhy(string password, string sentence) {
        var link = Link().Match((await app.Send(Nobody, new CreateAdmin.Command(Email()))).Address).Value;
        var page = await (await app.Browser().Get(link)).Post([("Password", password)]);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal([sentence], page.Errors);
    }

    [Fact]
    public async Task Post_PasswordOf200CharactersOrWithSpacesAndAccents_IsTaken() {
        foreach (var password in (string[])[string.Concat(Enumerable.Repeat("žluťoučký ", 20)), "лодка чайник мост"]) {
            var email = Email();
            var link = Link().Match((await app.Send(Nobody, new CreateAdmin.Command(email))).Address).Value;
            Assert.Equal("/sign-in", (await (await app.Browser().Get(link)).Post([("Password", password)])).RedirectsTo);
            Assert.Null((await app.Ask(Nobody, new SignIn.Command(email, password, "1"))).Refusal);
        }
        var form = await app.Browser().Get(Link().Match((await app.Send(Nobody, new CreateAdmin.Command(Email()))).Address).Value);
        Assert.Equal(["Password must be 200 characters or fewer"], (await form.Post([("Password", string.Concat(Enumerable.Repeat("teapot lorry ", 20)))])).Errors);
    }

    [Fact]
    public async Task CreateAdmin_Twice_MakesOneAdministratorWithANewLink() {
        var email = Email();
        var first = Link().Match((await app.Send(Nobody, new CreateAdmin.Command(email))).Address).Value;
        var (_, address) = await app.Send(Nobody, new CreateAdmin.Command(email));
        Assert.StartsWith("http://localhost:5080/set-password/", address, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Browser().Get(Link().Match(address).Value)).Status);
        Assert.Equal(1, await app.Count("people_Grant", $"Role = '{nameof(Role.SystemAdministrator)}' AND PersonId = (SELECT Id FROM people_Person WHERE EmailKey = @email)", new { email }));
    }

    [Fact]
    public async Task Time_KnownAndUnknownAddress_TakeAlike() {
        var (known, unknown) = (await Administrator(), Email());
        var (one, other) = (double.MaxValue, double.MaxValue);
        // In turns, and the fastest of each: what else the machine does only ever adds.
        for (var i = 0; i < 9; i++) {
            one = Math.Min(one, await Time(known, i));
            other = Math.Min(other, await Time(unknown, i));
        }
        // One hash each: without the hash for nobody, the unknown would be many times faster.
        Assert.InRange(one / other, 0.4, 2.5);

        async Task<double> Time(string email, int network) {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await app.Ask(Nobody, new SignIn.Command(email, "wrong wrong wrong", $"net{network}"));
            return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    static int number;
    static string Email() => $"admin{Interlocked.Increment(ref number)}@example.org";

    async Task<string> Administrator() {
        var email = Email();
        var (_, link) = await app.Send(Nobody, new CreateAdmin.Command(email));
        await app.Send(Nobody, new SetPassword.Command(link.Split('/')[^1], Password));
        return email;
    }

    static async Task<WebPage> SignIn(Browser browser, string email, string password, string query = "") =>
        await (await browser.Get("/sign-in" + query)).Post([("Email", email), ("Password", password)]);

    /// <summary>A browser signed in, and a thief's with a copy of its cookie.</summary>
    async Task<(Browser Browser, Browser Copy)> SignedIn(string email) {
        var browser = app.Browser();
        var page = await SignIn(browser, email, Password);
        var cookie = page.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-session", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        var copy = app.CreateClient();
        copy.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return (browser, new Browser(copy));
    }

    static async Task Refused(Browser copy) => Assert.Contains("/sign-in", (await copy.Get("/account")).RedirectsTo ?? "", StringComparison.Ordinal);

    async Task<WebPage> Forgot(string email) => await (await app.Browser().Get("/forgot-password")).Post([("Email", email)]);

    /// <summary>Mails with a link, sent so far.</summary>
    async Task<List<string>> Mail() {
        await app.DrainOutbox();
        return [.. (await app.DrainMail()).Where(m => Link().IsMatch(m))];
    }

    async Task<string> LinkFor(string email) => Link().Match((await Mail()).Single(m => m.Contains(email, StringComparison.Ordinal))).Value;

    void Move(TimeSpan by) => app.Clock.Set(app.Clock.GetUtcNow() + by);
}
