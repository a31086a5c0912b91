using System.Globalization;
using Cpd.People.Contracts;
using Cpd.Training.Contracts;
using FluentValidation;

namespace Cpd.Training.Courses;

/// <summary>What an officer writes of a course, as it is typed.</summary>
internal abstract record CourseFields {
    public string? Title { get; init; }
    public string? Summary { get; init; }
    public string? LearningOutcomes { get; init; }
    public CourseMode? Mode { get; init; }
    public int? Minutes { get; init; }
    public int? ParticipatoryMinutes { get; init; }
    /// <summary>Pounds, as "12" or "12.50"; nothing when it is free.</summary>
    public string? Price { get; init; }
    public AgeRanges AgeRanges { get; init; }
    public IReadOnlyList<JobRole> Audience { get; init; } = [];
    /// <summary>One a line.</summary>
    public string? Topics { get; init; }
    public Guid? TrainingProviderId { get; init; }

    internal IReadOnlyList<string> TopicList => [.. (Topics ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DistinctBy(WordKey.Of).Where(t => WordKey.Of(t).Length > 0)];

    /// <summary>The columns that these fields fill.</summary>
    internal object Columns(Guid id, DateTime now) => new {
        Id = id, Now = now, TrainingProviderId, Title = Title!.Trim(), TitleKey = WordKey.Of(Title, 250),
        SearchKey = WordKey.Of($"{Title} {string.Join(' ', TopicList)} {Summary}", 2000), Summary = Summary!.Trim(), LearningOutcomes = LearningOutcomes!.Trim(),
        AgeRanges = (int)AgeRanges, Mode = Mode!.Value.ToString(), Minutes = Minutes!.Value, ParticipatoryMinutes = ParticipatoryMinutes ?? 0, PricePence = Pence(Price)!.Value,
    };

    /// <summary>The pence of a typed price; 0 for nothing typed, null when it is no price.</summary>
    internal static int? Pence(string? typed) {
        typed = (typed ?? "").Replace("£", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal).Trim();
        if (typed.Length == 0) return 0;
        return decimal.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var pounds) && pounds <= 10_000 && decimal.Round(pounds, 2) == pounds
            ? (int)(pounds * 100) : null;
    }
}

/// <summary>What a course must hold, in the words in which the form says so.</summary>
internal abstract class CourseRules<T> : AbstractValidator<T> where T : CourseFields {
    protected CourseRules() {
        RuleFor(c => c.Title).NotEmpty().WithMessage("Enter the course title").MaximumLength(200).WithMessage("The course title must be 200 characters or fewer");
        RuleFor(c => c.Summary).NotEmpty().WithMessage("Enter a summary of the course").MaximumLength(1000).WithMessage("The summary must be 1,000 characters or fewer");
        RuleFor(c => c.LearningOutcomes).NotEmpty().WithMessage("Enter what people will be able to do after the course").MaximumLength(8000).WithMessage("The learning outcomes must be 8,000 characters or fewer");
        RuleFor(c => c.Mode).NotNull().WithMessage("Select how people take part").IsInEnum().WithMessage("Select how people take part");
        RuleFor(c => c.Minutes).NotNull().WithMessage("Enter the length in minutes").InclusiveBetween(1, 10_000).WithMessage("The length must be between 1 and 10,000 minutes");
        RuleFor(c => c.ParticipatoryMinutes).Must((c, minutes) => minutes is null || minutes >= 0 && (c.Minutes is not > 0 || minutes <= c.Minutes)).WithMessage("The participatory minutes must be between 0 and the length of the course");
        RuleFor(c => c.Price).Must(p => CourseFields.Pence(p) is not null).WithMessage("The charge must be an amount in pounds, like 25 or 12.50");
        RuleFor(c => c.AgeRanges).Must(a => (int)a is >= 0 and <= 7).WithMessage("Select age ranges from the list");
        RuleForEach(c => c.Audience).IsInEnum().WithMessage("Select job roles from the list").OverridePropertyName("Audience");
        RuleFor(c => c.Topics).Must((c, _) => c.TopicList.Count <= 10).WithMessage("Enter 10 topics or fewer")
            .Must((c, _) => c.TopicList.All(t => t.Length <= 60)).WithMessage("Each topic must be 60 characters or fewer");
    }
}
