namespace Cpd.Platform.Data;

/// <summary>One page of a list for people: page numbers from 1. A number that makes no sense is page 1.</summary>
public sealed record Paging(int Number, int Size = 20) {
    public int Number { get; } = Math.Clamp(Number, 1, 1_000_000);
    public int Skip => (Number - 1) * Size;
    public int Take => Size;
}

/// <summary>A page of items with the total, so that the page can say where it stands.</summary>
public sealed record PageOf<T>(IReadOnlyList<T> Items, int Total, Paging Paging) {
    public int Pages => Math.Max(1, (Total + Paging.Size - 1) / Paging.Size);
}

/// <summary>A part of a list for programs: <c>next</c> goes into the next call's <c>after</c>; null means there is no more.</summary>
public sealed record Slice<T>(IReadOnlyList<T> Items, Guid? Next) {
    public const int Size = 100;
    /// <summary>From rows read with one more than <see cref="Size"/>, in the order of their ids.</summary>
    public static Slice<T> Of(IReadOnlyList<T> rows, Func<T, Guid> id) =>
        rows.Count <= Size ? new(rows, null) : new([.. rows.Take(Size)], id(rows[Size - 1]));
}
