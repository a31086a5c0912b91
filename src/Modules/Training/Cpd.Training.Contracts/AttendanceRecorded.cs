using Cpd.People.Contracts;
using Cpd.Platform.Messaging;

namespace Cpd.Training.Contracts;

/// <summary>How a course is taken part in.</summary>
public enum CourseMode { InPerson, LiveOnline, SelfStudy }

/// <summary>
/// One person's attendance at a session is settled: told for everyone on the register when it is closed, and again with a higher
/// revision for whoever is corrected after that. Only the highest revision of a booking counts.
/// </summary>
/// <param name="Revision">From 1, rising with each correction of this booking.</param>
/// <param name="SettingId">Where the person worked when they were booked; null for people of no setting.</param>
/// <param name="Minutes">Attended; 0 when they did not attend.</param>
/// <param name="ParticipatoryMinutes">How many of the minutes count as participatory (taking part with others).</param>
/// <param name="Completed">True when the whole was attended: only this earns a certificate.</param>
/// <param name="StartsAt">UTC.</param>
/// <param name="EndsAt">UTC.</param>
/// <param name="RecordedAt">UTC.</param>
public sealed record AttendanceRecorded(
    Guid BookingId, int Revision, Guid PersonId, Guid? SettingId, Guid SessionId, Guid CourseId, Guid AuthorityId, Guid? TrainingProviderId,
    string CourseTitle, string LearningOutcomes, CourseMode Mode, AgeRanges AgeRanges, DateTime StartsAt, DateTime EndsAt,
    int Minutes, int ParticipatoryMinutes, bool Completed, string? TrainerName, DateTime RecordedAt) : IEvent;
