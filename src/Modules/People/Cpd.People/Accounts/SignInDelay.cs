namespace Cpd.People.Accounts;

/// <summary>
/// How long a network must wait after failed sign-ins with an address. It grows, ends by itself and never shuts out another network, so
/// that nobody can lock a person out by guessing; it counts the same whether or not the address has an account.
/// </summary>
internal static class SignInDelay {
    internal const int FreeTries = 5;
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    internal static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);

    /// <summary>Nothing for the first four, then half a minute, doubled each time up to a quarter of an hour.</summary>
    internal static TimeSpan After(int failures) => failures < FreeTries ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 30 * Math.Pow(2, Math.Min(failures - FreeTries, 10))));
}
