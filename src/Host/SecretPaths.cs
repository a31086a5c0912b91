using System.Text.RegularExpressions;
using Serilog.Core;
using Serilog.Events;

namespace Cpd.Host;

/// <summary>
/// Keeps secrets that stand in addresses (a calendar's, a link to set a password) out of the log, where the framework would write the
/// path, its parts and the query of the request with whatever it has to say. Ids are shorter and stay.
/// </summary>
sealed partial class SecretPaths : ILogEventEnricher {
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) {
        foreach (var (name, value) in logEvent.Properties.ToList())
            if (value is ScalarValue { Value: { } held and (string or Microsoft.AspNetCore.Http.PathString or Microsoft.AspNetCore.Http.QueryString) } && held.ToString() is { } text && name != Constants.SourceContextPropertyName && Secret().IsMatch(text))
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(Secret().Replace(text, "***"))));
    }

    // Longer than any id (36); ours have 64 characters and more.
    [GeneratedRegex("[A-Za-z0-9_%-]{40,}")]
    private static partial Regex Secret();
}
