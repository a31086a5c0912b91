using Cpd.Platform.Data;
using FluentValidation;

namespace Cpd.Training.Venues;

/// <summary>A room as it is typed; one that is known has its id.</summary>
internal sealed class TypedRoom {
    public Guid? Id { get; set; }
    public string? Name { get; set; }
    public int? Capacity { get; set; }
    /// <summary>It is no longer used: sessions that are in it keep it, new ones can't have it.</summary>
    public bool Ended { get; set; }

    internal bool IsEmpty => Id is null && string.IsNullOrWhiteSpace(Name) && Capacity is null;
}

/// <summary>What an officer writes of a venue. Rooms left wholly empty do not count.</summary>
internal abstract record VenueFields {
    public string? Name { get; init; }
    public string? Address { get; init; }
    /// <summary>Where the map shows it; when not given, a search for the address.</summary>
    public string? MapLink { get; init; }
    public string? AccessNotes { get; init; }
    public IReadOnlyList<TypedRoom> Rooms { get; init; } = [];

    internal IReadOnlyList<TypedRoom> Given => [.. Rooms.Where(r => !r.IsEmpty)];

    internal object Columns(Guid id, DateTime now) => new {
        Id = id, Now = now, Name = Name!.Trim(), NameKey = WordKey.Of(Name, 200), Address = Address!.Trim(), MapLink = (MapLink ?? "").Trim(), AccessNotes = (AccessNotes ?? "").Trim(),
    };
}

/// <summary>What a venue must hold, in the words in which the form says so.</summary>
internal abstract class VenueRules<T> : AbstractValidator<T> where T : VenueFields {
    protected VenueRules() {
        RuleFor(v => v.Name).NotEmpty().WithMessage("Enter the name of the venue").MaximumLength(100).WithMessage("The name must be 100 characters or fewer");
        RuleFor(v => v.Address).NotEmpty().WithMessage("Enter the address").MaximumLength(500).WithMessage("The address must be 500 characters or fewer");
        RuleFor(v => v.MapLink).MaximumLength(500).WithMessage("The map link must be 500 characters or fewer")
            .Must(l => string.IsNullOrWhiteSpace(l) || Uri.TryCreate(l.Trim(), UriKind.Absolute, out var link) && link.Scheme is "https" or "http").WithMessage("The map link must be a web address, like https://example.org/map");
        RuleFor(v => v.AccessNotes).MaximumLength(1000).WithMessage("The access notes must be 1,000 characters or fewer");
        RuleFor(v => v.Rooms).Must(r => r.Any(x => !x.IsEmpty)).WithMessage("Enter at least one room, even if it is the whole venue").OverridePropertyName("Rooms[0].Name");
        RuleFor(v => v.Rooms).Must(r => r.Count <= 50).WithMessage("A venue can have at most 50 rooms").OverridePropertyName("Rooms[0].Name");
        RuleFor(v => v.Rooms).Must(Differ).WithMessage("Each room needs a name of its own").OverridePropertyName("Rooms[0].Name");
        RuleForEach(v => v.Rooms).Where(r => !r.IsEmpty).ChildRules(room => {
            room.RuleFor(r => r.Name).NotEmpty().WithMessage("Enter the name of the room").MaximumLength(90).WithMessage("The name of the room must be 90 characters or fewer");
            room.RuleFor(r => r.Capacity).NotNull().WithMessage("Enter how many people the room holds").InclusiveBetween(1, 5000).WithMessage("The number of people must be between 1 and 5,000");
        });
    }

    static bool Differ(IReadOnlyList<TypedRoom> rooms) {
        var keys = rooms.Where(r => !string.IsNullOrWhiteSpace(r.Name)).Select(r => WordKey.Of(r.Name!)).ToList();
        return keys.Distinct(StringComparer.Ordinal).Count() == keys.Count;
    }
}

/// <summary>How rooms are written.</summary>
internal static class VenueParts {
    internal const string InsertRoom = "INSERT INTO training_Room (Id, VenueId, Name, Capacity, Number, EndedAt) VALUES (@Id, @VenueId, @Name, @Capacity, @Number, @EndedAt)";

    /// <param name="from">The number of the first; rooms are shown by their number.</param>
    internal static IReadOnlyList<object> NewRooms(Guid venueId, IEnumerable<TypedRoom> rooms, int from, TimeProvider clock) => [.. rooms.Select((r, i) => new {
        Id = Ids.New(clock), VenueId = venueId, Name = r.Name!.Trim(), Capacity = r.Capacity!.Value, Number = from + i, EndedAt = r.Ended ? clock.GetUtcNow().UtcDateTime : (DateTime?)null,
    })];
}
