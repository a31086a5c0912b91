using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using MediatR;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>What is promised of events: told only if the cause committed, at least once, and with one effect however often.</summary>
public sealed class OutboxTests : IDisposable {
    readonly CpdApp app = new();
    readonly WebApplicationFactory<Program> host;
    readonly Reactions reactions = new();

    public OutboxTests() => host = app.WithWebHostBuilder(b => b.ConfigureTestServices(services => {
        services.AddSingleton(reactions);
        services.AddSingleton(new EventTypes([typeof(BellRang)]));
        services.AddScoped<INotificationHandler<Delivery<BellRang>>, WhenBellRangCount>();
        services.AddScoped<INotificationHandler<Delivery<BellRang>>, WhenBellRangFail>();
    }));

    [Fact]
    public async Task Add_TransactionCommits_EveryHandlerReactsOnce() {
        await Write(true);
        await Drain();
        await Drain();
        Assert.Equal(1, reactions.Count);
        Assert.Equal(0, await Pending());
    }

    [Fact]
    public async Task Add_TransactionRollsBack_NothingIsTold() {
        await Write(false);
        await Drain();
        Assert.Equal(0, reactions.Count);
        Assert.Equal(0, await app.Count("platform_Outbox"));
    }

    [Fact]
    public async Task Deliver_ASecondTime_ChangesNothing() {
        await Write(true);
        await Drain();
        await app.Database(db => db.Execute("UPDATE platform_Outbox SET DeliveredAt = NULL", null, default));
        await Drain();
        Assert.Equal(1, reactions.Count);
    }

    [Fact]
    public async Task Deliver_OneHandlerFails_TheOtherStillReactsAndItIsTriedAgainAndThenParked() {
        reactions.Failing = true;
        await Write(true);
        await Drain();
        Assert.Equal(1, reactions.Count);
        Assert.Equal(1, await Pending());

        for (var attempt = 2; attempt <= 8; attempt++) {
            app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(10));
            await Drain();
            Assert.Equal(attempt, reactions.Attempts);
        }
        Assert.Equal(1, reactions.Count);
        Assert.Equal(1, await app.Count("platform_Outbox", "ParkedAt IS NOT NULL"));
        Assert.Equal("Degraded", await host.CreateClient().GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
    }

    [Fact]
    public async Task Deliver_HandlerRecovers_ItsEffectComesOnceAndTheEventIsDone() {
        reactions.Failing = true;
        await Write(true);
        await Drain();
        reactions.Failing = false;
        app.Clock.Set(app.Clock.GetUtcNow().AddMinutes(1));
        await Drain();
        Assert.Equal((1, 2), (reactions.Count, reactions.Attempts));
        Assert.Equal(0, await Pending());
    }

    async Task Write(bool keep) {
        await using var scope = host.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await scope.ServiceProvider.GetRequiredService<Db>().Write(async () => { await outbox.Add(new BellRang("noon"), default); return keep; }, kept => kept, default);
    }

    Task Drain() => host.Services.GetRequiredService<OutboxWorker>().Drain(CancellationToken.None);
    Task<int> Pending() => app.Count("platform_Outbox", "DeliveredAt IS NULL");

    public void Dispose() {
        host.Dispose();
        app.Dispose();
    }

    public sealed record BellRang(string At) : IEvent;

    sealed class Reactions {
        public int Count;
        public int Attempts;
        public bool Failing;
    }

    sealed class WhenBellRangCount(Db db, TimeProvider clock, Reactions reactions) : Reaction<BellRang>(db, clock) {
        protected override Task React(BellRang happened, CancellationToken ct) {
            reactions.Count++;
            return Task.CompletedTask;
        }
    }

    sealed class WhenBellRangFail(Db db, TimeProvider clock, Reactions reactions) : Reaction<BellRang>(db, clock) {
        protected override Task React(BellRang happened, CancellationToken ct) {
            reactions.Attempts++;
            return reactions.Failing ? throw new InvalidOperationException("The bell is broken") : Task.CompletedTask;
        }
    }
}
