using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cpd.Platform.Telemetry;

/// <summary>
/// What the product measures of itself, by the framework's own means: while nobody listens an instrument is off and costs a look at a
/// flag. Names and units follow OpenTelemetry's conventions. Tags have few values and hold no personal data: no ids, names or addresses.
/// </summary>
public static class Measures {
    /// <summary>The meter and the source of spans.</summary>
    public const string Name = "Cpd";

    public static readonly ActivitySource Spans = new(Name);
    static readonly Meter Meter = new(Name);

    static readonly Histogram<double> UseCases = Meter.CreateHistogram("cpd.use_case.duration", "s", "How long use cases took; tags: use case, and done, or how it was refused, or failed", null,
        Seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10));
    static readonly Histogram<double> WriteWaits = Meter.CreateHistogram("cpd.db.write.wait", "s", "How long a write waited for its turn", null, Seconds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30));
    static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("cpd.db.write.waiting", "{write}", "Writes that wait for their turn in this process");
    static readonly Histogram<int> Commits = Meter.CreateHistogram("cpd.db.commit.writes", "{write}", "How many writes shared one commit, where writers share them", null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });
    static readonly Counter<int> Retries = Meter.CreateCounter<int>("cpd.db.write.retries", "{write}", "Writes that were run again after a passing fault of the database");
    static readonly Counter<int> Deliveries = Meter.CreateCounter<int>("cpd.outbox.deliveries", "{event}", "Attempts to deliver an event; tags: event, and delivered, failed or parked");
    static readonly Counter<int> Mails = Meter.CreateCounter<int>("cpd.messages", "{message}", "Attempts to send a message; tag: sent, failed, parked or dropped");
    static readonly Counter<int> Things = Meter.CreateCounter<int>("cpd.domain.acts", "{act}", "What was done in the domain, counted once it was on disk; tags: what it was done with, and what was done");

    /// <summary>Whether somebody wants to know how long use cases take.</summary>
    public static bool UseCasesWanted => UseCases.Enabled || Spans.HasListeners();

    public static void UseCase(string name, string outcome, TimeSpan took) => UseCases.Record(took.TotalSeconds, new("cpd.use_case", name), new("cpd.outcome", outcome));

    /// <summary>Counts acts of a kind on a kind of thing, such as "booking" and "booked". Call it after the commit; the words come from the code, never from a user.</summary>
    public static void Act(string thing, string what, int count = 1) => Things.Add(count, new("cpd.thing", thing), new("cpd.act", what));

    internal static void Delivered(string type, string outcome) => Deliveries.Add(1, new("cpd.event", type), new("cpd.outcome", outcome));

    internal static void Mail(string outcome) => Mails.Add(1, new KeyValuePair<string, object?>("cpd.outcome", outcome));

    internal static void Committed(int writes) => Commits.Record(writes);

    internal static void Retried() => Retries.Add(1);

    /// <summary>Begins to wait for a turn to write; dispose when it has come.</summary>
    internal static WriteWait Wait() {
        if (!WriteWaits.Enabled) return default;
        Waiting.Add(1);
        return new(Stopwatch.GetTimestamp());
    }

    internal readonly struct WriteWait(long since) : IDisposable {
        public void Dispose() {
            if (since == 0) return;
            Waiting.Add(-1);
            WriteWaits.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
        }
    }

    static InstrumentAdvice<double> Seconds(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
