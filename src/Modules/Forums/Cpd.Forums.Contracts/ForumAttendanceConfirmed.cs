using Cpd.People.Contracts;
using Cpd.Platform.Messaging;

namespace Cpd.Forums.Contracts;

/// <summary>
/// One person's attendance at a meeting of a forum that counts hours is settled: told for everyone who was there when the register is closed, and again with a
/// higher revision for whoever is corrected after that. Only the highest revision of a participant counts.
/// </summary>
/// <param name="Revision">From 1, rising with each correction of this participant.</param>
/// <param name="SettingId">Where the person worked then; null for people of no setting.</param>
/// <param name="AuthorityId">Whose forum it is.</param>
/// <param name="AgeRanges">What the forum is about.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC.</param>
/// <param name="Minutes">Attended, all of them with others; 0 when they were not there after all.</param>
/// <param name="RecordedAt">UTC.</param>
public sealed record ForumAttendanceConfirmed(
    Guid ParticipantId, int Revision, Guid PersonId, Guid? SettingId, Guid MeetingId, Guid SeriesId, Guid AuthorityId, string ForumName, bool IsOnline, AgeRanges AgeRanges,
    DateTime StartsAt, DateTime EndsAt, int Minutes, DateTime RecordedAt) : IEvent;
