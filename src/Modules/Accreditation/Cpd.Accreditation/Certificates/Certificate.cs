using System.Globalization;
using Cpd.Training.Contracts;

namespace Cpd.Accreditation.Certificates;

/// <summary>Whether a certificate still proves what it says.</summary>
internal enum CertificateStatus { Valid, Expired, Revoked }

/// <summary>A certificate as it was issued. What it says never changes: a correction revokes it and issues another.</summary>
internal sealed record Certificate {
    public Guid Id { get; init; }
    public string Number { get; init; } = "";
    public Guid PersonId { get; init; }
    public Guid CauseId { get; init; }
    public int Revision { get; init; }
    public string LearnerName { get; init; } = "";
    public Guid CourseId { get; init; }
    public string CourseTitle { get; init; } = "";
    public string LearningOutcomes { get; init; } = "";
    public string IssuerName { get; init; } = "";
    public Guid AuthorityId { get; init; }
    public Guid? TrainingProviderId { get; init; }
    public Guid? AccreditorId { get; init; }
    public string? AccreditorName { get; init; }
    public string? AccreditationReference { get; init; }
    public DateOnly HappenedOn { get; init; }
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
    public CourseMode Mode { get; init; }
    public int Minutes { get; init; }
    public int ParticipatoryMinutes { get; init; }
    public string? TrainerName { get; init; }
    public DateTime IssuedAt { get; init; }
    public DateOnly? ValidUntil { get; init; }
    public DateTime? RevokedAt { get; init; }
    public string? RevokedReason { get; init; }
    public Guid? ReplacedBy { get; init; }

    /// <param name="today">In London. The last day of validity is still valid.</param>
    public CertificateStatus On(DateOnly today) => RevokedAt is not null ? CertificateStatus.Revoked
        : ValidUntil < today ? CertificateStatus.Expired : CertificateStatus.Valid;

    /// <summary>True when a certificate for this attendance would read as this one does, so that it need not be replaced.</summary>
    public bool Says(AttendanceRecorded attended) =>
        PersonId == attended.PersonId && CourseId == attended.CourseId && CourseTitle == attended.CourseTitle && LearningOutcomes == attended.LearningOutcomes
        && AuthorityId == attended.AuthorityId && TrainingProviderId == attended.TrainingProviderId && StartsAt == attended.StartsAt && EndsAt == attended.EndsAt
        && Mode == attended.Mode && Minutes == attended.Minutes && ParticipatoryMinutes == attended.ParticipatoryMinutes && TrainerName == attended.TrainerName;

    /// <summary>What the public check shows of a name: "Zoë van der Berg" is "Z. v. d. B.".</summary>
    public static string Initials(string name) => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.Any(char.IsLetter)).Select(word => StringInfo.GetNextTextElement(word, word.TakeWhile(c => !char.IsLetter(c)).Count()) + "."));

    public static string Words(CertificateStatus status) => status.ToString();
}

/// <summary>The words that people read for a way of taking part.</summary>
internal static class Modes {
    internal static string Words(CourseMode mode) => mode switch { CourseMode.InPerson => "In person", CourseMode.LiveOnline => "Live online", _ => "Self-study" };

    internal static IReadOnlyList<(CourseMode Mode, string Words)> Each { get; } = [.. Enum.GetValues<CourseMode>().Select(m => (m, Words(m)))];
}
