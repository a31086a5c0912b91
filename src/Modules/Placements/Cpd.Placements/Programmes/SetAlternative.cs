using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Programmes;

/// <summary>An officer names the course (a live online series) that students are shown who have no placement yet or can't take one; or none.</summary>
internal static class SetAlternative {
    internal sealed record Command(Guid Id, Guid? CourseId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT p.AuthorityId FROM placements_Programme p WHERE p.Id = @Id AND {Within.Programmes}";
        const string Update = "UPDATE placements_Programme SET AlternativeCourseId = @CourseId, Version = Version + 1 WHERE Id = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), request), cancellationToken) is not { } authority) return Outcome.NotFound;
            // Its title is shown to students, so it is the authority's own.
            if (request.CourseId is { } course && !(await mediator.Send(new FindCourses([course]), cancellationToken)).Any(c => c.AuthorityId == authority)) return Outcome.Invalid(nameof(request.CourseId), "Select a course");
            await db.Execute(Update, request, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(Guid? CourseId);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/{id:guid}/alternative", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.CourseId), ct)).ToHttp())
        .WithName("SetPlacementAlternative").WithSummary("Names the course of the same authority that students without a placement are shown; none when courseId is null.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(PlacementsPermissions.ManagePlacements);
}
