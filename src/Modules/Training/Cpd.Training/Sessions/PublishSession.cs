using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Reminders;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Sessions;

/// <summary>An officer lets everyone see a session of a published course, and book it from the day that booking opens.</summary>
internal static class PublishSession {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, SessionRounds rounds, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Session SET State = 'Published', Version = Version + 1
            WHERE Id = @Id AND State = 'Draft' AND (@All = 1 OR AuthorityId IN @Authorities)
              AND EXISTS (SELECT 1 FROM training_Course c WHERE c.Id = CourseId AND c.State = 'Published')
            """;
        const string SelectStates = """
            SELECT s.State, c.State AS CourseState
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.Execute(SessionParts.HoldCourse, row, cancellationToken) == 1 && await db.Execute(Update, row, cancellationToken) == 1) {
                await rounds.Plan(request.Id, cancellationToken);
                return Outcome.Done;
            }
            return await db.One<Row>(SelectStates, row, cancellationToken) switch {
                null => Outcome.NotFound,
                { State: Publication.Published } => Outcome.Done,
                { State: Publication.Draft, CourseState: Publication.Cancelled } => Outcome.Conflict("The course has been cancelled, so its sessions can't be published."),
                { State: Publication.Draft } => Outcome.Conflict("Publish the course first: people find its sessions through it."),
                _ => Outcome.Conflict("The session has been cancelled. Copy it to a new date instead."),
            };
        }

        sealed record Row {
            public Publication State { get; init; }
            public Publication CourseState { get; init; }
        }
    }
}
