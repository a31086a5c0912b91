using Cpd.Platform.Security;
using Microsoft.AspNetCore.DataProtection;

namespace Cpd.Forums.Replies;

/// <summary>To reply to the invitation to a meeting without signing in.</summary>
internal sealed class ReplyToken(IDataProtectionProvider protection, TimeProvider clock) : SealedToken(protection, clock, "Cpd.Forums.ReplyToken") {
    /// <param name="until">UTC; from then on there is nothing left to say by it.</param>
    internal string For(Guid meetingId, Guid personId, DateTime until) => Seal([.. meetingId.ToByteArray(bigEndian: true), .. personId.ToByteArray(bigEndian: true)], until);

    /// <summary>The invitation that the token names; null for one that is of no use.</summary>
    internal Invitation? Read(string token) => Open(token) is { Length: 32 } ids ? new(new Guid(ids.AsSpan(0, 16), bigEndian: true), new Guid(ids.AsSpan(16), bigEndian: true)) : null;

    internal sealed record Invitation(Guid MeetingId, Guid PersonId);
}
