using System.Text.Json;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Web;

/// <summary>
/// Fills a demonstration through the modules' own commands, as the people who would give them, on the days they would have.
/// What tests and scripts need to know of it is written to demo.json.
/// </summary>
public sealed class DemoBook(IServiceProvider services, MovableClock clock, DateTimeOffset today) {
    readonly Dictionary<string, List<object>> sections = [];
    readonly List<Func<Task>> later = [];

    public DateTimeOffset Today => today;
    /// <summary>Makes what follows happen at this moment.</summary>
    public void At(DateTimeOffset moment) => clock.Set(moment);

    /// <summary>Sends a command as someone with these grants. A refusal is a fault of the demonstration and is thrown.</summary>
    public async Task<T> Do<T>(Actor who, IRequest<Outcome<T>> command, CancellationToken ct) {
        var outcome = await Ask(who, command, ct);
        return outcome.Refusal is null ? outcome.Value : throw new InvalidOperationException($"The demonstration's {command} was refused: {outcome.Refusal}" +
            (outcome.Refusal is Invalid invalid ? string.Join("; ", invalid.Errors) : ""));
    }

    public async Task<T> Ask<T>(Actor who, IRequest<T> question, CancellationToken ct) {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(who.PersonId, who.Name, who.Grants);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(question, ct);
    }

    /// <summary>Puts something off until every module has filled its part; what was put off first is done first.</summary>
    public void Later(Func<Task> step) => later.Add(step);

    public async Task DoWhatWasPutOff() {
        foreach (var step in later) await step();
    }

    /// <summary>Lets every event have its effect.</summary>
    public Task Settle(CancellationToken ct) => services.GetRequiredService<OutboxWorker>().Drain(ct);

    /// <summary>Puts something into a section of demo.json.</summary>
    public void Note(string section, object entry) {
        if (!sections.TryGetValue(section, out var entries)) sections[section] = entries = [];
        entries.Add(entry);
    }

    /// <summary>People that other modules' demonstrations act as, by a name the owner gives ("thurrock-officer").</summary>
    public Dictionary<string, Actor> Actors { get; } = [];

    public string ToJson(string baseUrl) {
        var all = new Dictionary<string, object> { ["baseUrl"] = baseUrl };
        foreach (var (name, entries) in sections) all[name] = entries;
        return JsonSerializer.Serialize(all, Indented);
    }

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}

/// <summary>Someone a demonstration or a test acts as.</summary>
public sealed record Actor(Guid PersonId, string Name, IReadOnlyList<Grant> Grants);

/// <summary>A clock that stands where it is put; for demonstrations and tests.</summary>
public sealed class MovableClock(DateTimeOffset start) : TimeProvider {
    long ticks = start.UtcTicks;
    public void Set(DateTimeOffset moment) => Interlocked.Exchange(ref ticks, moment.UtcTicks);
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
}
