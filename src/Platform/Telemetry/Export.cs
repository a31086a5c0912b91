using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cpd.Platform.Telemetry;

/// <summary>
/// Sends measures and spans to a collector over OTLP when <c>Telemetry:Endpoint</c> is set; without it nothing listens and nothing is
/// sent. The only file that names OpenTelemetry: its packages for hosting and instrumentation are not served (docs/adr/0018).
/// </summary>
static class Export {
    // The framework's own measures of requests, connections, refused attempts and the runtime.
    static readonly string[] Meters = [Measures.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime"];

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration) {
        if (configuration["Telemetry:Endpoint"] is not { Length: > 0 } text) return;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint)) throw new InvalidOperationException($"Telemetry:Endpoint is '{text}'; it must be an address, such as http://localhost:4318.");
        var grpc = configuration["Telemetry:Protocol"] switch {
            null or "http" => false,
            "grpc" => true,
            var other => throw new InvalidOperationException($"Telemetry:Protocol is '{other}'; it must be http or grpc."),
        };
        var share = configuration.GetValue("Telemetry:TraceShare", 1.0);
        if (share is not (>= 0 and <= 1)) throw new InvalidOperationException("Telemetry:TraceShare must be between 0 and 1.");
        void Otlp(OtlpExporterOptions options, string signal) {
            options.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            // An address set in code is taken as it is, so the signal's own path is put behind it here.
            options.Endpoint = grpc ? endpoint : new Uri($"{text.TrimEnd('/')}/v1/{signal}");
            options.Headers = configuration["Telemetry:Headers"] ?? "";
        }

        var version = typeof(Export).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var resource = ResourceBuilder.CreateDefault().AddService("cpd", serviceVersion: version, serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}");
        // Whoever sends a request may say that it is traced; the share decides all the same, by the trace's id and so alike on every host.
        var sampler = new TraceIdRatioBasedSampler(share);
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(sampler, remoteParentSampled: sampler, remoteParentNotSampled: sampler))
            .AddSource(Measures.Name, "Microsoft.AspNetCore")
            .AddOtlpExporter(o => Otlp(o, "traces")).Build());
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
            .AddOtlpExporter((o, _) => Otlp(o, "metrics")).Build());
        services.AddHostedService<Exporting>();
        services.AddHostedService<Backlog>();
    }

    /// <summary>Makes both before the first request; their disposal with the application sends what is left.</summary>
    sealed class Exporting(TracerProvider traces, MeterProvider metrics) : IHostedService {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => {
            traces.ForceFlush(5_000);
            metrics.ForceFlush(5_000);
        }, cancellationToken);
    }
}
