using Cpd.Platform.Messaging;

namespace Cpd.Placements.Contracts;

/// <summary>
/// The hours of one slot of a placement are signed off, or that is taken back: told with a higher revision each time. Only the highest revision of a slot counts.
/// </summary>
/// <param name="Revision">From 1, rising with each sign-off and each taking back of this slot.</param>
/// <param name="Title">What the student did: "Baby room, Bradford midwifery placements".</param>
/// <param name="HostName">Where; the authority's name where there is no host.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="Minutes">Signed off; 0 when it was taken back. All of them were spent working with others.</param>
/// <param name="Reflection">The student's own words.</param>
/// <param name="SignedAt">UTC.</param>
public sealed record PlacementHoursSignedOff(
    Guid SlotId, int Revision, Guid PersonId, Guid ProgrammeId, Guid AuthorityId, string Title, string HostName, DateTime StartsAt, int Minutes, string Reflection, DateTime SignedAt) : IEvent;
