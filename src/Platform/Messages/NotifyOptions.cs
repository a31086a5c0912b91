using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>An account at GOV.UK Notify. Read once; what makes no sense stops the start.</summary>
/// <param name="ServiceId">Both this and the secret stand in the key, after the name that its maker gave it.</param>
/// <param name="CallbackToken">With which Notify says what became of a message; null where it does not, and is asked.</param>
sealed record NotifyOptions(Uri Address, Guid ServiceId, string Secret, Guid? EmailTemplate, Guid? TextTemplate, Guid? ReplyTo, string? CallbackToken) {
    const int LengthOfId = 36;

    internal static NotifyOptions Read(IConfiguration configuration) {
        var key = Needed(configuration, "Notify:Key");
        if (key.Length <= 2 * LengthOfId + 2 || !Guid.TryParse(key.AsSpan(key.Length - LengthOfId), out _) || !Guid.TryParse(key.AsSpan(key.Length - 2 * LengthOfId - 1, LengthOfId), out var service))
            throw new InvalidOperationException("Notify:Key is not one of GOV.UK Notify's: a name and two ids, with hyphens between.");
        var address = configuration["Notify:Address"] ?? "https://api.notifications.service.gov.uk";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != "https" && !uri.IsLoopback) throw new InvalidOperationException($"Notify:Address is '{address}'; it must be an https address.");
        var token = configuration["Notify:CallbackToken"];
        if (token is { Length: > 0 and < 20 }) throw new InvalidOperationException("Notify:CallbackToken is shorter than 20 characters: it could be guessed.");
        if (configuration["Mail:Channel"] == "Notify") Needed(configuration, "Notify:EmailTemplate");
        return new(uri, service, key[^LengthOfId..], Id("Notify:EmailTemplate", configuration["Notify:EmailTemplate"]), Id("Notify:TextTemplate", configuration["Notify:TextTemplate"]),
            Id("Notify:ReplyTo", configuration["Notify:ReplyTo"]), token is { Length: > 0 } ? token : null);
    }

    static Guid? Id(string key, string? value) => string.IsNullOrEmpty(value) ? null : Guid.TryParse(value, out var id) ? id : throw new InvalidOperationException($"{key} is '{value}', which is no id of GOV.UK Notify's.");

    static string Needed(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : throw new InvalidOperationException($"{key} is not set.");
}
