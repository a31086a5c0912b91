using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Cpd.Tests.Messages.NotifyServer;

namespace Cpd.Tests.Messages;

/// <summary>What GOV.UK Notify is given, what becomes of it when Notify misbehaves, and what it says afterwards: nothing is lost and nothing goes out twice.</summary>
public sealed class NotifyTests : IAsyncLifetime {
    static readonly LetterKind SaidKind = new("test.said", "Said", "In tests.", s => new(s.Recipient, s.Name, "Hello", []));
    const string Token = "a-token-of-at-least-20-characters";
    readonly App app = new();
    NotifyServer notify = null!;

    public async ValueTask InitializeAsync() {
        notify = await NotifyServer.Start(app.Clock);
        app.Address = notify.Address;
    }

    [Fact]
    public async Task Send_EmailAndText_CarryTheWordsAndTheMessagesId() {
        await Add("ann@example.org", "+447700900123");
        await app.DrainMail();
        Assert.Equal(["email", "sms"], notify.Taken.Select(t => t.Kind).Order());
        var email = notify.Taken.Single(t => t.Kind == "email").Body;
        var id = await Id("ann@example.org");
        Assert.Equal(("ann@example.org", EmailTemplate, id.ToString("N")), ((string)email["email_address"]!, (string)email["template_id"]!, (string)email["reference"]!));
        Assert.Equal("Zoë’s place", (string)email["personalisation"]!["subject"]!);
        Assert.StartsWith("Hello\n\nThe booking:\nhttps://cpd.example/1\n", (string)email["personalisation"]!["body"]!, StringComparison.Ordinal);
        var text = notify.Taken.Single(t => t.Kind == "sms").Body;
        Assert.Equal(("+447700900123", TextTemplate, "Hello\nThe booking: https://cpd.example/1"), ((string)text["phone_number"]!, (string)text["template_id"]!, (string)text["personalisation"]!["body"]!));
        Assert.Equal(2, await app.Count("platform_Message", "State = 'Sent' AND AskAt = @At", new { At = app.Now.AddHours(4) }));
    }

    [Fact]
    public async Task Send_LongText_IsCutToWhatNotifyTakes() {
        await Channel.Send(new Post(Ids.New(app.Clock), "+447700900123", "", new string('a', 1000), ""), default);
        var body = (string)Assert.Single(notify.Taken).Body["personalisation"]!["body"]!;
        Assert.Equal((918, '…'), (body.Length, body[^1]));
    }

    [Fact]
    public async Task Send_MayBeRefused_TellsMailProgramsWhere() {
        await Channel.Send(new Post(Ids.New(app.Clock), "ann@example.org", "S", "B", "", Refuse: "https://cpd.example/refuse/x"), default);
        Assert.Equal("https://cpd.example/refuse/x", (string)Assert.Single(notify.Taken).Body["one_click_unsubscribe_url"]!);
    }

    [Theory]
    [InlineData(nameof(Behaviour.Refuses400), "GOV.UK Notify refuses it: Missing personalisation: when", null)]
    [InlineData(nameof(Behaviour.RefusesAddress), "GOV.UK Notify refuses it: email_address Not a valid email address", "PermanentFailure")]
    public async Task Send_Refused_IsParkedWithTheReason(string behaviour, string why, string? delivery) {
        notify.Does = _ => Enum.Parse<Behaviour>(behaviour);
        await Add("ann@example.org");
        await app.DrainMail();
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Parked' AND Error = @why AND COALESCE(Delivery, '') = @delivery", new { why, delivery = delivery ?? "" }));
    }

    [Theory]
    [InlineData(nameof(Behaviour.Refuses403))]
    [InlineData(nameof(Behaviour.Refuses429))]
    public async Task Send_NotifyTakesNothing_RestsAndThenSendsAll(string behaviour) {
        notify.Does = _ => Enum.Parse<Behaviour>(behaviour);
        await Add([.. Enumerable.Range(0, 20).Select(i => $"{i}@example.org")]);
        await app.DrainMail();
        // As many as were side by side, and then no more.
        Assert.InRange(notify.Asked.Count, 1, 8);
        Assert.Equal(20, await app.Count("platform_Message", "State = 'Due'"));
        notify.Does = _ => Behaviour.Takes;
        await app.DrainMail();
        Assert.Empty(notify.Taken);
        app.Clock.Set(app.Clock.GetUtcNow().AddSeconds(61));
        await app.DrainMail();
        Assert.Equal(20, notify.Taken.Count);
    }

    [Theory]
    [InlineData(nameof(Behaviour.Fails500))]
    [InlineData(nameof(Behaviour.TakesAndFails500))]
    [InlineData(nameof(Behaviour.Hangs))]
    [InlineData(nameof(Behaviour.TakesAndHangs))]
    [InlineData(nameof(Behaviour.Drops))]
    [InlineData(nameof(Behaviour.TakesAndDrops))]
    public async Task Send_NobodyKnowsWhetherItWasTaken_IsLookedUpBeforeItIsSentAgain(string behaviour) {
        notify.Does = to => to.StartsWith("ann", StringComparison.Ordinal) ? Enum.Parse<Behaviour>(behaviour) : Behaviour.Takes;
        await Add("ann@example.org", "bob@example.org");
        await app.DrainMail();
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Due' AND Attempts = 1"));
        // The other was not held up.
        Assert.Contains(notify.Taken, t => t.To == "bob@example.org");
        notify.Does = _ => Behaviour.Takes;
        notify.Asked.Clear();
        app.Clock.Set(app.Clock.GetUtcNow().AddSeconds(14));
        await app.DrainMail();
        Assert.Equal($"GET {await Id("ann@example.org"):N}", notify.Asked.First());
        Assert.Equal(2, await app.Count("platform_Message", "State = 'Sent'"));
        Assert.Equal(["ann@example.org", "bob@example.org"], notify.Taken.Select(t => t.To).Order());
    }

    [Fact]
    public async Task Send_HostHasDiedOverIt_IsLookedUp() {
        await Add("ann@example.org");
        var claimed = Assert.Single(await app.Database(db => new DueTable(db, null!, null!, app.Clock).Claim(Ids.New(app.Clock), 10, default)));
        notify.Status[claimed.Id.ToString("N")] = "delivered";
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(5));
        await app.DrainMail();
        Assert.Empty(notify.Taken);
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Sent'"));
    }

    [Fact]
    public async Task Callback_WithTheToken_RecordsWhatBecameOfTheMessage() {
        await Add("ann@example.org", "bob@example.org", "cat@example.org");
        await app.DrainMail();
        Assert.Equal(HttpStatusCode.NoContent, await Call(await Id("ann@example.org"), "delivered"));
        Assert.Equal(HttpStatusCode.NoContent, await Call(await Id("bob@example.org"), "permanent-failure"));
        Assert.Equal(HttpStatusCode.NoContent, await Call(await Id("cat@example.org"), "sending"));
        Assert.Equal(1, await app.Count("platform_Message", "Recipient LIKE 'ann%' AND Delivery = 'Delivered' AND DeliveryAt = @Now AND AskAt IS NULL", new { app.Now }));
        Assert.Equal(1, await app.Count("platform_Message", "Recipient LIKE 'bob%' AND Delivery = 'PermanentFailure'"));
        Assert.Equal(1, await app.Count("platform_Message", "Recipient LIKE 'cat%' AND Delivery IS NULL AND AskAt IS NOT NULL"));
        // Told twice: as it was. Told otherwise later: as it is now.
        var first = app.Now;
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(1));
        await Call(await Id("ann@example.org"), "delivered");
        Assert.Equal(1, await app.Count("platform_Message", "Delivery = 'Delivered' AND DeliveryAt = @first", new { first }));
        await Call(await Id("bob@example.org"), "delivered");
        Assert.Equal(2, await app.Count("platform_Message", "Delivery = 'Delivered'"));
    }

    [Fact]
    public async Task Callback_BeforeItIsWrittenDownAsSent_StaysKnown() {
        await Add("ann@example.org");
        await Call(await Id("ann@example.org"), "delivered");
        await app.DrainMail();
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Sent' AND Delivery = 'Delivered' AND AskAt IS NULL"));
    }

    [Fact]
    public async Task Callback_WithoutTheTokenOrOfSomethingElse_ChangesNothing() {
        await Add("ann@example.org");
        var id = await Id("ann@example.org");
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(id, "delivered", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(id, "delivered", Token + "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(id, "delivered", ""));
        Assert.Equal(HttpStatusCode.NoContent, await Call(Ids.New(app.Clock), "delivered"));
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync("/api/v1/notify/deliveries", new { reference = (string?)null, status = "delivered" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/api/v1/notify/deliveries", "hello")).StatusCode);
        Assert.Equal(0, await app.Count("platform_Message", "Delivery IS NOT NULL"));
        await using var without = app.WithWebHostBuilder(b => b.UseSetting("Notify:CallbackToken", ""));
        using var stranger = without.CreateClient();
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync("/api/v1/notify/deliveries", new { reference = id, status = "delivered" })).StatusCode);
    }

    [Fact]
    public async Task Ask_NotifyDoesNotCall_IsAskedSoonAndThenLessAndLess() {
        app.Settings["Notify:CallbackToken"] = "";
        await Add("ann@example.org", "bob@example.org");
        await app.DrainMail();
        notify.Asked.Clear();
        Assert.Equal(0, await Ask());
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(10));
        notify.Status[(await Id("ann@example.org")).ToString("N")] = "temporary-failure";
        Assert.Equal(1, await Ask());
        Assert.Equal(2, notify.Asked.Count);
        Assert.Equal(1, await app.Count("platform_Message", "Delivery = 'TemporaryFailure' AND AskAt IS NULL"));
        Assert.Equal(1, await app.Count("platform_Message", "Delivery IS NULL AND AskAt = @At", new { At = app.Now.AddMinutes(10) }));
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(10));
        notify.Status[(await Id("bob@example.org")).ToString("N")] = "delivered";
        Assert.Equal(1, await Ask());
        Assert.Equal(0, await Ask());
        Assert.Equal(3, notify.Asked.Count);
    }

    [Fact]
    public async Task Ask_NotifyNeverSays_IsGivenUpAfterThreeDays() {
        await Add("ann@example.org");
        await app.DrainMail();
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(74));
        Assert.Equal(0, await Ask());
        Assert.Equal(1, await app.Count("platform_Message", "Delivery IS NULL AND AskAt IS NULL"));
    }

    [Fact]
    public async Task Ask_NotifyIsDown_IsAskedNextTime() {
        await Add("ann@example.org");
        await app.DrainMail();
        app.Clock.Set(app.Clock.GetUtcNow().AddHours(5));
        await notify.DisposeAsync();
        Assert.Equal(0, await Ask());
        Assert.Equal(1, await app.Count("platform_Message", "AskAt IS NOT NULL"));
    }

    [Fact]
    public async Task Send_NotifyIsNotThere_TheChannelRests() {
        await notify.DisposeAsync();
        var down = await Assert.ThrowsAsync<ChannelDownException>(() => Channel.Send(new Post(Ids.New(app.Clock), "ann@example.org", "S", "B", ""), default));
        Assert.Equal("GOV.UK Notify can't be reached", down.Message);
    }

    [Fact]
    public async Task Send_TextsByNotifyAndEmailsBySmtp_OneDoesNotHoldUpTheOther() {
        (app.Settings["Mail:Channel"], app.Settings["Mail:Host"], app.Settings["Mail:Port"], app.Settings["Mail:Tls"], app.Settings["Mail:From"]) = ("Smtp", "127.0.0.1", "1", "None", "cpd@example.org");
        notify.Does = _ => Behaviour.Refuses403;
        await Assert.ThrowsAsync<MessageRefusedException>(() => Channel.Send(new Post(Ids.New(app.Clock), "+447700900123", "S", "B", ""), default));
        notify.Does = _ => Behaviour.Takes;
        Assert.NotNull(await Channel.Send(new Post(Ids.New(app.Clock), "+447700900123", "S", "B", ""), default));
        await Assert.ThrowsAsync<ChannelDownException>(() => Channel.Send(new Post(Ids.New(app.Clock), "ann@example.org", "S", "B", ""), default));
        Assert.True(app.Services.GetRequiredService<TextMessages>().CanBeSent);
    }

    [Theory]
    [InlineData("Notify:Key", "")]
    [InlineData("Notify:Key", "my-key")]
    [InlineData("Notify:Key", "test-26785a09-ab16-4eb0-8407-a37497a57506-not-a-secret-of-36-characters-xxx")]
    [InlineData("Notify:EmailTemplate", "")]
    [InlineData("Notify:EmailTemplate", "template")]
    [InlineData("Notify:TextTemplate", "template")]
    [InlineData("Notify:ReplyTo", "office@example.org")]
    [InlineData("Notify:Address", "http://notify.example")]
    [InlineData("Notify:CallbackToken", "short")]
    public void Start_SettingMakesNoSense_IsRefusedByName(string key, string value) {
        var settings = new Dictionary<string, string?> { ["Mail:Channel"] = "Notify", ["Notify:Key"] = $"test-{Service}-{Secret}", ["Notify:EmailTemplate"] = EmailTemplate, [key] = value };
        Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => NotifyOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())).Message, StringComparison.Ordinal);
    }

    IMailChannel Channel => app.Services.GetRequiredService<IMailChannel>();

    Task<int> Ask() => app.Send(new Actor(Guid.Empty, "Nobody", []), new AskForDeliveries.Command());

    async Task<HttpStatusCode> Call(Guid id, string status, string? token = Token) {
        using var client = app.CreateClient();
        if (token is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return (await client.PostAsJsonAsync("/api/v1/notify/deliveries", new { id = Guid.Empty, reference = id.ToString("N"), to = "ann@example.org", status, created_at = "2026-10-05T09:00:00.000000Z", notification_type = "email" })).StatusCode;
    }

    async Task Add(params string[] recipients) {
        await using var scope = app.Services.CreateAsyncScope();
        var (db, mailbox) = (scope.ServiceProvider.GetRequiredService<Db>(), scope.ServiceProvider.GetRequiredService<Mailbox>());
        await db.Write(() => mailbox.Add(recipients.Select(r => new Mail(SaidKind, Ids.New(app.Clock), new Letter(r, "", "Zoë’s place", [new Say("Hello"), new See("The booking", "https://cpd.example/1")]))), default), default);
    }

    Task<Guid> Id(string recipient) => app.Database(db => db.One<Guid>("SELECT Id FROM platform_Message WHERE Recipient = @recipient", new { recipient }, default));

    public async ValueTask DisposeAsync() {
        await app.DisposeAsync();
        await notify.DisposeAsync();
    }

    sealed class App : CpdApp {
        internal string Address { get; set; } = "";
        internal Dictionary<string, string> Settings { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            Dictionary<string, string> all = new() {
                ["Mail:Channel"] = "Notify", ["Mail:TimeoutSeconds"] = "1", ["Notify:Address"] = Address, ["Notify:Key"] = $"test-{Service}-{Secret}", ["Notify:EmailTemplate"] = EmailTemplate,
                ["Notify:TextTemplate"] = TextTemplate, ["Notify:CallbackToken"] = Token,
            };
            foreach (var (key, value) in Settings) all[key] = value;
            foreach (var (key, value) in all) builder.UseSetting(key, value);
        }
    }
}
