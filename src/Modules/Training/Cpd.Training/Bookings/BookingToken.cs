using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Training.Bookings;

/// <summary>
/// What a link in a message carries so that its reader can answer without signing in: sealed with the service's own keys, it names
/// one booking and is good for one purpose. Nothing of it is stored.
/// </summary>
internal abstract class SealedBooking(IDataProtectionProvider protection, string purpose) {
    readonly IDataProtector protector = protection.CreateProtector(purpose);

    internal string For(Guid bookingId) => WebEncoders.Base64UrlEncode(protector.Protect(bookingId.ToByteArray(bigEndian: true)));

    /// <summary>The booking that the token names; null for a text that is none.</summary>
    internal Guid? Read(string token) {
        try {
            return new Guid(protector.Unprotect(WebEncoders.Base64UrlDecode(token)), bigEndian: true);
        } catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException) {
            return null;
        }
    }
}

/// <summary>To answer for the booking: accept, decline, leave the list, choose another date.</summary>
internal sealed class BookingToken(IDataProtectionProvider protection) : SealedBooking(protection, "Cpd.Training.BookingToken");
