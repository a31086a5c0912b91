namespace Cpd.Platform.Data;

/// <summary>The one way to make a key: UUID version 7, so that keys made later compare greater (to the millisecond) and indexes grow at their end.</summary>
public static class Ids {
#pragma warning disable RS0030 // This is the place the ban points to.
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
#pragma warning restore RS0030
}
