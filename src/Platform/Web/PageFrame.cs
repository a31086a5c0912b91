namespace Cpd.Platform.Web;

/// <summary>
/// What the layout shows around every page. One a request; filled before the page runs. Left unset, the page still renders:
/// no navigation, signed out, no nonce.
/// </summary>
public sealed class PageFrame {
    /// <summary>Links of the service navigation, in the order shown. Only those that the person may follow.</summary>
    public IReadOnlyList<NavLink> Navigation { get; set; } = [];

    /// <summary>The links of the bar on top of each page: what keeps the house in order stands behind one of them.</summary>
    public IEnumerable<NavLink> Bar => Navigation.Any(l => l.Rank == 1) ? [.. Navigation.Where(l => l.Rank == 0), Administration, .. Navigation.Where(l => l.Rank > 1)] : Navigation;

    static readonly NavLink Administration = new("Administration", "/administration", null);

    /// <summary>The name of the person signed in; null when nobody is.</summary>
    public string? SignedInAs { get; set; }

    /// <summary>The nonce of this response's content security policy.</summary>
    public string Nonce { get; set; } = "";
}

/// <summary>A link of the navigation.</summary>
/// <param name="Text">The words of the link.</param>
/// <param name="Href">An address inside the service, starting with a slash.</param>
/// <param name="Permission">The permission that a person needs to be shown the link; null shows it to everyone.</param>
/// <param name="Description">One sentence for home pages that list the links as cards.</param>
/// <param name="Rank">What people come for every day is 0 and stands first; what keeps the house in order is 1 and has a page of its own, what is about themselves is 2. Within a rank, the order of the modules.</param>
public sealed record NavLink(string Text, string Href, string? Permission, string? Description = null, int Rank = 0);
