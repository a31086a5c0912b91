namespace Cpd.Training.Bookings;

/// <summary>How an authority gives out the free places of its sessions. Hours are its working hours.</summary>
/// <param name="Offers">Whoever waits is asked whether they still want the place; otherwise it is theirs at once.</param>
/// <param name="OfferHours">How long an offer stands.</param>
/// <param name="LastHours">With fewer hours left before booking closes there are no offers: the place is open to whoever comes first.</param>
/// <param name="DayStarts">When a working day begins, in minutes after midnight in London.</param>
/// <param name="DayEnds">When it ends.</param>
/// <param name="PassLimit">How many times a group that needs more places is passed over before places are kept for it.</param>
/// <param name="AsksApproval">Staff who book for themselves need their manager's approval, at every setting.</param>
/// <param name="ApprovalHours">How long a place is held for the manager to answer.</param>
internal sealed record BookingRules(bool Offers, int OfferHours, int LastHours, int DayStarts, int DayEnds, int PassLimit, bool AsksApproval, int ApprovalHours) {
    /// <summary>What holds for an authority that has said nothing: three working days to answer, no offers in the last half day.</summary>
    internal static readonly BookingRules Default = new(Offers: true, OfferHours: 24, LastHours: 4, DayStarts: 9 * 60, DayEnds: 17 * 60, PassLimit: 3, AsksApproval: false, ApprovalHours: 16);
}

/// <summary>By what a priority band knows whom it is for.</summary>
internal enum BandKind { NoPlaceThisYear, SettingType, SettingList }

/// <summary>How far the manager's approval has come, where it is needed.</summary>
internal enum Approval { Asked, Given }
