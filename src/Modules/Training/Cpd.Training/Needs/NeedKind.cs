namespace Cpd.Training.Needs;

/// <summary>What an organiser may ask those who are booked. Own: a question in the officer's words, which is not remembered.</summary>
internal enum NeedKind { Access, Dietary, Creche, Own }

/// <summary>What someone answers, by kind. Text may tell of a person's health, so it must not end up in a log: a need never shows itself.</summary>
internal sealed record Need(NeedKind Kind, string? Answer) {
    public override string ToString() => $"Need {{ Kind = {Kind} }}";
}

internal static class NeedWording {
    internal static IReadOnlyList<NeedKind> Remembered { get; } = [NeedKind.Access, NeedKind.Dietary, NeedKind.Creche];

    internal static string Of(NeedKind kind) => kind switch { NeedKind.Access => "Access", NeedKind.Dietary => "Food", NeedKind.Creche => "Crèche", _ => "Organiser's question" };

    internal static string Question(NeedKind kind) => kind switch {
        NeedKind.Access => "What would make it easier for you to take part?", NeedKind.Dietary => "Is there food that you can't or don't eat?", NeedKind.Creche => "Do you need a crèche, and for how many children of which ages?", _ => "",
    };

    internal static string Hint(NeedKind kind) => kind switch {
        NeedKind.Access => "For example, step-free access, large print, a hearing loop or an interpreter", NeedKind.Dietary => "For example, vegan, halal or a nut allergy", NeedKind.Creche => "For example, one child of 18 months. Leave out names", _ => "",
    };
}
