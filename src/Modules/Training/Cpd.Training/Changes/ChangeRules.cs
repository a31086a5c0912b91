using Cpd.Platform.Security;

namespace Cpd.Training.Changes;

/// <summary>What an authority says of changing a booking at one of its sessions. Hours are counted back from the start of the session.</summary>
/// <param name="LateHours">From here on a cancellation is late, and only an officer moves a booking to another date.</param>
/// <param name="SubstituteHours">Until here a colleague can take a place over; 0 is until the session starts.</param>
/// <param name="SelfSubstitutes">People may hand over their own place; otherwise their manager or an officer does.</param>
/// <param name="ReleasePercent">From which share of a setting's staff on one day its manager is warned, unless the setting says another.</param>
internal sealed record ChangeRules(int LateHours, int SubstituteHours, bool SelfSubstitutes, int ReleasePercent) {
    /// <summary>What holds for an authority that has said nothing.</summary>
    internal static readonly ChangeRules Default = new(LateHours: 7 * 24, SubstituteHours: 0, SelfSubstitutes: false, ReleasePercent: 50);
}

/// <summary>Who asks to change somebody's booking: an officer of the session's or the person's authority, their manager, or they themselves.</summary>
internal static class Deciding {
    internal static bool AsOfficer(this Reach reach, Guid sessionAuthority, Guid? authority) => reach.All || reach.Authorities.Contains(sessionAuthority) || (authority is { } own && reach.Authorities.Contains(own));
    internal static bool AsManager(this Reach reach, Guid? setting) => setting is { } own && reach.Settings.Contains(own);
}
