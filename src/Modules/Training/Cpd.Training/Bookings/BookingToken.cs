using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Training.Bookings;

/// <summary>
/// What a link in a message carries so that its reader can answer without signing in: sealed with the service's own keys, it names
/// one booking and is good for nothing but to answer for it. Nothing of it is stored.
/// </summary>
internal sealed class BookingToken(IDataProtectionProvider protection) {
    readonly IDataProtector protector = protection.CreateProtector("Cpd.Training.BookingToken");

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
