using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Cpd.Platform.Telemetry;
using Cpd.Tests.Training;
using Cpd.Training.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cpd.Tests.Platform;

/// <summary>Listeners are the process's own, so these run while no other test does: another application's would be heard too.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryAlone;

[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests {
    [Theory]
    [InlineData("http", "/v1/metrics", "/v1/traces")]
    [InlineData("grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Telemetry_EndpointIsSet_CollectorGetsMeasuresAndSpansWithoutPersonalData(string protocol, string metrics, string traces) {
        await using var collector = await Collector.Start(protocol == "grpc");
        Guid session;
        string number;
        using (var app = new MeasuredApp(collector.Address, protocol)) {
            var authority = await app.Given.Authority();
            var setting = await app.Given.Setting(authority);
            (_, session) = await app.Session(await app.Given.Officer(authority), places: 1);
            var manager = await app.Given.Manager(setting, "Zoë van der Berg");
            await app.Send(manager, new BookPlaces.Command(session, [await app.Given.Staff(setting), await app.Given.Staff(setting)]));
            await app.Ask(manager, new BookPlaces.Command(session, []));
            await app.DrainOutbox();
            await app.DrainMail();
            await app.Browser().Get($"/sessions/{session}");
            await app.Browser().Get("/no-such-page");
            await app.Browser().Get("/site.css");
            await app.Browser().Get("/health/live");
            number = session.ToString();
        }

        Assert.True(collector.Posts.ContainsKey(metrics), string.Join(", ", collector.Posts.Keys));
        Assert.True(collector.Posts.ContainsKey(traces), string.Join(", ", collector.Posts.Keys));
        var measured = collector.Text(metrics);
        foreach (var word in (string[])["cpd.use_case.duration", "Training.BookPlaces", "done", "invalid", "cpd.domain.acts", "Booked", "Joined waiting list", "cpd.db.write.wait", "cpd.db.commit.writes", "cpd.messages", "cpd.outbox.waiting", "cpd.outbox.age", "cpd.messages.due", "http.server.request.duration", "service.name"])
            Assert.Contains(word, measured, StringComparison.Ordinal);
        var traced = collector.Text(traces);
        foreach (var word in (string[])["GET /sessions/{id", "http.response.status_code", "Training.BookPlaces", "cpd.outcome", "send message"]) Assert.Contains(word, traced, StringComparison.Ordinal);
        foreach (var secret in (string[])[number, "Zoë", "no-such-page", "site.css", "/health"]) Assert.DoesNotContain(secret, traced, StringComparison.Ordinal);
        foreach (var secret in (string[])[number, "Zoë"]) Assert.DoesNotContain(secret, measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_NoEndpoint_NobodyListensAndNothingIsSent() {
        await using var collector = await Collector.Start(false);
        using var app = new CpdApp();
        Assert.Equal("Healthy", (await app.Browser().Get("/health/ready")).Text);
        await app.DrainOutbox();
        Assert.False(Measures.Spans.HasListeners());
        Assert.False(Measures.UseCasesWanted);
        Assert.Empty(collector.Posts);
        // The control: a listener is seen as soon as there is one.
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == Measures.Name) self.EnableMeasurementEvents(instrument); } };
        listener.Start();
        Assert.True(Measures.UseCasesWanted);
    }

    [Fact]
    public async Task Telemetry_CollectorIsAway_TheServiceAnswers() {
        using var app = new MeasuredApp("http://127.0.0.1:9", "http");
        Assert.Equal("Healthy", (await app.Browser().Get("/health/ready")).Text);
    }

    [Theory]
    [InlineData("Telemetry:Endpoint", "collector", "must be an address")]
    [InlineData("Telemetry:Protocol", "udp", "must be http or grpc")]
    [InlineData("Telemetry:TraceShare", "2", "must be between 0 and 1")]
    public void Telemetry_SettingIsWrong_StopsTheStart(string key, string value, string sentence) {
        using var app = new MeasuredApp("http://127.0.0.1:9", "http", (key, value));
        Assert.Contains(sentence, Assert.ThrowsAny<InvalidOperationException>(() => app.Services).Message, StringComparison.Ordinal);
    }

    sealed class MeasuredApp(string endpoint, string protocol, params (string Key, string Value)[] settings) : CpdApp {
        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Telemetry:Endpoint", endpoint);
            builder.UseSetting("Telemetry:Protocol", protocol);
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
        }
    }

    /// <summary>Takes what is posted to it on the loopback, as a collector does.</summary>
    sealed class Collector(WebApplication app) : IAsyncDisposable {
        public ConcurrentDictionary<string, ConcurrentQueue<byte[]>> Posts { get; } = new();
        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        /// <summary>Texts stand as they are in what is sent, whatever is around them.</summary>
        public string Text(string path) => string.Concat(Posts[path].Select(Encoding.UTF8.GetString));

        public static async Task<Collector> Start(bool grpc) {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/{**path}", async context => {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                collector.Posts.GetOrAdd(context.Request.Path, _ => new()).Enqueue(body.ToArray());
                context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
                if (!grpc) return;
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.Body.WriteAsync(new byte[5]);
                context.Response.AppendTrailer("grpc-status", "0");
            });
            await app.StartAsync();
            return collector;
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
