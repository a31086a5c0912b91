using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Platform.Security;

/// <summary>
/// What a link in a message carries so that its reader can act without signing in: sealed with the service's own keys, it says what it is about, is good for
/// one purpose and until a moment. Nothing of it is stored. Derive a class for each purpose.
/// </summary>
public abstract class SealedToken(IDataProtectionProvider protection, TimeProvider clock, string purpose) {
    readonly IDataProtector protector = protection.CreateProtector(purpose);

    /// <param name="until">UTC.</param>
    protected string Seal(ReadOnlySpan<byte> about, DateTime until) {
        var bytes = new byte[8 + about.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, until.Ticks);
        about.CopyTo(bytes.AsSpan(8));
        return WebEncoders.Base64UrlEncode(protector.Protect(bytes));
    }

    /// <summary>What the token is about; null for a text that is none, for another purpose, and when its time is over.</summary>
    protected byte[]? Open(string token) {
        try {
            var bytes = protector.Unprotect(WebEncoders.Base64UrlDecode(token));
            return bytes.Length >= 8 && BinaryPrimitives.ReadInt64BigEndian(bytes) > clock.GetUtcNow().UtcTicks ? bytes[8..] : null;
        } catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException) {
            return null;
        }
    }
}
