using Cpd.People.Contracts;
using Cpd.Placements.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.Placements.Slots;

/// <summary>An officer adds shadowing, a meeting or hours in a project to a student's placement by hand. Nobody is in two places: not within placements, and not against what the other modules know.</summary>
internal static class AddSlot {
    internal sealed record Command(Guid StudentId, SlotKind? Kind, string? Title, Guid? ProjectId, Guid? SupervisorId, DateOnly? Day, TimeOnly? Starts, TimeOnly? Ends) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Kind).NotNull().WithMessage("Select what it is").IsInEnum().WithMessage("Select what it is");
            RuleFor(c => c.Title).NotEmpty().When(c => c.ProjectId is null || c.Kind is SlotKind.Shadowing or SlotKind.Meeting).WithMessage("Enter what the student does").MaximumLength(200).WithMessage("What the student does must be 200 characters or fewer");
            RuleFor(c => c.ProjectId).NotNull().When(c => c.Kind is SlotKind.Induction or SlotKind.Project).WithMessage("Select the project");
            RuleFor(c => c.SupervisorId).NotEmpty().WithMessage("Select who supervises and signs the hours");
            RuleFor(c => c.Day).NotNull().WithMessage("Enter the day");
            RuleFor(c => c.Starts).NotNull().WithMessage("Enter when it begins");
            RuleFor(c => c.Ends).NotNull().WithMessage("Enter when it ends").Must((c, end) => end is null || c.Starts is null || end > c.Starts).WithMessage("It must end after it begins");
        }
    }

    internal sealed class Handler(Db db, Everyone everyone, CurrentUser me, SlotNews news, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = $"""
            SELECT s.PersonId, s.Name, s.StartsOn, s.EndsOn, c.ProgrammeId
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @StudentId AND s.State = 'Active' AND {Within.Programmes}
            """;
        const string Hold = "UPDATE placements_Programme SET Version = Version WHERE Id = @ProgrammeId";
        // The supervisor's room and the student's time are part of the write.
        const string Insert = """
            INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, ProjectId, SupervisorId, OnDay, StartsAt, EndsAt, Minutes, Kind, Title, Pinned, State, Hours, Revision, Version)
            SELECT @Id, v.ProgrammeId, s.CohortId, s.Id, @ProjectId, v.Id, @Day, @StartsAt, @EndsAt, @Minutes, @Kind, @Title, 1, 'Published', 'None', 0, 1
            FROM placements_Student s
            JOIN placements_Supervisor v ON v.Id = @SupervisorId AND v.ProgrammeId = @ProgrammeId AND v.EndedAt IS NULL
            WHERE s.Id = @StudentId
              AND NOT EXISTS (SELECT 1 FROM placements_Slot t WHERE t.StudentId = s.Id AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt)
              AND (SELECT COUNT(*) FROM placements_Slot t WHERE t.SupervisorId = v.Id AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt) < v.Capacity
              AND (@ProjectId IS NULL OR EXISTS (SELECT 1 FROM placements_ProgrammeHost h WHERE h.Id = @ProjectId AND h.ProgrammeId = @ProgrammeId AND h.State = 'Accepted'
                AND (SELECT COUNT(*) FROM placements_Slot t WHERE t.ProjectId = h.Id AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt) < h.Capacity))
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.StudentId }), cancellationToken) is not { } student) return Outcome.NotFound;
            if (request.Day < student.StartsOn || request.Day > student.EndsOn) return Outcome.Invalid(nameof(request.Day), $"The day must be from {Show.Date(student.StartsOn)} to {Show.Date(student.EndsOn)}");
            var (starts, ends) = (London.ToUtc(request.Day!.Value, request.Starts!.Value), London.ToUtc(request.Day.Value, request.Ends!.Value));
            if (student.PersonId is { } person && await everyone.Ask<FindCommitments, Commitment>(new([person], starts, ends), cancellationToken) is [var clash, ..])
                return Outcome.Conflict($"{student.Name} is bound then: {clash.What}, {Show.Period(clash.StartsAt, clash.EndsAt)}.");
            await db.Execute(Hold, new { student.ProgrammeId }, cancellationToken);
            var id = Ids.New(clock);
            if (await db.Execute(Insert, new {
                Id = id, request.StudentId, student.ProgrammeId, request.ProjectId, request.SupervisorId, request.Day, StartsAt = starts, EndsAt = ends, Minutes = (int)(ends - starts).TotalMinutes, Kind = request.Kind!.Value.ToString(),
                Title = string.IsNullOrWhiteSpace(request.Title) ? null : request.Title.Trim(),
            }, cancellationToken) == 0) return Outcome.Conflict("There is no room then: the student is somewhere else, or the supervisor or the project has as many students as they take at once.");
            await news.Tell([id], cancellationToken);
            return id;
        }

        sealed record Row {
            public Guid? PersonId { get; init; }
            public string Name { get; init; } = "";
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
            public Guid ProgrammeId { get; init; }
        }
    }
}
