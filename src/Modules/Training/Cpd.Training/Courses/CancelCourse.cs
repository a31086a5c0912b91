using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Sessions;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>An officer withdraws a course: it leaves the catalogue, and its sessions ahead are cancelled with the same reason.</summary>
internal static class CancelCourse {
    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the course is cancelled").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Course SET State = 'Cancelled', CancelledAt = @Now, Version = Version + 1
            WHERE Id = @Id AND State <> 'Cancelled' AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectState = "SELECT State FROM training_Course WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectAhead = "SELECT Id FROM training_Session WHERE CourseId = @Id AND State <> 'Cancelled' AND StartsAt > @Now AND RegisterClosedAt IS NULL ORDER BY StartsAt, Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new { request.Id, Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.Execute(Update, row, cancellationToken) == 0)
                return await db.One<string>(SelectState, row, cancellationToken) is null ? Outcome.NotFound : Outcome.Conflict("The course has already been cancelled.");
            // A course has a handful of sessions ahead, and each is cancelled by the one rule that knows how.
            foreach (var session in await db.List<Guid>(SelectAhead, row, cancellationToken)) {
                var cancelled = await mediator.Send(new CancelSession.Command(session, request.Reason), cancellationToken);
                if (cancelled.Refusal is { } refusal) return refusal;
            }
            return Outcome.Done;
        }
    }
}
