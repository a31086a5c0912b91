using System.Net;
using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>What those see and do who keep the service running.</summary>
public sealed class OperationsTests : IDisposable {
    readonly CpdApp app = new();

    [Theory]
    [InlineData("/operations/schedules")]
    [InlineData("/operations/events")]
    [InlineData("/operations/messages")]
    public async Task Get_SignedOutOrOtherRole_IsTurnedAway(string address) {
        Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
        var manager = await app.Given.Manager(await app.Given.Setting(await app.Given.Authority()));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(manager)).Get(address)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(await app.Given.Administrator())).Get(address)).Status);
    }

    [Fact]
    public async Task Get_Schedules_ShowsEachWithItsNextRun() {
        await Runs.StartAsync(default);
        var page = await (await app.Browser(await app.Given.Administrator())).Get("/operations/schedules");
        // Monday 5 October, 10am.
        Assert.Contains("platform.clean-up 0 15 3 * * ? 6 October 2026 at 3:15am Never", page.Words, StringComparison.Ordinal);
        Assert.Contains("training.check-reminders", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RunNow_RunsItAndShowsHowItWent() {
        await Runs.StartAsync(default);
        var browser = await app.Browser(await app.Given.Administrator());
        var page = await browser.Get("/operations/schedules");
        page = await browser.Follow((await page.Post([("Name", "platform.clean-up")])).RedirectsTo!);
        Assert.Contains("platform.clean-up has been started", page.Banner, StringComparison.Ordinal);
        await Runs.Idle;
        Assert.Matches(@"platform\.clean-up \S+ \S+ \S+ \* \* \? 6 October 2026 at 3:15am 5 October 2026 at 10am 0 ms Done", (await browser.Get("/operations/schedules")).Words);
        Assert.Equal(HttpStatusCode.NotFound, (await page.Post([("Name", "no.such")])).Status);
    }

    [Fact, SqliteOnly("A server counts its rows unasked.")]
    public async Task Post_CountRows_LetsTheEngineKnowHowLargeItsTablesAre() {
        await Runs.StartAsync(default);
        var known = await app.Count("sqlite_master", "name = 'sqlite_stat1'");
        await (await (await app.Browser(await app.Given.Administrator())).Get("/operations/schedules")).Post([("Name", "platform.count-rows")]);
        await Runs.Idle;
        Assert.Equal((0, true), (known, await app.Count("sqlite_stat1", "tbl = 'people_Authority'") > 0));
    }

    [Fact]
    public async Task Run_Fails_IsCountedUntilItWorksAgain() {
        var works = false;
        var schedule = Schedule("platform.clean-up", () => works ? Task.CompletedTask : throw new InvalidOperationException("no"));
        await Runs.StartAsync(default);
        var browser = await app.Browser(await app.Given.Administrator());
        await Runs.Run(schedule, default);
        Assert.Contains("Failed: InvalidOperationException.", (await browser.Get("/operations/schedules")).Words, StringComparison.Ordinal);
        await Runs.Run(schedule, default);
        Assert.Contains("Failed 2 times in a row", (await browser.Get("/operations/schedules")).Words, StringComparison.Ordinal);
        works = true;
        await Runs.Run(schedule, default);
        Assert.DoesNotContain("Failed", (await browser.Get("/operations/schedules")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhileItRuns_IsLeftAlone() {
        await Runs.StartAsync(default);
        var (begun, go, count) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var schedule = Schedule("platform.clean-up", async () => {
            count++;
            begun.TrySetResult();
            await go.Task;
        });
        Runs.Start(schedule);
        await begun.Task;
        await Runs.Run(schedule, default);
        Assert.Equal(1, count);
        go.SetResult();
        await Runs.Idle;
        await Runs.Run(schedule, default);
        Assert.Equal(2, count);

        // A run that its host did not survive does not keep it from ever running again.
        await app.Database(db => db.Execute("UPDATE platform_Schedule SET EndedAt = NULL", null, default));
        await Runs.Run(schedule, default);
        Assert.Equal(2, count);
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(61));
        await Runs.Run(schedule, default);
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Health_AScheduleIsLate_IsDegradedUntilItRuns() {
        await Runs.StartAsync(default);
        Assert.Equal("Healthy", await Ready());
        app.Clock.Set(new DateTimeOffset(2026, 10, 6, 2, 26, 0, TimeSpan.Zero)); // 3:26am
        Assert.Equal("Degraded", await Ready());
        foreach (var schedule in app.Services.GetRequiredService<IReadOnlyList<Schedule>>()) await Runs.Run(schedule, default);
        Assert.Equal("Healthy", await Ready());

        async Task<string> Ready() => await app.CreateClient().GetStringAsync(new Uri("/health/ready", UriKind.Relative));
    }

    [Fact]
    public async Task Start_CronWasChangedOrScheduleIsGone_RowsFollow() {
        await Runs.StartAsync(default);
        await app.Database(db => db.Execute("UPDATE platform_Schedule SET Cron = '0 0 5 * * ?' WHERE Name = 'platform.clean-up'", null, default));
        await app.Database(db => db.Execute("INSERT INTO platform_Schedule (Name, Cron, NextAt, Failures) VALUES ('old.one', '0 0 5 * * ?', @Now, 0)", new { app.Now }, default));
        await Runs.StartAsync(default);
        Assert.Equal(1, await app.Count("platform_Schedule", "Name = 'platform.clean-up' AND Cron = '0 15 3 * * ?'"));
        Assert.Equal(0, await app.Count("platform_Schedule", "Name = 'old.one'"));
    }

    [Theory]
    [InlineData("Schedules:no.such", "0 0 3 * * ?", "Schedules:no.such names no schedule")]
    [InlineData("Schedules:platform.clean-up", "at three", "Schedules:platform.clean-up is 'at three'")]
    public void Start_SettingOfAScheduleMakesNoSense_IsRefusedByName(string key, string value, string sentence) {
        using var host = app.WithWebHostBuilder(b => b.UseSetting(key, value));
        Assert.Contains(sentence, Assert.Throws<InvalidOperationException>(() => host.Services).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SettingOfASchedule_TakesTheTimeAndTurnsOff() {
        using var host = app.WithWebHostBuilder(b => b.UseSetting("Schedules:platform.clean-up", "0 0 5 * * ?").UseSetting("Schedules:training.check-places", "off"));
        var schedules = host.Services.GetRequiredService<IReadOnlyList<Schedule>>();
        Assert.Equal("0 0 5 * * ?", schedules.Single(s => s.Name == "platform.clean-up").Cron);
        Assert.DoesNotContain(schedules, s => s.Name == "training.check-places");
    }

    [Fact]
    public async Task Messages_OfficerSeesTheirsAndSendsThemAgain() {
        var authority = await app.Given.Authority();
        var (mine, others) = (await Parked(authority, "Mine"), await Parked(await app.Given.Authority("Bradford"), "Theirs"));
        var browser = await app.Browser(await app.Given.Officer(authority));
        var page = await browser.Get("/operations/messages");
        Assert.Contains("1 message could not be sent", page.Words, StringComparison.Ordinal);
        Assert.Contains("Mine", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Theirs", page.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await page.Post([("Id", others.ToString())], "main form:not(#all)")).Status);
        page = await browser.Follow((await page.Post([("Id", mine.ToString())], "main form:not(#all)")).RedirectsTo!);
        Assert.Equal("1 message is being sent again.", page.Banner);
        Assert.Contains("Every message has gone out", page.Words, StringComparison.Ordinal);
        Assert.Contains("Subject: Mine", Assert.Single(await app.DrainMail()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_Administrator_SendsAllAgain() {
        await Parked(await app.Given.Authority(), "One");
        await Parked(null, "Two");
        var browser = await app.Browser(await app.Given.Administrator());
        var page = await browser.Follow((await (await browser.Get("/operations/messages")).Post([], "#all")).RedirectsTo!);
        Assert.Equal("2 messages are being sent again.", page.Banner);
        Assert.Equal(2, (await app.DrainMail()).Count);
    }

    [Fact]
    public async Task Events_Administrator_SeesParkedOnesAndHasThemDeliveredAgain() {
        await app.Database(db => db.Execute("""
            INSERT INTO platform_Outbox (Id, Type, Payload, OccurredAt, NextAttemptAt, Attempts, ParkedAt, Error) VALUES (@Id, 'Cpd.Nobody.Knows', '{}', @Now, @Now, 8, @Now, 'InvalidOperationException: no')
            """, new { Id = Ids.New(app.Clock), app.Now }, default));
        var browser = await app.Browser(await app.Given.Administrator());
        var page = await browser.Get("/operations/events");
        Assert.Contains("1 event has failed eight times", page.Words, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: no", page.Words, StringComparison.Ordinal);
        page = await browser.Follow((await page.Post([], "main form:not(#all)")).RedirectsTo!);
        Assert.Equal("1 event is being delivered again.", page.Banner);
        Assert.Contains("Every event was heard", page.Words, StringComparison.Ordinal);
        Assert.Equal(1, await app.Count("platform_Outbox", "ParkedAt IS NULL AND Attempts = 0 AND DeliveredAt IS NULL"));
        await app.DrainOutbox();
        Assert.Equal(1, await app.Count("platform_Outbox", "Attempts = 1"));
    }

    ScheduleRuns Runs => app.Services.GetRequiredService<ScheduleRuns>();

    static Schedule Schedule(string name, Func<Task> work) => new(name, "0 15 3 * * ?", (_, _) => work());

    async Task<Guid> Parked(Guid? authority, string subject) {
        var id = Ids.New(app.Clock);
        await app.Database(db => db.Execute("""
            INSERT INTO platform_Message (Id, Kind, CauseId, AuthorityId, Recipient, Subject, Body, DueAt, State, Attempts, Error) VALUES (@id, 'test', @id, @authority, 'a@example.org', @subject, 'B', @Now, 'Parked', 8, 'SmtpException')
            """, new { id, authority, subject, app.Now }, default));
        return id;
    }

    public void Dispose() => app.Dispose();
}
