using Cpd.People.Contracts;
using Cpd.Placements.Contracts;
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

/// <summary>An institution, or an officer for it, adds one student to a cohort who was not in its list: on the same terms as by <see cref="ImportStudents"/>.</summary>
internal static class AddStudent {
    internal sealed record Command(Guid CohortId, string? Name, string? Email, string? Reference, DateOnly? StartsOn, DateOnly? EndsOn) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the full name").MaximumLength(200).WithMessage("The full name must be 200 characters or fewer");
            RuleFor(c => c.Email).Cascade(CascadeMode.Stop).NotEmpty().WithMessage("Enter the email address").MaximumLength(320).WithMessage("The email address must be 320 characters or fewer")
                .Must(e => StudentFile.Email().IsMatch(e!.Trim())).WithMessage("Enter an email address in the correct format, like name@example.com");
            RuleFor(c => c.Reference).MaximumLength(50).WithMessage("The student number must be 50 characters or fewer");
            RuleFor(c => c.EndsOn).Must((c, end) => end is null || c.StartsOn is null || end >= c.StartsOn).WithMessage("The last day must be the same as or after the first day");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, Outbox outbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = $"""
            SELECT p.AuthorityId, c.OrganisationId, c.StartsOn, c.EndsOn, c.MinutesPerStudent, c.Version
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE c.Id = @CohortId AND {Within.Cohorts}
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), new { request.CohortId }), cancellationToken) is not { } cohort) return Outcome.NotFound;
            if (await db.Execute(ChangeCohort.Hold, new { request.CohortId, cohort.Version }, cancellationToken) == 0) return ChangeCohort.Changed;
            var (starts, ends) = (request.StartsOn ?? cohort.StartsOn, request.EndsOn ?? cohort.EndsOn);
            if (starts < cohort.StartsOn || starts > cohort.EndsOn) return Outcome.Invalid(nameof(request.StartsOn), $"The first day must be from {Show.Date(cohort.StartsOn)} to {Show.Date(cohort.EndsOn)}");
            if (ends < starts || ends > cohort.EndsOn) return Outcome.Invalid(nameof(request.EndsOn), $"The last day must be from {Show.Date(starts)} to {Show.Date(cohort.EndsOn)}");
            var institution = Words.NameOf(await mediator.Send(new FindOrganisations([cohort.OrganisationId]), cancellationToken));
            var (id, name, email) = (Ids.New(clock), request.Name!.Trim(), request.Email!.Trim());
            try {
                await db.Execute(ImportStudents.Handler.Insert, new {
                    Id = id, request.CohortId, Name = name, Email = email, EmailKey = ImportStudents.Handler.Key(email), Reference = string.IsNullOrWhiteSpace(request.Reference) ? null : request.Reference.Trim(),
                    StartsOn = starts, EndsOn = ends, Minutes = cohort.MinutesPerStudent, Now = clock.GetUtcNow().UtcDateTime,
                }, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Email), "A student with this email address is in this cohort already");
            }
            await outbox.Add(new StudentSent(id, cohort.AuthorityId, institution, name, email), cancellationToken);
            return id;
        }

        sealed record Row {
            public Guid AuthorityId { get; init; }
            public Guid OrganisationId { get; init; }
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
            public int MinutesPerStudent { get; init; }
            public int Version { get; init; }
        }
    }

    internal sealed record Body(string? Name, string? Email, string? Reference, DateOnly? StartsOn, DateOnly? EndsOn);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/cohorts/{id:guid}/students", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Name, body.Email, body.Reference, body.StartsOn, body.EndsOn), ct))
            .ToHttp(made => Results.Created($"/api/v1/placements/students/{made}", new { id = made })))
        .WithName("AddPlacementStudent").WithSummary("Adds a student to a cohort that you send, who is invited by email to make an account. Days that are left out are the cohort's.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SendStudents);
}
