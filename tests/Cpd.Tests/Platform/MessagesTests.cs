using System.Collections.Concurrent;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>What is promised of messages: each that is due is sent once, at its moment, and not any more once its cause is gone.</summary>
public sealed class MessagesTests : IDisposable {
    static readonly DateTime Soon = CpdApp.Start.UtcDateTime.AddHours(2);
    readonly CpdApp app = new();
    readonly Office post = new();
    readonly Words words = new();
    WebApplicationFactory<Program>? host;

    [Fact]
    public async Task Add_CauseCommits_IsSentOnce() {
        var cause = Ids.New(app.Clock);
        await Write(m => m.Add(Said(cause), default));
        await Write(m => m.Add(Said(cause), default));
        await Drain();
        await Drain();
        Assert.Equal(["ann@example.org"], post.Taken.Select(t => t.Recipient));
        Assert.Equal("", await One<string>("SELECT Body FROM platform_Message"));
    }

    [Fact]
    public async Task Add_CauseRollsBack_IsNotSent() {
        await Write(m => m.Add(Said(Ids.New(app.Clock)), default), keep: false);
        await Drain();
        Assert.Empty(post.Taken);
    }

    [Fact]
    public async Task Add_OutsideATransaction_IsRefused() {
        await using var scope = Host.Services.CreateAsyncScope();
        var mailbox = scope.ServiceProvider.GetRequiredService<Mailbox>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => mailbox.Add(Said(Guid.Empty), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => mailbox.Plan([Plan(Guid.Empty)], default));
    }

    [Fact]
    public async Task Plan_TwiceForOneMoment_IsSentOnceWhenItHasCome() {
        var cause = Ids.New(app.Clock);
        for (var i = 0; i < 2; i++) await Write(m => m.Plan([Plan(cause)], default));
        await Drain();
        Assert.Empty(post.Taken);
        app.Clock.Set(Soon);
        await Drain();
        await Write(m => m.Plan([Plan(cause)], default));
        await Drain();
        Assert.Equal([$"{Someone:N}@example.org"], post.Taken.Select(t => t.Recipient));
    }

    [Fact]
    public async Task Plan_OtherRecipientOrMoment_IsAnotherMessage() {
        var (cause, other) = (Ids.New(app.Clock), Ids.New(app.Clock));
        await Write(m => m.Plan([Plan(cause), Plan(cause) with { RecipientId = other }, Plan(cause) with { At = Soon.AddMinutes(1) }], default));
        app.Clock.Set(Soon.AddMinutes(1));
        await Drain();
        Assert.Equal([Someone, Someone, other], post.Taken.Select(t => Guid.Parse(t.Recipient[..32])).Order());
    }

    [Fact]
    public async Task Withdraw_BeforeItsMoment_IsNotSentUnlessPlannedAgain() {
        var (gone, back) = (Ids.New(app.Clock), Ids.New(app.Clock));
        await Write(m => m.Plan([Plan(gone), Plan(back)], default));
        await Write(async m => {
            await m.Withdraw([gone], [Words.Name], "Cancelled", default);
            await m.WithdrawAllAbout([back], [Words.Name], "Moved", default);
        });
        await Write(m => m.Plan([Plan(back)], default));
        app.Clock.Set(Soon);
        await Drain();
        Assert.Equal([back], words.Asked.Select(a => a.CauseId));
        Assert.Single(post.Taken);
        Assert.Equal("Cancelled", await One<string>("SELECT Error FROM platform_Message WHERE CauseId = @gone", new { gone }));
    }

    [Fact]
    public async Task Withdraw_BetweenClaimAndSending_IsNotSent() {
        var cause = Ids.New(app.Clock);
        await Write(m => m.Plan([Plan(cause)], default));
        app.Clock.Set(Soon);
        // The kind has said that it holds, and then it is cancelled.
        words.Meanwhile = () => Write(m => m.Withdraw([cause], [Words.Name], "Cancelled", default));
        await Drain();
        Assert.Single(words.Asked);
        Assert.Empty(post.Taken);
    }

    [Fact]
    public async Task Send_CauseIsGoneByThen_IsDroppedWithTheReason() {
        await Write(m => m.Plan([Plan(Ids.New(app.Clock)), Plan(Ids.New(app.Clock)) with { GoodUntil = Soon.AddDays(2) }], default));
        words.Answer = d => d.GoodUntil is null ? new Unsaid("The booking was cancelled") : Letter("late@example.org");
        app.Clock.Set(Soon.AddDays(3));
        await Drain();
        Assert.Empty(post.Taken);
        Assert.Equal(["The booking was cancelled", "Too late"], await List("SELECT Error FROM platform_Message WHERE State = 'Cancelled'"));
    }

    [Fact]
    public async Task Send_NotAtThisHour_WaitsForTheHourThatItsKindNames() {
        await Write(m => m.Plan([Plan(Ids.New(app.Clock))], default));
        words.Answer = d => app.Now < Soon.AddHours(6) ? new SaidLater(Soon.AddHours(6)) : Letter("ann@example.org");
        app.Clock.Set(Soon);
        await Drain();
        app.Clock.Set(Soon.AddHours(5));
        await Drain();
        Assert.Empty(post.Taken);
        app.Clock.Set(Soon.AddHours(6));
        await Drain();
        Assert.Single(post.Taken);
    }

    [Fact]
    public async Task Send_Round_BecomesAMessageForEachAndEnds() {
        var session = Ids.New(app.Clock);
        var people = Enumerable.Range(0, 250).Select(_ => Ids.New(app.Clock)).ToList();
        await Write(m => m.Plan([Plan(session) with { RecipientId = Planned.Everyone }], default));
        words.Answer = d => d.RecipientId == Planned.Everyone ? new SaidToEach([.. people.Select(p => Plan(session) with { RecipientId = p, At = Soon.AddHours(1) })]) : Letter($"{d.RecipientId:N}@example.org");
        app.Clock.Set(Soon);
        await Drain();
        Assert.Empty(post.Taken);
        app.Clock.Set(Soon.AddHours(1));
        await Drain();
        Assert.Equal(people.Select(p => $"{p:N}@example.org").Order(), post.Taken.Select(t => t.Recipient).Order());
    }

    [Fact]
    public async Task Send_ManyAreDue_ThoseThatPeopleWaitForGoFirst() {
        await Write(async m => {
            await m.Add(Said(Ids.New(app.Clock), "3@example.org") with { Priority = MessagePriority.Bulk }, default);
            await m.Plan([Plan(Ids.New(app.Clock)) with { At = app.Now }], default);
            await m.Add(Said(Ids.New(app.Clock), "1@example.org"), default);
            await m.Add(Said(Ids.New(app.Clock), "0@example.org") with { Priority = MessagePriority.Awaited }, default);
        });
        words.Answer = _ => Letter("2@example.org");
        Settings["Mail:AtOnce"] = "1";
        await Drain();
        Assert.Equal(["0", "1", "2", "3"], post.Taken.Select(t => t.Recipient[..1]));
    }

    [Fact]
    public async Task Send_IsNotTaken_IsTriedEightTimesAndThenParkedWhileOthersGo() {
        post.Refuse = r => r.StartsWith("bad", StringComparison.Ordinal) ? new InvalidOperationException("no") : null;
        await Write(m => m.Add([Said(Ids.New(app.Clock), "bad@example.org"), Said(Ids.New(app.Clock))], default));
        for (var attempt = 1; attempt <= 8; attempt++) {
            await Drain();
            await Drain();
            Assert.Equal(attempt, post.Tries.Count(t => t == "bad@example.org"));
            app.Clock.Set(app.Now.AddHours(16));
        }
        await Drain();
        Assert.Equal(8, post.Tries.Count(t => t == "bad@example.org"));
        Assert.Equal(["ann@example.org"], post.Taken.Select(t => t.Recipient));
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Parked' AND Attempts = 8 AND Error = 'InvalidOperationException'"));
    }

    [Fact]
    public async Task Send_IsTriedAgain_WithTheSameId() {
        post.Refuse = _ => post.Tries.Count == 1 ? new IOException("dropped") : null;
        await Write(m => m.Add(Said(Ids.New(app.Clock)), default));
        await Drain();
        app.Clock.Set(app.Now.AddSeconds(13));
        await Drain();
        Assert.Equal(2, post.Tries.Count);
        Assert.Equal(await One<Guid>("SELECT Id FROM platform_Message"), Assert.Single(post.Taken).Id);
        Assert.Equal([false, true], post.Again);
    }

    [Fact]
    public async Task Send_IsRefusedForGood_IsParkedAtOnceWithTheReason() {
        post.Refuse = r => new MessageRefusedException(r.StartsWith("no", StringComparison.Ordinal) ? "550" : "The template is gone", noSuchAddress: r.StartsWith("no", StringComparison.Ordinal));
        await Write(m => m.Add([Said(Ids.New(app.Clock)), Said(Ids.New(app.Clock), "nobody@example.org")], default));
        await Drain();
        Assert.Equal(2, post.Tries.Count);
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Parked' AND Attempts = 1 AND Error = 'The template is gone' AND Delivery IS NULL"));
        Assert.Equal(1, await app.Count("platform_Message", "State = 'Parked' AND Error = '550' AND Delivery = 'PermanentFailure' AND DeliveryAt = @Now", new { app.Now }));
    }

    [Fact]
    public async Task Send_ThereIsNoSuchAddress_IsNotedUntilItTakesAMessage() {
        var dead = true;
        post.Refuse = r => dead && r.StartsWith("Nobody", StringComparison.Ordinal) ? new MessageRefusedException("550", noSuchAddress: true) : null;
        await Write(m => m.Add([Said(Ids.New(app.Clock), "Nobody@example.org"), Said(Ids.New(app.Clock))], default));
        await Drain();
        Assert.Equal(["nobody@example.org"], await List("SELECT AddressKey FROM platform_DeadAddress"));
        await Write(m => m.Add(Said(Ids.New(app.Clock), "Nobody@example.org"), default));
        await Drain();
        Assert.Equal(1, await app.Count("platform_DeadAddress"));
        dead = false;
        await Write(m => m.Add(Said(Ids.New(app.Clock), "nobody@EXAMPLE.org"), default));
        await Drain();
        Assert.Equal(0, await app.Count("platform_DeadAddress"));
    }

    [Fact]
    public async Task Send_ManyFailTogetherBecauseTheChannelIsDown_IsOneRefusal() {
        post.Refuse = _ => new ChannelDownException("down");
        post.Pause = TimeSpan.FromMilliseconds(50);
        Settings["Mail:AtOnce"] = "8";
        await Write(m => m.Add(Enumerable.Range(0, 8).Select(i => Said(Ids.New(app.Clock), $"{i}@example.org")), default));
        await Drain();
        post.Refuse = _ => null;
        // After the pause of a first refusal, and not of an eighth.
        app.Clock.Set(app.Now.AddSeconds(14));
        await Drain();
        Assert.Equal(8, post.Taken.Count);
    }

    [Fact]
    public async Task Send_AKindCannotBeAsked_OthersGoAndItIsTriedAgain() {
        words.Answer = _ => throw new InvalidOperationException("broken");
        await Write(async m => {
            await m.Plan([Plan(Ids.New(app.Clock)) with { At = app.Now }, Plan(Ids.New(app.Clock)) with { At = app.Now, Kind = "test.unknown" }], default);
            await m.Add(Said(Ids.New(app.Clock)) with { Priority = MessagePriority.Bulk }, default);
        });
        await Drain();
        Assert.Equal(["ann@example.org"], post.Taken.Select(t => t.Recipient));
        Assert.Equal(2, await app.Count("platform_Message", "State = 'Due' AND Attempts = 1"));
    }

    [Fact]
    public async Task Send_ChannelTakesNothing_RestsInsteadOfTryingEveryone() {
        var down = true;
        post.Refuse = _ => down ? new ChannelDownException("down") : null;
        Settings["Mail:AtOnce"] = "1";
        await Write(m => m.Add(Enumerable.Range(0, 50).Select(i => Said(Ids.New(app.Clock), $"{i}@example.org")), default));
        await Drain();
        Assert.Single(post.Tries);
        Assert.Equal(50, await app.Count("platform_Message", "State = 'Due' AND ClaimedUntil IS NULL"));
        down = false;
        app.Clock.Set(app.Now.AddMinutes(2));
        await Drain();
        Assert.Equal(50, post.Taken.Count);
    }

    [Fact]
    public async Task Send_SomeHang_OthersGoMeanwhileAndTheyAreTriedAgain() {
        post.Hang = r => r.StartsWith("hangs", StringComparison.Ordinal);
        (Settings["Mail:AtOnce"], Settings["Mail:TimeoutSeconds"]) = ("1", "2");
        await Write(m => m.Add(Enumerable.Range(0, 5).Select(i => Said(Ids.New(app.Clock), $"hangs{i}@example.org")).Append(Said(Ids.New(app.Clock)) with { Priority = MessagePriority.Bulk }), default));
        var draining = Drain();
        for (var i = 0; i < 180 && post.Taken.IsEmpty; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Single(post.Taken);
        Assert.False(draining.IsCompleted);
        await draining;
        Assert.Equal(5, await app.Count("platform_Message", "State = 'Due' AND Attempts = 1 AND Error LIKE 'TimeoutException%'"));
    }

    [Fact]
    public async Task Send_WaitsLongForItsTurn_IsAskedAgain() {
        post.Pause = TimeSpan.FromMilliseconds(240);
        Settings["Mail:AtOnce"] = "1";
        var causes = Enumerable.Range(0, 8).Select(_ => Ids.New(app.Clock)).ToList();
        await Write(m => m.Plan(causes.Select(c => Plan(c) with { At = app.Now }), default));
        var draining = Drain();
        while (post.Tries.IsEmpty) await Task.Delay(5, TestContext.Current.CancellationToken);
        // The batch is claimed and said to hold; its causes go without a word to the due table.
        words.Answer = _ => new Unsaid("Gone");
        await draining;
        Assert.InRange(post.Taken.Count, 1, 6);
        Assert.Equal(8, post.Taken.Count + await app.Count("platform_Message", "Error = 'Gone'"));
    }

    [Fact]
    public async Task Withdraw_WhileItsBatchIsHandedOver_GoesOutNoMore() {
        post.Pause = TimeSpan.FromMilliseconds(30);
        Settings["Mail:AtOnce"] = "1";
        var causes = Enumerable.Range(0, 20).Select(_ => Ids.New(app.Clock)).ToList();
        await Write(m => m.Plan(causes.Select(c => Plan(c) with { At = app.Now }), default));
        var draining = Drain();
        while (post.Tries.IsEmpty) await Task.Delay(5, TestContext.Current.CancellationToken);
        await Write(m => m.Withdraw(causes, [Words.Name], "Cancelled", default));
        var gone = post.Tries.Count;
        await draining;
        // The one that was on its way, and one more that may have been looked at just before.
        Assert.InRange(post.Taken.Count, gone, gone + 1);
        Assert.True(gone < 15, "It was withdrawn too late to see anything.");
    }

    [Fact]
    public async Task Send_LimitOfTheMinuteAndOfTheDay_IsKeptByAllHosts() {
        (Settings["Mail:PerMinute"], Settings["Mail:PerDay"]) = ("3", "5");
        await Write(m => m.Add(Enumerable.Range(0, 8).Select(i => Said(Ids.New(app.Clock), $"{i}@example.org")), default));
        using var other = Make();
        await Drain();
        await Worker(other).Drain(default);
        Assert.Equal(3, post.Taken.Count);
        app.Clock.Set(app.Now.AddMinutes(1));
        await Worker(other).Drain(default);
        await Drain();
        Assert.Equal(5, post.Taken.Count);
        app.Clock.Set(app.Now.AddDays(1));
        await Drain();
        Assert.Equal(8, post.Taken.Count);
    }

    [Fact]
    public async Task Send_TwoHostsAtOnce_NothingTwice() {
        await Write(m => m.Add(Enumerable.Range(0, 600).Select(i => Said(Ids.New(app.Clock), $"{i}@example.org")), default));
        using var other = Make();
        await Task.WhenAll(Task.Run(Drain), Task.Run(() => Worker(other).Drain(default)));
        Assert.Equal(600, post.Tries.Count);
        Assert.Equal(600, post.Taken.Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public async Task Send_HostHasDied_WhatItSentIsNotSentAgainAndTheRestGoesAtOnce() {
        await Write(m => m.Add(Enumerable.Range(0, 3).Select(i => Said(Ids.New(app.Clock), $"{i}@example.org")), default));
        var (dead, folder) = (Ids.New(app.Clock), Path.Combine(app.Folder, "sending"));
        var ids = await app.Database(async db => (await new DueTable(db, null!, null!, app.Clock).Claim(dead, 10, default)).Select(m => m.Id).ToList());
        var journal = SentJournal.Open(folder, dead);
        journal.Note(ids[0]);
        await Drain();
        Assert.Empty(post.Taken);

        // It dies: the lock on its journal goes with it.
        journal.Dispose();
        await Drain();
        Assert.Equal(ids[1..], post.Taken.Select(t => t.Id).Order());
        // Nobody knows whether the dead had handed these over.
        Assert.Equal([true, true], post.Again);
        Assert.Equal(3, await app.Count("platform_Message", "State = 'Sent'"));
        Assert.False(File.Exists(Path.Combine(folder, $"{dead:N}.sent")));
    }

    [Fact]
    public async Task Send_HostHasDiedElsewhere_WhatItClaimedGoesWhenItsLeaseEnds() {
        await Write(m => m.Add(Said(Ids.New(app.Clock)), default));
        await app.Database(db => new DueTable(db, null!, null!, app.Clock).Claim(Ids.New(app.Clock), 10, default));
        await Drain();
        Assert.Empty(post.Taken);
        app.Clock.Set(app.Now.AddMinutes(5));
        await Drain();
        Assert.Single(post.Taken);
        Assert.Equal([true], post.Again);
    }

    [Theory]
    [InlineData("Mail:AtOnce", "0")]
    [InlineData("Mail:TimeoutSeconds", "soon")]
    [InlineData("Mail:PerDay", "-1")]
    public void Start_OptionMakesNoSense_IsRefusedByName(string key, string value) {
        Settings[key] = value;
        Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => Host.Services).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_MessagesFromBefore_AreStillSent() {
        using var database = new TestDatabase(Directory.CreateDirectory(Path.Combine(app.Folder, "old")).FullName);
        var all = Migration.In(typeof(Program).Assembly);
        var before = all.TakeWhile(m => !m.Name.EndsWith("_platform_due", StringComparison.Ordinal)).ToList();
        await new Migrator(database.Dialect(), before, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).Migrate(default);
        await using (var db = new Db(database.Dialect()))
            await db.Write(() => db.Execute("INSERT INTO platform_Message (Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, DueAt, State, Attempts) VALUES (@Id, 'invitation', @Id, 'a@example.org', 'S', 'B', 'C', 'REQUEST', @Now, 'Due', 2)",
                new { Id = Someone, app.Now }, default), default);
        await new Migrator(database.Dialect(), all, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).Migrate(default);
        await using var after = new Db(database.Dialect());
        var row = Assert.Single(await new DueTable(after, null!, null!, app.Clock).Claim(Someone, 10, default));
        Assert.Equal((Someone, "invitation", "a@example.org", "S", "B", "C", "REQUEST", 2, null), (row.Id, row.Kind, row.Recipient, row.Subject, row.Body, row.Calendar, row.CalendarMethod, row.Attempts, row.PlannedFor));
    }

    static readonly Guid Someone = new("0198f000-0000-7000-8000-000000000001");

    static readonly LetterKind SaidKind = new("test.said", "Said", "In tests.", _ => Letter("ann@example.org"));
    static readonly LetterKind PlannedKind = new(Words.Name, "Planned", "In tests.", _ => Letter("ann@example.org"));

    static Letter Letter(string recipient) => new(recipient, "Ann", "Hello", [new Say("Hello Ann")]);
    static Mail Said(Guid cause, string recipient = "ann@example.org") => new(SaidKind, cause, Letter(recipient));
    static Planned Plan(Guid cause) => new(Words.Name, cause, cause, Someone, Soon);

    Dictionary<string, string> Settings { get; } = [];
    WebApplicationFactory<Program> Host => host ??= Make();

    WebApplicationFactory<Program> Make() => app.WithWebHostBuilder(b => {
        foreach (var (key, value) in Settings) b.UseSetting(key, value);
        b.ConfigureTestServices(services => {
            services.AddSingleton(new LetterKinds(Program.Modules.SelectMany(m => m.Letters).Append(SaidKind).Append(PlannedKind)));
            services.AddSingleton<IMailChannel>(post);
            services.AddSingleton<IReminder>(words);
        });
    });

    static MailWorker Worker(WebApplicationFactory<Program> of) => of.Services.GetRequiredService<MailWorker>();
    Task Drain() => Worker(Host).Drain(default);

    async Task Write(Func<Mailbox, Task> work, bool keep = true) {
        await using var scope = app.Services.CreateAsyncScope();
        var (db, mailbox) = (scope.ServiceProvider.GetRequiredService<Db>(), scope.ServiceProvider.GetRequiredService<Mailbox>());
        await db.Write(async () => { await work(mailbox); return keep; }, kept => kept, default);
    }

    Task<T?> One<T>(string sql, object? args = null) => app.Database(db => db.One<T>(sql, args, default));
    async Task<IEnumerable<string>> List(string sql) => (await app.Database(db => db.List<string>(sql, null, default))).Order(StringComparer.Ordinal);

    public void Dispose() {
        host?.Dispose();
        app.Dispose();
    }

    sealed class Office : IMailChannel {
        public ConcurrentQueue<string> Tries { get; } = [];
        public ConcurrentQueue<bool> Again { get; } = [];
        public ConcurrentQueue<(Guid Id, string Recipient)> Taken { get; } = [];
        public Func<string, Exception?> Refuse { get; set; } = _ => null;
        public Func<string, bool> Hang { get; set; } = _ => false;
        public TimeSpan Pause { get; set; }

        public async Task<TimeSpan?> Send(Post post, CancellationToken ct) {
            var recipient = post.Recipient;
            Again.Enqueue(post.Again);
            Tries.Enqueue(recipient);
            if (Hang(recipient)) await Task.Delay(Timeout.Infinite, ct);
            if (Pause > TimeSpan.Zero) await Task.Delay(Pause, ct);
            if (Refuse(recipient) is { } fault) throw fault;
            Taken.Enqueue((post.Id, recipient));
            return null;
        }
    }

    sealed class Words : IReminder {
        public const string Name = "test.planned";
        public string Kind => Name;
        public ConcurrentQueue<DueMessage> Asked { get; } = [];
        public Func<DueMessage, Saying> Answer { get; set; } = d => Letter($"{d.RecipientId:N}@example.org");
        public Func<Task>? Meanwhile { get; set; }

        public async Task<IReadOnlyDictionary<Guid, Saying>> Say(IReadOnlyList<DueMessage> due, CancellationToken ct) {
            foreach (var message in due) Asked.Enqueue(message);
            if (Meanwhile is not null) await Meanwhile();
            return due.ToDictionary(d => d.Id, d => Answer(d));
        }
    }
}
