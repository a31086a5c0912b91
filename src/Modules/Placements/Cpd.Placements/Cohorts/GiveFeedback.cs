using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Cohorts;

/// <summary>A student says how the placement was, and a host in which they were how the student was: once each, and changed by saying it again. Possible from the first hours on.</summary>
internal static class GiveFeedback {
    internal sealed record Query(Guid StudentId) : IRequest<Outcome<View>>;

    /// <param name="IsHost">The user speaks for a host.</param>
    internal sealed record View(Guid StudentId, string StudentName, string ProgrammeName, bool IsHost, int? Rating, string? Comment);

    internal sealed record Command(Guid StudentId, int? Rating, string? Comment) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Rating).NotNull().WithMessage("Select how it was").InclusiveBetween(1, 5).WithMessage("Select how it was");
            RuleFor(c => c.Comment).NotEmpty().WithMessage("Write what was good and what could be better").MaximumLength(2000).WithMessage("What you write must be 2,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<Done>> {
        // A host speaks of those who were with it; a student of themselves.
        const string Select = $"""
            SELECT s.Name AS StudentName, p.Name AS ProgrammeName, CASE WHEN s.PersonId = @Self THEN NULL ELSE
                (SELECT MIN(v.OrganisationId) FROM placements_Slot t JOIN placements_Supervisor v ON v.Id = t.SupervisorId WHERE t.StudentId = s.Id AND t.State = 'Attended' AND {Within.Supervised}) END AS OrganisationId,
                CASE WHEN s.PersonId = @Self AND EXISTS (SELECT 1 FROM placements_Slot t WHERE t.StudentId = s.Id AND t.State = 'Attended') THEN 1 ELSE 0 END AS IsStudent
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @StudentId
            """;
        const string SelectSaid = "SELECT Rating, Comment FROM placements_Feedback WHERE StudentId = @StudentId AND Side = @Side AND OrganisationId = @OrganisationId";
        const string Update = "UPDATE placements_Feedback SET Rating = @Rating, Comment = @Comment, GivenBy = @By, GivenAt = @Now WHERE StudentId = @StudentId AND Side = @Side AND OrganisationId = @OrganisationId";
        const string Insert = """
            INSERT INTO placements_Feedback (Id, StudentId, Side, OrganisationId, Rating, Comment, GivenBy, GivenAt)
            VALUES (@Id, @StudentId, @Side, @OrganisationId, @Rating, @Comment, @By, @Now)
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await Find(request.StudentId, cancellationToken) is not { } found) return Outcome.NotFound;
            var said = await db.One<Said>(SelectSaid, new { request.StudentId, found.Side, found.OrganisationId }, cancellationToken);
            return new View(request.StudentId, found.StudentName, found.ProgrammeName, found.IsStudent == 0, said?.Rating, said?.Comment);
        }

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Find(request.StudentId, cancellationToken) is not { } found) return Outcome.NotFound;
            var row = new { Id = Ids.New(clock), request.StudentId, found.Side, found.OrganisationId, request.Rating, Comment = request.Comment!.Trim(), By = me.PersonId, Now = clock.GetUtcNow().UtcDateTime };
            try {
                if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
                return Outcome.Done;
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("A colleague has just given feedback. Open the page again to see it.");
            }
        }

        async Task<Row?> Find(Guid studentId, CancellationToken ct) {
            var found = await db.One<Row>(Select, db.Supervising(me, new { StudentId = studentId, Self = me.Reach(PlacementsPermissions.LogHours).Self ?? Guid.Empty }), ct);
            return found is { IsStudent: 1 } ? found with { OrganisationId = Guid.Empty } : found is { OrganisationId: not null } ? found : null;
        }

        sealed record Row {
            public string StudentName { get; init; } = "";
            public string ProgrammeName { get; init; } = "";
            public Guid? OrganisationId { get; init; }
            public int IsStudent { get; init; }
            public string Side => IsStudent == 1 ? "Student" : "Host";
        }

        sealed record Said {
            public int Rating { get; init; }
            public string Comment { get; init; } = "";
        }
    }

    internal sealed record Body(int? Rating, string? Comment);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/placements/students/{id:guid}/feedback", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("SeeMyPlacementFeedback").WithSummary("What you have said of your placement, or your host of a student who was with it; rating is null before. What others said stands in the student's statement.")
            .Produces<View>().ProducesProblem(401).ProducesProblem(404)
            .IsForSignedIn();
        api.MapPut("/placements/students/{id:guid}/feedback", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Rating, body.Comment), ct)).ToHttp())
            .WithName("GivePlacementFeedback").WithSummary("Says how your placement was, or how a student was at your host: rating from 1 (very poor) to 5 (very good). Said again, it replaces what was said.")
            .Produces(204).ProducesValidationProblem().ProducesProblem(401).ProducesProblem(404).ProducesProblem(409)
            .IsForSignedIn();
    }
}
