using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Schemes;

/// <summary>An accreditor accredits a course under an open scheme for a period; two periods of one course under one scheme do not overlap.</summary>
internal static class AccreditCourse {
    internal sealed record Command(Guid SchemeId, Guid? CourseId, string? Reference, DateOnly? ValidFrom, DateOnly? ValidTo, int? CertificateMonths) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.CourseId).NotEmpty().WithMessage("Select the course");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("Enter your reference for the course").MaximumLength(50).WithMessage("The reference must be 50 characters or fewer");
            RuleFor(c => c.ValidFrom).NotNull().WithMessage("Enter the first day of the accreditation");
            RuleFor(c => c.ValidTo).Cascade(CascadeMode.Stop).NotNull().WithMessage("Enter the last day of the accreditation")
                .Must((c, to) => c.ValidFrom is null || to >= c.ValidFrom).WithMessage("The last day must be the same as or after the first day");
            RuleFor(c => c.CertificateMonths).InclusiveBetween(1, 120).WithMessage("Months must be between 1 and 120");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        // The scheme's row is the lock: of two periods added at once, the second sees the first, and neither meets a scheme that is just closing.
        const string Lock = "UPDATE accreditation_Scheme SET State = State WHERE Id = @SchemeId AND (@All = 1 OR AccreditorId IN @Accreditors)";
        const string SelectState = "SELECT State FROM accreditation_Scheme WHERE Id = @SchemeId";
        const string Insert = """
            INSERT INTO accreditation_AccreditedCourse (Id, SchemeId, CourseId, CourseTitle, TrainingProviderId, Reference, ValidFrom, ValidTo, CertificateMonths)
            SELECT @Id, s.Id, @CourseId, @Title, @TrainingProviderId, @Reference, @ValidFrom, @ValidTo, @CertificateMonths
            FROM accreditation_Scheme s
            WHERE s.Id = @SchemeId AND s.State = 'Open'
              AND NOT EXISTS (SELECT 1 FROM accreditation_AccreditedCourse o WHERE o.SchemeId = @SchemeId AND o.CourseId = @CourseId
                AND o.ValidFrom <= @ValidTo AND o.ValidTo >= @ValidFrom AND (o.EndedOn IS NULL OR o.EndedOn > @ValidFrom))
            """;
        const string Overlaps = "The scheme accredits this course already for some of these days";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(AccreditationPermissions.ManageSchemes);
            if (await db.Execute(Lock, new { request.SchemeId, reach.All, Accreditors = db.Ids(reach.Accreditors) }, cancellationToken) == 0) return Outcome.NotFound;
            if (await db.One<string>(SelectState, new { request.SchemeId }, cancellationToken) != nameof(SchemeState.Open)) return Outcome.Conflict("The scheme is closed to new courses. Open it first");
            if (await mediator.Send(new FindCourses([request.CourseId!.Value]), cancellationToken) is not [var course, ..])
                return Outcome.Invalid(nameof(request.CourseId), "Select a course that is in the catalogue");
            var id = Ids.New(clock);
            try {
                var added = await db.Execute(Insert, new {
                    Id = id, request.SchemeId, request.CourseId, course.Title, course.TrainingProviderId, Reference = request.Reference!.Trim(), request.ValidFrom, request.ValidTo, request.CertificateMonths,
                }, cancellationToken);
                return added == 1 ? id : Outcome.Invalid(nameof(request.ValidFrom), Overlaps);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.ValidFrom), Overlaps);
            }
        }
    }
}
