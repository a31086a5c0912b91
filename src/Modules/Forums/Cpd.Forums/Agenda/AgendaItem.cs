namespace Cpd.Forums.Agenda;

/// <summary>What an item of an agenda is for.</summary>
internal enum ItemKind { Learning, OpenDialogue, Business }

/// <summary>Asked for by a member, on the agenda, or not taken on.</summary>
internal enum ItemState { Proposed, Accepted, Declined }

/// <summary>The words people read.</summary>
internal static class AgendaWording {
    internal static IReadOnlyList<ItemKind> Kinds { get; } = Enum.GetValues<ItemKind>();

    internal static string Of(ItemKind kind) => kind == ItemKind.OpenDialogue ? "Open dialogue" : kind.ToString();
}
