using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>An officer lets everyone see a course of their authority in the catalogue.</summary>
internal static class PublishCourse {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Course SET State = 'Published', PublishedAt = @Now, Version = Version + 1
            WHERE Id = @Id AND State = 'Draft' AND (@All = 1 OR AuthorityId IN @Authorities)
            """;
        const string SelectState = "SELECT State FROM training_Course WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var row = new { request.Id, Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.Execute(Update, row, cancellationToken) == 1) return Outcome.Done;
            return await db.One<string>(SelectState, row, cancellationToken) switch {
                null => Outcome.NotFound,
                nameof(Publication.Published) => Outcome.Done,
                _ => Outcome.Conflict("The course has been cancelled. Add a new course instead."),
            };
        }
    }
}
