using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Meetings;

/// <summary>An officer sets the date of a forum's next meeting.</summary>
internal static class AddMeeting {
    internal sealed record Command(Guid SeriesId, DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, string? Venue, string? Topics) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.HeldOn).NotEmpty().WithMessage("Enter the date of the meeting");
            RuleFor(c => c.StartsAt).NotNull().WithMessage("Enter the time it starts, like 9:30am");
            RuleFor(c => c.EndsAt).NotNull().WithMessage("Enter the time it ends, like 11:30am")
                .GreaterThan(c => c.StartsAt).When(c => c.StartsAt is not null && c.EndsAt is not null, ApplyConditionTo.CurrentValidator).WithMessage("The meeting must end after it starts");
            RuleFor(c => c.Venue).NotEmpty().WithMessage("Enter where it meets").MaximumLength(300).WithMessage("Where it meets must be 300 characters or fewer");
            RuleFor(c => c.Topics).MaximumLength(1000).WithMessage("The topics must be 1,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        // The scope stands in the INSERT itself: of a series out of reach nothing is written, and nothing is told.
        const string Insert = """
            INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version)
            SELECT @Id, s.Id, @StartsAt, @EndsAt, s.Mode, @Venue, '', @Topics, '', 'Published', '', 1
            FROM forums_Series s
            WHERE s.Id = @SeriesId AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var id = Ids.New(clock);
            var meeting = new {
                Id = id, request.SeriesId, Venue = request.Venue!.Trim(), Topics = request.Topics?.Trim() ?? "",
                StartsAt = London.ToUtc(request.HeldOn!.Value, request.StartsAt!.Value), EndsAt = London.ToUtc(request.HeldOn.Value, request.EndsAt!.Value),
                reach.All, Authorities = db.Ids(reach.Authorities),
            };
            try {
                return await db.Execute(Insert, meeting, cancellationToken) == 1 ? id : Outcome.NotFound;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.HeldOn), "The forum meets at that time already");
            }
        }
    }
}
