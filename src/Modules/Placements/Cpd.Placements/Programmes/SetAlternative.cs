using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;

namespace Cpd.Placements.Programmes;

/// <summary>An officer names the course (a live online series) that students are shown who have no placement yet or can't take one; or none.</summary>
internal static class SetAlternative {
    internal sealed record Command(Guid Id, Guid? CourseId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE placements_Programme SET AlternativeCourseId = @CourseId, Version = Version + 1
            WHERE Id = @Id AND (@All = 1 OR AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (request.CourseId is { } course && (await mediator.Send(new FindCourses([course]), cancellationToken)).Count == 0) return Outcome.Invalid(nameof(request.CourseId), "Select a course");
            return await db.Execute(Update, db.In(me.Reach(PlacementsPermissions.ManagePlacements), request), cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
        }
    }
}
