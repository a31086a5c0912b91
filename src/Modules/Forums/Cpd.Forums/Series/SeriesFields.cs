using Cpd.Forums.Meetings;
using Cpd.People.Contracts;
using FluentValidation;

namespace Cpd.Forums.Series;

/// <summary>What an officer says of a forum, as it is typed.</summary>
internal abstract record SeriesFields(string? Name, string? Summary, AgeRanges AgeRanges) {
    public MeetingMode Mode { get; init; }
    /// <summary>Whose forum it is; everyone's when empty.</summary>
    public IReadOnlyList<JobRole> Audience { get; init; } = [];
    public int? PlacesPerSetting { get; init; }
    /// <summary>With how many places the form of a meeting begins; null for as many as like.</summary>
    public int? Places { get; init; }
    public bool CountsHours { get; init; } = true;
    public string? TermsOfReference { get; init; }

    internal const string DeleteAudience = "DELETE FROM forums_SeriesAudience WHERE SeriesId = @Id";
    internal const string InsertAudience = "INSERT INTO forums_SeriesAudience (SeriesId, JobRole) VALUES (@Id, @JobRole)";

    /// <summary>The columns that these fields fill.</summary>
    internal object Columns(Guid id) => new {
        Id = id, Name = Name!.Trim(), Summary = Summary!.Trim(), AgeRanges = (int)AgeRanges, Mode = Mode.ToString(), PlacesPerSetting, Places, CountsHours, TermsOfReference = TermsOfReference?.Trim() ?? "",
    };

    internal IReadOnlyList<object> AudienceRows(Guid id) => [.. Audience.Distinct().Select(j => new { Id = id, JobRole = j.ToString() })];
}

/// <summary>What a forum must hold, in the words in which the form says so.</summary>
internal abstract class SeriesRules<T> : AbstractValidator<T> where T : SeriesFields {
    protected SeriesRules() {
        RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the forum").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
        RuleFor(c => c.Summary).NotEmpty().WithMessage("Enter a summary of what the forum is for").MaximumLength(1000).WithMessage("The summary must be 1,000 characters or fewer");
        RuleFor(c => c.AgeRanges).Must(a => (int)a is >= 0 and <= 7).WithMessage("Select age ranges from the list");
        RuleFor(c => c.Mode).IsInEnum().WithMessage("Select how it meets");
        RuleForEach(c => c.Audience).IsInEnum().WithMessage("Select job roles from the list").OverridePropertyName("Audience");
        RuleFor(c => c.PlacesPerSetting).InclusiveBetween(1, 100).WithMessage("The places for each setting must be between 1 and 100");
        RuleFor(c => c.Places).InclusiveBetween(1, Room.Most).WithMessage(Room.Sentence);
        RuleFor(c => c.TermsOfReference).MaximumLength(4000).WithMessage("The terms of reference must be 4,000 characters or fewer");
    }
}
