using System.Globalization;
using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Tests.Calendars;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mail = Cpd.Platform.Messages.Mail;

namespace Cpd.Tests.Messages;

/// <summary>What a real mail server takes from this service, as an independent parser reads it; and what becomes of what it does not take.</summary>
public sealed class SmtpTests : IDisposable {
    static readonly DateTime At = new(2026, 11, 12, 9, 30, 0, DateTimeKind.Utc);
    readonly string folder = Directory.CreateTempSubdirectory("cpd-smtp-").FullName;
    readonly List<SmtpChannel> channels = [];

    [Fact]
    public async Task Send_OverStartTlsWithAPassword_ArrivesAsItWasWritten() {
        await using var server = await MailServer.Start(folder, user: "cpd", password: "pässword 1");
        var channel = Channel(server, ("Mail:User", "cpd"), ("Mail:Password", "pässword 1"), ("Mail:From", "\"Zoë's training, \\\"Thurrock\\\" ☂\" <training@thurrock.example>"), ("Site:Address", "https://cpd.thurrock.example"));
        var subject = $"Booked: Zoë’s {string.Concat(Enumerable.Repeat("☂ rainy-day play 🌧 ", 8))}=?utf-8?Q?not=20a=20word?=";
        var text = $"""
            Dear Zoë,

            .A line that begins with a dot
            ..and with two
            .
            From here a line that old servers change
            {new string('x', 2500)} and {string.Concat(Enumerable.Repeat("é", 600))}
            a = b, blanks at the end   and a tab	
            https://cpd.thurrock.example/bookings/0198f000-0000-7000-8000-000000000001?a=1&b=2

            The early years team
            """;
        var html = $"<p style=\"color:#0b0c0c\">Dear Zoë, {new string('y', 3000)} &amp; <a href=\"https://cpd.thurrock.example/?a=1&amp;b=2\">open</a></p>";
        var entry = new CalendarEntry("1@cpd", At, At.AddHours(2), string.Concat(Enumerable.Repeat("Zoë’s ☂ ", 20)), "", "", "https://cpd.example/", 1, At);
        var part = CalendarFile.Invite(entry, new CalendarParty("Thurrock training", "training@thurrock.example"), new CalendarParty("Amina Khan", "amina@example.org"));
        var id = Ids.New(TimeProvider.System);
        Assert.Null(await channel.Send(new Post(id, "amina@example.org", subject, text, html, part, "https://cpd.thurrock.example/refuse/a_b-c"), default));

        var mail = await server.Next();
        Assert.Equal((true, "cpd", "cpd.thurrock.example"), (mail.Secure, mail.User, mail.Greeting));
        Assert.Equal(("training@thurrock.example", "amina@example.org"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal(("training@thurrock.example", "Zoë's training, \"Thurrock\" ☂", "amina@example.org"), (mail.Sender.Address, mail.Sender.Name, mail.Recipient));
        Assert.Equal(subject, mail.Subject);
        Assert.Equal(text.ReplaceLineEndings("\n"), mail.Text.TrimEnd('\n'));
        Assert.Equal(html, mail.Html!.TrimEnd('\n'));
        Assert.Equal($"<{id:N}@thurrock.example>", mail.MessageId);
        Assert.Equal(CpdApp.Start, mail.Date);
        Assert.Equal("List-Unsubscribe: <https://cpd.thurrock.example/refuse/a_b-c>", mail.Headers["list-unsubscribe"]);
        Assert.Equal("List-Unsubscribe-Post: List-Unsubscribe=One-Click", mail.Headers["list-unsubscribe-post"]);
        Assert.Equal("Auto-Submitted: auto-generated", mail.Headers["auto-submitted"]);
        var calendar = Assert.Single(mail.Parts);
        Assert.Equal("text/calendar", calendar.Type);
        Assert.Equal(part.Text, calendar.Text);
        Assert.Equal("REQUEST", (await ICal.Read(calendar.Text)).Method);
        // On the wire: nothing that a server on the way has to change.
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.All(mail.Raw, c => Assert.True(c is '\r' or '\n' or '\t' or >= ' ' and <= '~', $"U+{(int)c:X4}"));
        Assert.True(mail.Raw.IndexOf("text/plain", StringComparison.Ordinal) < mail.Raw.IndexOf("text/html", StringComparison.Ordinal) && mail.Raw.IndexOf("text/html", StringComparison.Ordinal) < mail.Raw.IndexOf("text/calendar; method=REQUEST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_ShortAsciiMessage_StandsReadableOnTheWire() {
        await using var server = await MailServer.Start(folder);
        await Channel(server).Send(Hello("ann@example.org"), default);
        var mail = await server.Next();
        Assert.Contains("Subject: Hello\r\n", mail.Raw, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nHello Ann\r\n", mail.Raw, StringComparison.Ordinal);
        Assert.Equal((true, null), (mail.Secure, mail.User));
    }

    [Theory]
    [InlineData("Always", "PLAIN")]
    [InlineData("StartTls", "LOGIN")]
    public async Task Send_EncryptedFromTheFirstByteOrWithTheOtherWayToSignIn_IsTaken(string tls, string method) {
        await using var server = await MailServer.Start(folder, tls, "cpd", "secret", [method]);
        await Channel(server, ("Mail:Tls", tls), ("Mail:User", "cpd"), ("Mail:Password", "secret")).Send(Hello("ann@example.org"), default);
        var mail = await server.Next();
        Assert.Equal((true, "cpd"), (mail.Secure, mail.User));
    }

    [Fact]
    public async Task Send_WithoutEncryptionWhereThatIsSaid_IsTaken() {
        await using var server = await MailServer.Start(folder, "None");
        await Channel(server, ("Mail:Tls", "None")).Send(Hello("ann@example.org"), default);
        Assert.False((await server.Next()).Secure);
    }

    [Fact]
    public async Task Send_SeveralMessages_GoOverOneConnectionUntilItIsEnded() {
        await using var server = await MailServer.Start(folder);
        var channel = Channel(server);
        foreach (var name in new[] { "ann", "bob", "then-closes" }) await channel.Send(Hello($"{name}@example.org"), default);
        for (var i = 0; i < 3; i++) Assert.Equal(1, (await server.Next()).Connection);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await channel.Send(Hello("dan@example.org"), default);
        Assert.Equal(2, (await server.Next()).Connection);
    }

    [Theory]
    [InlineData("no-such", true, true, "The mail server refuses the address: 550 5.1.1")]
    [InlineData("no-such-plain", true, true, "The mail server refuses the address: 550")]
    [InlineData("later", false, false, "The mail server does not take the address now: 451 4.3.0")]
    [InlineData("relay", false, false, "The mail server does not allow messages to this address: 554 5.7.1")]
    [InlineData("spam", true, false, "The mail server refuses the message: 554 5.7.1")]
    [InlineData("spam-later", false, false, "The mail server does not take the message now: 450 4.7.1")]
    public async Task Send_IsRefused_IsSaidForGoodOrForNowWithoutTheAddress(string name, bool forGood, bool noSuchAddress, string why) {
        await using var server = await MailServer.Start(folder);
        var refused = await Assert.ThrowsAsync<MessageRefusedException>(() => Channel(server).Send(Hello($"{name}@example.org"), default));
        Assert.Equal((forGood, noSuchAddress, why), (refused.ForGood, refused.NoSuchAddress, refused.Message));
    }

    [Theory]
    [InlineData("closing")]
    [InlineData("sign-in")]
    public async Task Send_ServerTakesNothing_IsTheChannelsFault(string name) {
        await using var server = await MailServer.Start(folder);
        await Assert.ThrowsAsync<ChannelDownException>(() => Channel(server).Send(Hello($"{name}@example.org"), default));
    }

    [Fact]
    public async Task Send_ServerRefusesThisService_IsTheChannelsFault() {
        await using var busy = await MailServer.Start(Path.Combine(folder, "busy"), greeting: 421);
        Assert.Equal("The mail server greets with 421", await Down(Channel(busy)));
        await using var strict = await MailServer.Start(Path.Combine(folder, "strict"), refuseSender: true);
        Assert.Equal("The mail server does not take messages: 550 5.7.1", await Down(Channel(strict)));
        await using var locked = await MailServer.Start(Path.Combine(folder, "locked"), user: "cpd", password: "secret");
        Assert.Equal("The mail server does not take the password: 535 5.7.8", await Down(Channel(locked, ("Mail:User", "cpd"), ("Mail:Password", "wrong"))));
        await using var other = await MailServer.Start(Path.Combine(folder, "other"), user: "cpd", password: "secret", methods: ["CRAM-MD5"]);
        Assert.Equal("The mail server has no way to sign in that is known here", await Down(Channel(other, ("Mail:User", "cpd"), ("Mail:Password", "secret"))));
    }

    [Fact]
    public async Task Send_NoEncryptionOrAStrangersCertificate_SaysNothingToTheServer() {
        await using var plain = await MailServer.Start(Path.Combine(folder, "plain"), "None");
        Assert.Equal("The mail server offers no encryption", await Down(Channel(plain)));
        await using var stranger = await MailServer.Start(Path.Combine(folder, "stranger"));
        Assert.Equal("The mail server's certificate is not to be trusted", await Down(Channel(stranger, ("Mail:Certificate", plain.Certificate))));
        Assert.Equal("The mail server's certificate is not to be trusted", await Down(Channel(stranger, ("Mail:Certificate", ""))));
    }

    [Fact]
    public async Task Send_NobodyListens_IsTheChannelsFault() {
        var server = await MailServer.Start(folder);
        await server.DisposeAsync();
        Assert.Equal("The mail server can't be reached", await Down(Channel(server)));
    }

    [Fact]
    public async Task Send_ServerHangsOrHangsUpOverAMessage_OthersGoOn() {
        await using var server = await MailServer.Start(folder);
        var channel = Channel(server);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Send(Hello("hangs@example.org"), soon.Token));
        await Assert.ThrowsAsync<IOException>(() => channel.Send(Hello("drops@example.org"), default));
        await channel.Send(Hello("ann@example.org"), default);
        Assert.Equal("ann@example.org", (await server.Next()).Recipient);
    }

    [Theory]
    [InlineData("ann@example.org\r\nRCPT TO:<eve@example.org>")]
    [InlineData("ann@example.org>\r\nBcc: eve@example.org")]
    [InlineData("ann@example.org, eve@example.org")]
    [InlineData("Ann <ann@example.org>")]
    [InlineData("ann@example.org\0")]
    [InlineData("zoë@example.org")]
    [InlineData("ann")]
    [InlineData("")]
    public async Task Send_AddressIsMoreThanAnAddress_IsRefusedBeforeTheServerHearsOfIt(string recipient) {
        await using var server = await MailServer.Start(folder);
        var channel = Channel(server);
        Assert.True((await Assert.ThrowsAsync<MessageRefusedException>(() => channel.Send(Hello(recipient), default))).NoSuchAddress);
        await channel.Send(Hello("ann@bücher.example"), default);
        var mail = await server.Next();
        // The server turns the name of the host back into letters; on the wire it is ASCII.
        Assert.Equal(("ann@bücher.example", 1), (Assert.Single(mail.To), mail.Connection));
        Assert.Contains("To: ann@xn--bcher-kva.example\r\n", mail.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_SubjectAndLinkHoldLineBreaks_AddNoHeader() {
        await using var server = await MailServer.Start(folder);
        await Channel(server, ("Mail:From", "\"Training team\" <cpd@example.org>")).Send(Hello("ann@example.org") with { Subject = "Hello\r\nBcc: eve@example.org\n\nBody", Refuse = "https://cpd.example/a\r\nBcc: eve@example.org" }, default);
        var mail = await server.Next();
        Assert.Equal("Hello  Bcc: eve@example.org  Body", mail.Subject);
        Assert.DoesNotContain("bcc", mail.Headers.Keys);
        Assert.Equal("Hello Ann", mail.Text.Trim());
    }

    [Fact]
    public async Task Send_ThroughTheWorker_IsWrittenDownAsTakenOrParkedWithTheReason() {
        await using var server = await MailServer.Start(folder);
        await using var app = new App(server);
        await using (var scope = app.Services.CreateAsyncScope()) {
            var (db, mailbox) = (scope.ServiceProvider.GetRequiredService<Db>(), scope.ServiceProvider.GetRequiredService<Mailbox>());
            await db.Write(() => mailbox.Add(new[] { "ann", "no-such", "later" }.Select(n => Said(app, $"{n}@example.org")), default), default);
        }
        await app.DrainMail();
        Assert.Equal("ann@example.org", (await server.Next()).Recipient);
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Sent' AND Delivery IS NULL AND AskAt IS NULL"));
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Parked' AND Attempts = 1 AND Error = 'The mail server refuses the address: 550 5.1.1' AND Delivery = 'PermanentFailure'"));
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Due' AND Attempts = 1 AND Error = 'The mail server does not take the address now: 451 4.3.0' AND Delivery IS NULL"));
        Assert.Empty(Directory.Exists(Path.Combine(app.Folder, "mail")) ? Directory.GetFiles(Path.Combine(app.Folder, "mail")) : []);
        Assert.Equal(new CalendarParty("Training", "cpd@example.org"), app.Services.GetRequiredService<Sender>().Organiser);
    }

    [Theory]
    [InlineData("Mail:Tls", "tls1")]
    [InlineData("Mail:Tls", "7")]
    [InlineData("Mail:Port", "0")]
    [InlineData("Mail:Port", "smtp")]
    [InlineData("Mail:Host", "")]
    [InlineData("Mail:From", "")]
    [InlineData("Mail:User", "cpd")]
    [InlineData("Mail:Certificate", "/no/such/file.pem")]
    public void Start_SettingMakesNoSense_IsRefusedByName(string key, string value) =>
        Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => Options([("Mail:Host", "mail.example"), ("Mail:From", "cpd@example.org"), (key, value)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Start_PasswordOverAnOpenConnection_IsRefused() =>
        Assert.Contains("Mail:Tls", Assert.Throws<InvalidOperationException>(() => Options([("Mail:Host", "mail.example"), ("Mail:From", "cpd@example.org"), ("Mail:User", "cpd"), ("Mail:Password", "secret"), ("Mail:Tls", "None")])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("StartTls", 587)]
    [InlineData("Always", 465)]
    [InlineData("None", 25)]
    public void Start_NoPortIsNamed_IsTheUsualOne(string tls, int port) => Assert.Equal(port, Options([("Mail:Host", "mail.example"), ("Mail:From", "cpd@example.org"), ("Mail:Tls", tls)]).Port);

    static Post Hello(string to) => new(Ids.New(TimeProvider.System), to, "Hello", "Hello Ann", "<p>Hello Ann</p>");

    static readonly LetterKind SaidKind = new("test.said", "Said", "In tests.", s => new(s.Recipient, s.Name, "Hello", []));

    static Mail Said(CpdApp app, string to) => new(SaidKind, Ids.New(app.Clock), new Letter(to, "Ann", "Hello", [new Say("Hello Ann")]));

    static async Task<string> Down(SmtpChannel channel) => (await Assert.ThrowsAsync<ChannelDownException>(() => channel.Send(Hello("ann@example.org"), default))).Message;

    SmtpChannel Channel(MailServer server, params (string Key, string Value)[] settings) {
        var channel = new SmtpChannel(Options([.. Settings(server), .. settings]), new MovableClock(CpdApp.Start));
        channels.Add(channel);
        return channel;
    }

    static SmtpOptions Options(IEnumerable<(string Key, string Value)> settings) {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(s => s.Key).Select(g => KeyValuePair.Create(g.Key, (string?)g.Last().Value))).Build();
        return SmtpOptions.Read(configuration, new Sender(configuration), new Site(configuration));
    }

    static IEnumerable<(string Key, string Value)> Settings(MailServer server) =>
        [("Mail:Channel", "Smtp"), ("Mail:Host", "127.0.0.1"), ("Mail:Port", server.Port.ToString(CultureInfo.InvariantCulture)), ("Mail:From", "Training <cpd@example.org>"), ("Mail:Certificate", server.Certificate)];

    public void Dispose() {
        foreach (var channel in channels) channel.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    sealed class App(MailServer server) : CpdApp {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            foreach (var (key, value) in Settings(server)) builder.UseSetting(key, value);
        }
    }
}
