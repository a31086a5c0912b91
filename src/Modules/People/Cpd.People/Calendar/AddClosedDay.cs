using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Calendar;

/// <summary>An officer names a day on which their authority is closed, besides the bank holidays it began with.</summary>
internal static class AddClosedDay {
    internal sealed record Command(Guid AuthorityId, DateOnly? ClosedOn, string? ClosedLabel) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.ClosedOn).NotNull().WithMessage("Enter the day").InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2100, 12, 31)).WithMessage("The day must be between 2000 and 2100");
            RuleFor(c => c.ClosedLabel).NotEmpty().WithMessage("Enter why it is closed, like Staff training day").MaximumLength(100).WithMessage("The reason must be 100 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO people_ClosedDay (Id, AuthorityId, ClosedOn, Label)
            SELECT @Id, a.Id, @ClosedOn, @Label FROM people_Authority a WHERE a.Id = @AuthorityId
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangeCalendar);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            var id = Ids.New(clock);
            try {
                return await db.Execute(Insert, new { Id = id, request.AuthorityId, request.ClosedOn, Label = request.ClosedLabel!.Trim() }, cancellationToken) == 1 ? id : Outcome.NotFound;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(Command.ClosedOn), "This day is in the list already");
            }
        }
    }
}
