using Cpd.Platform.Web;
using FluentValidation;

namespace Cpd.Forums.Meetings;

/// <summary>What an officer says of a meeting, as it is typed.</summary>
internal abstract record MeetingFields(DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, string? Venue, string? Topics) {
    public MeetingMode? Mode { get; init; }
    public string? JoiningLink { get; init; }
    /// <summary>How many it takes in all; null for as many as like.</summary>
    public int? Places { get; init; }

    internal DateTime Starts => London.ToUtc(HeldOn!.Value, StartsAt!.Value);
    internal DateTime Ends => London.ToUtc(HeldOn!.Value, EndsAt!.Value);
}

/// <summary>What a meeting must hold, in the words in which the form says so.</summary>
internal abstract class MeetingRules<T> : AbstractValidator<T> where T : MeetingFields {
    protected MeetingRules() {
        RuleFor(c => c.HeldOn).NotEmpty().WithMessage("Enter the date of the meeting");
        RuleFor(c => c.StartsAt).NotNull().WithMessage("Enter the time it starts, like 9:30am");
        RuleFor(c => c.EndsAt).NotNull().WithMessage("Enter the time it ends, like 11:30am")
            .GreaterThan(c => c.StartsAt).When(c => c.StartsAt is not null && c.EndsAt is not null, ApplyConditionTo.CurrentValidator).WithMessage("The meeting must end after it starts");
        RuleFor(c => c.Mode).IsInEnum().WithMessage("Select how it meets");
        RuleFor(c => c.Venue).NotEmpty().When(c => c.Mode != MeetingMode.LiveOnline, ApplyConditionTo.CurrentValidator).WithMessage("Enter where it meets").MaximumLength(300).WithMessage("Where it meets must be 300 characters or fewer");
        RuleFor(c => c.JoiningLink).Must(Link.IsGood).WithMessage("The joining link must begin with https:// and be 500 characters or fewer");
        RuleFor(c => c.Places).InclusiveBetween(1, Room.Most).WithMessage(Room.Sentence);
        RuleFor(c => c.Topics).MaximumLength(1000).WithMessage("The topics must be 1,000 characters or fewer");
    }
}

/// <summary>How many a meeting may take in all.</summary>
internal static class Room {
    internal const int Most = 10_000;
    internal const string Sentence = "The places in all must be between 1 and 10,000";
}

/// <summary>A joining link.</summary>
internal static class Link {
    /// <summary>True also for none.</summary>
    internal static bool IsGood(string? typed) => string.IsNullOrWhiteSpace(typed) || typed.Trim() is { Length: <= 500 } link && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme == "https";
}
