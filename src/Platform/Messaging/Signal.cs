namespace Cpd.Platform.Messaging;

/// <summary>Wakes a worker of this process when a commit has left it something to do, so that readers wait milliseconds and not a poll.</summary>
public abstract class Signal : IDisposable {
    readonly SemaphoreSlim bell = new(0, 1);

    public void Wake() {
        try { bell.Release(); } catch (SemaphoreFullException) { /* It is awake already. */ }
    }

    public Task<bool> Wait(TimeSpan atMost, CancellationToken ct) => bell.WaitAsync(atMost, ct);

    public void Dispose() {
        bell.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class OutboxSignal : Signal;

public sealed class MailSignal : Signal;
