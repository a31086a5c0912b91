namespace Cpd.Platform.Web;

/// <summary>A link of the service navigation, shown to those who hold its permission.</summary>
public sealed record NavLink(string Text, string Href, string Permission, string? Description = null);

/// <summary>What the layout shows around a page. Filled once a request, before the page runs.</summary>
public sealed class PageFrame {
    public IReadOnlyList<NavLink> Navigation { get; set; } = [];
    /// <summary>The name of who is signed in; null when nobody is.</summary>
    public string? SignedInAs { get; set; }
    /// <summary>The nonce that this answer's content security policy allows.</summary>
    public string Nonce { get; set; } = "";
}
