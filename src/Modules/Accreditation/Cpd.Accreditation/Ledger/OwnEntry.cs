using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using FluentValidation;

namespace Cpd.Accreditation.Ledger;

/// <summary>What a person types about something that they have learned from.</summary>
internal interface IOwnEntry {
    string? Title { get; }
    string? Source { get; }
    DateOnly? HappenedOn { get; }
    int? Hours { get; }
    int? Minutes { get; }
    int? ParticipatoryHours { get; }
    int? ParticipatoryMinutes { get; }
    AgeRanges AgeRanges { get; }
    CourseMode? Mode { get; }
    string? Reflection { get; }
    string? Evidence { get; }
}

/// <summary>The rules of an own entry, whether it is added or changed.</summary>
internal abstract class OwnEntryRules<T> : AbstractValidator<T> where T : IOwnEntry {
    /// <summary>100 hours: a long course; more is a slip of the keyboard.</summary>
    internal const int MostMinutes = 6000;

    protected OwnEntryRules(TimeProvider clock) {
        RuleFor(c => c.Title).NotEmpty().WithMessage("Enter a title").MaximumLength(300).WithMessage("The title must be 300 characters or fewer");
        RuleFor(c => c.Source).NotEmpty().WithMessage("Enter who ran it").MaximumLength(200).WithMessage("Who ran it must be 200 characters or fewer");
        RuleFor(c => c.HappenedOn).NotNull().WithMessage("Enter the date")
            .Must(day => day <= London.Today(clock)).WithMessage("The date must be today or in the past")
            .Must(day => day >= new DateOnly(1950, 1, 1)).WithMessage("The date must be after 1950");
        RuleFor(c => c.Hours).Must(h => h is null or (>= 0 and <= 100)).WithMessage("Hours must be between 0 and 100");
        RuleFor(c => c.Minutes).Must(m => m is null or (>= 0 and <= MostMinutes)).WithMessage("Minutes must be between 0 and 6,000");
        RuleFor(c => c.Hours).Must((c, _) => c.Total() >= 1).WithMessage("Enter how long it took")
            .Must((c, _) => c.Total() <= MostMinutes).WithMessage("The time must be 100 hours or less");
        RuleFor(c => c.ParticipatoryHours).Must(h => h is null or (>= 0 and <= 100)).WithMessage("Participatory hours must be between 0 and 100")
            .Must((c, _) => c.Participatory() <= c.Total()).WithMessage("The participatory time cannot be longer than the whole");
        RuleFor(c => c.ParticipatoryMinutes).Must(m => m is null or (>= 0 and <= MostMinutes)).WithMessage("Participatory minutes must be between 0 and 6,000");
        RuleFor(c => c.AgeRanges).Must(ages => (ages & ~(AgeRanges.BirthToTwo | AgeRanges.TwoToThree | AgeRanges.ThreeToFive)) == 0).WithMessage("Select the ages it was about");
        RuleFor(c => c.Mode).NotNull().WithMessage("Select how you took part").IsInEnum().WithMessage("Select how you took part");
        RuleFor(c => c.Reflection).MaximumLength(Reflect.Longest).WithMessage("Your reflection must be 10,000 characters or fewer");
        RuleFor(c => c.Evidence).MaximumLength(500).WithMessage("Evidence must be 500 characters or fewer");
    }
}

internal static class OwnEntryTime {
    // As long: what is typed may be anything, and its sum must not wrap into something that passes.
    internal static long Total(this IOwnEntry entry) => (entry.Hours ?? 0) * 60L + (entry.Minutes ?? 0);
    internal static long Participatory(this IOwnEntry entry) => (entry.ParticipatoryHours ?? 0) * 60L + (entry.ParticipatoryMinutes ?? 0);
    internal static string? Cut(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
