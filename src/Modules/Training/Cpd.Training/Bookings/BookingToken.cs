using Cpd.Platform.Security;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Training.Bookings;

/// <summary>A link of one purpose for one booking.</summary>
internal abstract class BookingLink(IDataProtectionProvider protection, TimeProvider clock, string purpose) : SealedToken(protection, clock, purpose) {
    /// <param name="until">UTC; from then on there is nothing left to do by it.</param>
    internal string For(Guid bookingId, DateTime until) => Seal(bookingId.ToByteArray(bigEndian: true), until);

    /// <summary>The booking that the token names; null for one that is of no use.</summary>
    internal Guid? Read(string token) => Open(token) is { Length: 16 } id ? new Guid(id, bigEndian: true) : null;
}

/// <summary>To answer for who waits: accept, decline, leave the list.</summary>
internal sealed class AnswerToken(IDataProtectionProvider protection, TimeProvider clock) : BookingLink(protection, clock, "Cpd.Training.AnswerToken");

/// <summary>To choose another date instead of one that was cancelled.</summary>
internal sealed class InsteadToken(IDataProtectionProvider protection, TimeProvider clock) : BookingLink(protection, clock, "Cpd.Training.InsteadToken");

/// <summary>A link of one purpose for the place that somebody has: when a colleague takes it over, it is of no use any more.</summary>
internal abstract class PlaceLink(IDataProtectionProvider protection, TimeProvider clock, string purpose) : SealedToken(protection, clock, purpose) {
    /// <param name="until">UTC; from then on there is nothing left to do by it.</param>
    internal string For(Guid bookingId, Guid personId, DateTime until) => Seal([.. bookingId.ToByteArray(bigEndian: true), .. personId.ToByteArray(bigEndian: true)], until);

    /// <summary>The place that the token names; null for one that is of no use.</summary>
    internal Place? Read(string token) => Open(token) is { Length: 32 } ids ? new(new Guid(ids.AsSpan(0, 16), bigEndian: true), new Guid(ids.AsSpan(16), bigEndian: true)) : null;

    internal sealed record Place(Guid BookingId, Guid PersonId);
}

/// <summary>To cancel it.</summary>
internal sealed class CancelToken(IDataProtectionProvider protection, TimeProvider clock) : PlaceLink(protection, clock, "Cpd.Training.CancelToken");

/// <summary>To add it to one's calendar.</summary>
internal sealed class CalendarToken(IDataProtectionProvider protection, TimeProvider clock) : PlaceLink(protection, clock, "Cpd.Training.CalendarToken");

/// <summary>To join it online, and to be noted as having come.</summary>
internal sealed class JoinToken(IDataProtectionProvider protection, TimeProvider clock) : PlaceLink(protection, clock, "Cpd.Training.JoinToken");
