using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>One date of a session as it is typed: a day with its times in London.</summary>
internal sealed class TypedDate {
    public DateOnly? On { get; set; }
    public TimeOnly? From { get; set; }
    public TimeOnly? To { get; set; }

    internal bool IsEmpty => On is null && From is null && To is null;
    internal DateTime StartsAt => London.ToUtc(On!.Value, From!.Value);
    internal DateTime EndsAt => London.ToUtc(On!.Value, To!.Value);
}

/// <summary>What an officer writes of a session, as it is typed. Dates left wholly empty do not count.</summary>
internal abstract record SessionFields {
    public IReadOnlyList<TypedDate> Dates { get; init; } = [];
    public int? Places { get; init; }
    /// <summary>Booking opens at the start of this day; at once when not given.</summary>
    public DateOnly? OpensOn { get; init; }
    /// <summary>Booking closes at the end of this day; when the session starts when not given.</summary>
    public DateOnly? ClosesOn { get; init; }
    /// <summary>A room of the authority's list; what is typed as venue and address counts only without one.</summary>
    public Guid? RoomId { get; init; }
    public string? VenueName { get; init; }
    public string? VenueAddress { get; init; }
    public string? JoiningLink { get; init; }
    public Guid? TrainerPersonId { get; init; }
    /// <summary>Save it although the room is taken or too small.</summary>
    public bool Anyway { get; init; }

    internal IReadOnlyList<TypedDate> Given => [.. Dates.Where(d => !d.IsEmpty).OrderBy(d => d.On).ThenBy(d => d.From)];

    internal object Columns(Guid id, DateTime now) => new {
        Id = id, Now = now, Given[0].StartsAt, Given[^1].EndsAt, Places = Places!.Value,
        OpensAt = OpensOn is { } opens ? London.StartOf(opens) : (DateTime?)null, ClosesAt = ClosesOn is { } closes ? London.StartOf(closes.AddDays(1)) : (DateTime?)null,
        VenueName = (VenueName ?? "").Trim(), VenueAddress = (VenueAddress ?? "").Trim(), JoiningLink = (JoiningLink ?? "").Trim(), TrainerPersonId, RoomId,
    };
}

/// <summary>What a session must hold, in the words in which the form says so.</summary>
internal abstract class SessionRules<T> : AbstractValidator<T> where T : SessionFields {
    protected SessionRules() {
        RuleFor(s => s.Dates).Must(d => d.Any(x => !x.IsEmpty)).WithMessage("Enter the date of the session").OverridePropertyName("Dates[0].On");
        RuleFor(s => s.Dates).Must(d => d.Count(x => !x.IsEmpty) <= 20).WithMessage("A session can have at most 20 dates").OverridePropertyName("Dates[0].On");
        RuleForEach(s => s.Dates).Where(d => !d.IsEmpty).ChildRules(date => {
            date.RuleFor(d => d.On).NotNull().WithMessage("Enter the date").Must(d => d is null || d.Value.Year is >= 2000 and < 2100).WithMessage("The year must be between 2000 and 2099");
            date.RuleFor(d => d.From).NotNull().WithMessage("Enter the start time");
            date.RuleFor(d => d.To).NotNull().WithMessage("Enter the end time").Must((d, to) => d.From is null || to is null || to > d.From).WithMessage("The end time must be after the start time");
        });
        RuleFor(s => s.Dates).Must(NotOverlap).WithMessage("The dates must not overlap").OverridePropertyName("Dates[0].On");
        RuleFor(s => s.Places).NotNull().WithMessage("Enter the number of places").InclusiveBetween(1, 5000).WithMessage("The number of places must be between 1 and 5,000");
        RuleFor(s => s.ClosesOn).Must((s, closes) => closes is null || s.OpensOn is null || closes >= s.OpensOn).WithMessage("Booking must close on or after the day it opens");
        RuleFor(s => s.VenueName).MaximumLength(200).WithMessage("The venue must be 200 characters or fewer");
        RuleFor(s => s.VenueAddress).MaximumLength(500).WithMessage("The address must be 500 characters or fewer");
        RuleFor(s => s.JoiningLink).MaximumLength(500).WithMessage("The joining link must be 500 characters or fewer")
            .Must(l => string.IsNullOrWhiteSpace(l) || Uri.TryCreate(l.Trim(), UriKind.Absolute, out var link) && link.Scheme is "https" or "http").WithMessage("The joining link must be a web address, like https://example.org/join");
    }

    static bool NotOverlap(IReadOnlyList<TypedDate> dates) {
        var whole = dates.Where(d => d is { On: not null, From: not null, To: not null }).OrderBy(d => d.On).ThenBy(d => d.From).ToList();
        return whole.Zip(whole.Skip(1)).All(pair => pair.First.On < pair.Second.On || pair.First.To <= pair.Second.From);
    }
}

/// <summary>What the form of a session cannot say alone.</summary>
internal static class SessionParts {
    internal const string NoSuchRoom = "Select a venue from the list";
    internal const string SaveAnyway = "Choose another room, time or number of places, or tick the box to save it all the same";

    internal const string InsertDate = "INSERT INTO training_SessionDate (SessionId, StartsAt, EndsAt) VALUES (@SessionId, @StartsAt, @EndsAt)";
    /// <summary>
    /// Takes the row of a session's course, unless the course has been cancelled. Before anything else is read or written: whoever cancels the
    /// course meanwhile then waits, and finds the session as it is left here.
    /// </summary>
    internal const string HoldCourse = """
        UPDATE training_Course SET Version = Version
        WHERE State <> 'Cancelled' AND Id IN (SELECT s.CourseId FROM training_Session s WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities))
        """;
    internal const string SelectDates = "SELECT StartsAt, EndsAt FROM training_SessionDate WHERE SessionId = @Id ORDER BY StartsAt";

    internal static IReadOnlyList<object> Dates(Guid id, SessionFields session) => [.. session.Given.Select(d => new { SessionId = id, d.StartsAt, d.EndsAt })];

    /// <summary>What is wrong with the fields in the light of the course's mode and the people there are; null when nothing is.</summary>
    internal static async Task<(string Field, string Sentence)?> Problem(IMediator mediator, CourseMode mode, SessionFields session, CancellationToken ct) {
        if (mode == CourseMode.InPerson && session.RoomId is null && string.IsNullOrWhiteSpace(session.VenueName)) return (nameof(session.VenueName), "Enter the venue");
        if (session.TrainerPersonId is { } trainer && (await mediator.Send(new ListHolders(Role.Trainer), ct)).All(p => p.Id != trainer)) return (nameof(session.TrainerPersonId), "Select a trainer from the list");
        return null;
    }
}

/// <summary>One date of a session, UTC.</summary>
internal sealed record SessionDate : IDate {
    public DateTime StartsAt { get; init; }
    public DateTime EndsAt { get; init; }
}
