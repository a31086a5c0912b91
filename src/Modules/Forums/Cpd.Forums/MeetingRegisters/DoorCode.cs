using System.Security.Cryptography;
using Cpd.Platform.Security;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// The code that somebody shows at the door of a meeting, as bookings of courses have a reference. It follows from who they are and which meeting it is, so nothing is
/// kept of it; it says who has come, and opens nothing.
/// </summary>
internal static class DoorCode {
    internal static string Of(Guid meetingId, Guid personId) => Codes.Of(SHA256.HashData([.. meetingId.ToByteArray(), .. personId.ToByteArray()]), 2);
}
