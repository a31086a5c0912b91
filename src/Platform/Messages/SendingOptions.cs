using Microsoft.Extensions.Configuration;

namespace Cpd.Platform.Messages;

/// <summary>How fast messages may go out. Read once; what makes no sense stops the start.</summary>
/// <param name="AtOnce">How many this host hands over side by side.</param>
/// <param name="Timeout">How long it waits for one to be taken.</param>
/// <param name="PerMinute">How many all hosts together may hand over in a minute; no limit when null. <paramref name="PerDay"/> likewise on a day, which begins at midnight UTC.</param>
/// <param name="Folder">Where this host keeps the journal of what it has handed over.</param>
public sealed record SendingOptions(int AtOnce, TimeSpan Timeout, int? PerMinute, int? PerDay, string Folder) {
    internal static SendingOptions Read(IConfiguration configuration, string dataFolder) {
        return new(Whole("Mail:AtOnce", configuration["Mail:AtOnce"], 1, 64) ?? 4, TimeSpan.FromSeconds(Whole("Mail:TimeoutSeconds", configuration["Mail:TimeoutSeconds"], 1, 120) ?? 15),
            Whole("Mail:PerMinute", configuration["Mail:PerMinute"], 1, int.MaxValue), Whole("Mail:PerDay", configuration["Mail:PerDay"], 1, int.MaxValue), Path.Combine(dataFolder, "sending"));

        static int? Whole(string key, string? value, int least, int most) => string.IsNullOrWhiteSpace(value) ? null
            : int.TryParse(value, out var number) && number >= least && number <= most ? number
            : throw new InvalidOperationException($"{key} is '{value}'; it must be a whole number{(most == int.MaxValue ? $" of at least {least}" : $" from {least} to {most}")}.");
    }
}
