using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Web;

/// <summary>Where the service stands on the network, for links in messages and calendars: <c>Site:Address</c>, or else the first address that it listens on.</summary>
public sealed class Site(IConfiguration configuration) {
    /// <summary>A whole address for a path that starts with a slash. It never comes from a request: a forged Host header must not get into a mail.</summary>
    public string Absolute(string path) => (configuration["Site:Address"] ?? (configuration["urls"] ?? "http://localhost:5080").Split(';')[0]).TrimEnd('/') + path;
}
