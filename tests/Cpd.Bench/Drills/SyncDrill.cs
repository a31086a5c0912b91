using System.Collections.Concurrent;

namespace Cpd.Bench;

/// <summary>
/// No booking is answered before the log that holds it has been synced to the disk. A process that dies loses nothing even without
/// that, so killing cannot show it: the system calls are watched instead. Its control is the same with a sync that does nothing.
/// </summary>
sealed class SyncDrill : Drill {
    const int Clients = 8;

    public override string Name => "sync";

    public override async Task Run(Drilling drilling, CancellationToken ct) {
        if (!Tools.Has("strace") || await Faults.Compile("nosync", drilling.Folder) is not { } nosync) {
            Drilling.NotRun("strace and gcc are needed");
            return;
        }
        var count = drilling.Rounds(120, 1_000);
        var kept = await Watch(drilling, "kept", count, preload: null, ct);
        Drilling.Say($"{kept.Answered} answers, {kept.Syncs} syncs of the log");
        drilling.Must(kept.Answered == count && kept.Syncs > 0, $"{count} answers were seen");
        drilling.Must(kept.TooSoon == 0, $"answers without a sync of their booking before them: {kept.TooSoon} of {kept.Answered}");

        var nothing = await Watch(drilling, "nothing", count, nosync, ct);
        drilling.Control(nothing.TooSoon == nothing.Answered && nothing.Answered == count, $"with a sync that does nothing, {nothing.TooSoon} of {nothing.Answered} are complained of");
    }

    static async Task<Trace.Findings> Watch(Drilling drilling, string name, int count, string? preload, CancellationToken ct) {
        var data = Directory.CreateDirectory(Path.Combine(drilling.Folder, name)).FullName;
        var trace = Path.Combine(drilling.Folder, name + ".trace");
        await using var arranged = await Arranged.Make(data, new Plan(Sessions: count / 16 + 1, Staff: 16), ct: ct);
        var queue = new ConcurrentQueue<(Guid Session, Guid Person)>(arranged.Sessions.SelectMany(s => arranged.Staff.Select(p => (s, p))).Take(count));
        var references = new ConcurrentBag<string>();
        IReadOnlyList<string> inside = preload is null ? [] : ["-E", $"LD_PRELOAD={preload}"];
        await using (var host = await HostProcess.Start(data, wrapper: [.. Trace.Command, .. inside, "-o", trace], ct: ct)) {
            using var client = host.Client(arranged.ManagerKey);
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () => {
                while (queue.TryDequeue(out var next))
                    foreach (var answer in await Booking.Try(client, next.Session, [next.Person], ct) ?? []) references.Add(answer.Reference!);
            }, ct)));
            await host.KillWrapped();
        }
        return Trace.Read(trace, references.ToHashSet());
    }
}
