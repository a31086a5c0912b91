using Cpd.Platform.Web;

namespace Cpd.Platform.Messages;

/// <summary>A kind of message. Each module lists its own, so that officers see every kind there is, with an example made as the real ones are.</summary>
/// <param name="Name">As the due table has it, unique, at most 60 characters ("booking-confirmed").</param>
/// <param name="Title">As officers see it ("Booked").</param>
/// <param name="When">A sentence that says to whom it goes and when.</param>
public sealed record LetterKind(string Name, string Title, string When, Func<Specimen, Letter> Example) {
    /// <summary>The reader may say that they want no more of it. Never what their own bookings, duties or certificates need.</summary>
    public bool MayRefuse { get; init; }
    /// <summary>Only who may do this is sent it, and only they are asked whether they want it; anybody when null.</summary>
    public string? Permission { get; init; }
    /// <summary>It goes to a mobile phone.</summary>
    public bool IsText { get; init; }
    /// <summary>The authority is not known when it is sent, so it carries no wording of theirs.</summary>
    public bool IsOfNobody { get; init; }
}

/// <summary>For whom and when an example is made; its links lead to the service but to nothing there.</summary>
/// <param name="Now">UTC.</param>
public sealed record Specimen(string Recipient, string Name, DateTime Now, Func<string, string> Absolute) {
    /// <summary>10am on the next day that, like the one before it, people work: so that no example is set on a Sunday at 4:21.</summary>
    /// <param name="now">UTC.</param>
    public static DateTime Moment(DateTime now) {
        var day = London.Day(now);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday or DayOfWeek.Monday) day = day.AddDays(1);
        return London.ToUtc(day, new TimeOnly(10, 0));
    }
}

/// <summary>Every kind of message there is, in the order of the modules.</summary>
public sealed class LetterKinds(IEnumerable<LetterKind> kinds) {
    readonly Dictionary<string, LetterKind> byName = kinds.ToDictionary(k => k.Name);

    public IReadOnlyList<LetterKind> All { get; } = [.. kinds];

    public LetterKind? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The kind of a row of the due table, where the name may be followed by what makes it another message of the same cause.</summary>
    internal LetterKind? Of(string kind) => Find(kind.Split(Mail.Apart)[0]);
}
