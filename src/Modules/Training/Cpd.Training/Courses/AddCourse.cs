using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>An officer writes a course of their authority; it is a draft, which only its officers see, until they publish it.</summary>
internal static class AddCourse {
    internal sealed record Command : CourseFields, IRequest<Outcome<Guid>>, IWrite {
        public Guid? AuthorityId { get; init; }
    }

    internal sealed class Validator : CourseRules<Command> {
        public Validator() => RuleFor(c => c.AuthorityId).NotEmpty().WithMessage("Select the local authority");
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO training_Course (Id, AuthorityId, TrainingProviderId, Title, TitleKey, SearchKey, Summary, LearningOutcomes, AgeRanges, Mode,
                Minutes, ParticipatoryMinutes, PricePence, State, CreatedAt, CreatedBy, Version)
            VALUES (@Id, @AuthorityId, @TrainingProviderId, @Title, @TitleKey, @SearchKey, @Summary, @LearningOutcomes, @AgeRanges, @Mode,
                @Minutes, @ParticipatoryMinutes, @PricePence, 'Draft', @Now, @Me, 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var authorityId = request.AuthorityId!.Value;
            if (!reach.All && !reach.Authorities.Contains(authorityId)) return Outcome.NotFound;
            if (!await CourseParts.ProviderExists(mediator, request, cancellationToken)) return Outcome.Invalid(nameof(request.TrainingProviderId), "Select a training provider from the list");
            var id = Ids.New(clock);
            await db.Execute(Insert, Db.Args(request.Columns(id, clock.GetUtcNow().UtcDateTime), new { AuthorityId = authorityId, Me = me.PersonId }), cancellationToken);
            await db.Execute(CourseParts.InsertAudience, CourseParts.Audience(id, request), cancellationToken);
            await db.Execute(CourseParts.InsertTopic, CourseParts.Topics(id, request), cancellationToken);
            return id;
        }
    }
}
