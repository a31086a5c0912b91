using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Calendar;

/// <summary>An officer adds a term, or half of one, to a school year of their authority; terms do not overlap and a year has six at most.</summary>
internal static class AddTerm {
    /// <param name="SchoolYear">The calendar year in which the school year begins, in September.</param>
    internal sealed record Command(Guid AuthorityId, int? SchoolYear, string? Label, DateOnly? StartsOn, DateOnly? EndsOn) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.SchoolYear).NotNull().WithMessage("Select the school year").InclusiveBetween(2000, 2100).WithMessage("Select the school year");
            RuleFor(c => c.Label).NotEmpty().WithMessage("Enter the name of the term, like Autumn").MaximumLength(60).WithMessage("The name of the term must be 60 characters or fewer");
            RuleFor(c => c.StartsOn).NotNull().WithMessage("Enter the first day of the term")
                .Must((c, day) => day is null || c.SchoolYear is not { } year || day >= new DateOnly(year, 8, 1) && day <= new DateOnly(year + 1, 8, 31)).WithMessage("The first day must be in the school year");
            RuleFor(c => c.EndsOn).NotNull().WithMessage("Enter the last day of the term")
                .GreaterThan(c => c.StartsOn).When(c => c.StartsOn is not null, ApplyConditionTo.CurrentValidator).WithMessage("The last day must be after the first day")
                .Must((c, day) => day is null || c.SchoolYear is not { } year || day <= new DateOnly(year + 1, 8, 31)).WithMessage("The last day must be in the school year");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const int MostAYear = 6;
        // The authority's row is the lock: of two terms added at once, the second sees the first.
        const string Lock = "UPDATE people_Authority SET Name = Name WHERE Id = @AuthorityId";
        const string SelectOverlap = """
            SELECT Label, StartsOn, EndsOn FROM people_Term WHERE AuthorityId = @AuthorityId AND StartsOn <= @EndsOn AND EndsOn >= @StartsOn ORDER BY StartsOn
            """;
        const string CountYear = "SELECT COUNT(*) FROM people_Term WHERE AuthorityId = @AuthorityId AND SchoolYear = @SchoolYear";
        const string Insert = """
            INSERT INTO people_Term (Id, AuthorityId, SchoolYear, Label, StartsOn, EndsOn) VALUES (@Id, @AuthorityId, @SchoolYear, @Label, @StartsOn, @EndsOn)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangeCalendar);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId) || await db.Execute(Lock, request, cancellationToken) == 0) return Outcome.NotFound;
            if (await db.One<Row>(SelectOverlap, request, cancellationToken) is { } other)
                return Outcome.Invalid(nameof(Command.StartsOn), $"The dates overlap with {other.Label}, {Show.Date(other.StartsOn)} to {Show.Date(other.EndsOn)}");
            if (await db.One<int>(CountYear, request, cancellationToken) >= MostAYear) return Outcome.Invalid(nameof(Command.SchoolYear), $"The school year has {MostAYear} terms already");
            var id = Ids.New(clock);
            await db.Execute(Insert, new { Id = id, request.AuthorityId, request.SchoolYear, Label = request.Label!.Trim(), request.StartsOn, request.EndsOn }, cancellationToken);
            return id;
        }

        sealed record Row {
            public string Label { get; init; } = "";
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
        }
    }
}
