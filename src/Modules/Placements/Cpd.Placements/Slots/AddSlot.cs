using Cpd.People.Contracts;
using Cpd.Placements.Reminders;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>
/// An officer adds shadowing, a meeting or hours in a project to a student's placement by hand, by the rules of a timetable: who supervises does so in that project and stands on the register that is
/// asked for, with room. Nobody is in two places: not within placements, and not against what the other modules know. It may come again every week: all of them or none, told in one letter.
/// </summary>
internal static class AddSlot {
    /// <param name="Until">It comes again on the same day of each week until then; once when null.</param>
    internal sealed record Command(Guid StudentId, SlotKind? Kind, string? Title, Guid? ProjectId, Guid? SupervisorId, DateOnly? Day, TimeOnly? Starts, TimeOnly? Ends, DateOnly? Until = null) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Kind).NotNull().WithMessage("Select what it is").IsInEnum().WithMessage("Select what it is");
            RuleFor(c => c.Title).NotEmpty().When(c => c.ProjectId is null || c.Kind is SlotKind.Shadowing or SlotKind.Meeting).WithMessage("Enter what the student does").MaximumLength(200).WithMessage("What the student does must be 200 characters or fewer");
            RuleFor(c => c.ProjectId).NotNull().When(c => c.Kind is SlotKind.Induction or SlotKind.Project).WithMessage("Select the project");
            RuleFor(c => c.SupervisorId).NotEmpty().WithMessage("Select who supervises and signs the hours");
            RuleFor(c => c.Day).NotNull().WithMessage("Enter the day");
            RuleFor(c => c.Starts).NotNull().WithMessage("Enter when it begins");
            RuleFor(c => c.Ends).NotNull().WithMessage("Enter when it ends").Must((c, end) => end is null || c.Starts is null || end > c.Starts).WithMessage("It must end after it begins");
            RuleFor(c => c.Until).Must((c, until) => until is null || c.Day is null || until >= c.Day).WithMessage("It must be repeated until a day after the first");
        }
    }

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, CurrentUser me, SlotNews news, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Select = $"""
            SELECT s.PersonId, s.Name, s.StartsOn, s.EndsOn, c.ProgrammeId
            FROM placements_Student s
            JOIN placements_Cohort c ON c.Id = s.CohortId
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE s.Id = @StudentId AND s.State = 'Active' AND {Within.Programmes}
            """;
        const string SelectSupervisor = """
            SELECT v.PersonId, v.OrganisationId, v.Name, v.Capacity, v.Register, v.CheckedOn, CASE WHEN @Kind = 'Induction' THEN p.InductionRegister ELSE p.ProjectRegister END AS Asked,
              (SELECT COUNT(*) FROM placements_SupervisorProject x WHERE x.SupervisorId = v.Id AND x.ProjectId = @ProjectId) AS Supervises,
              (SELECT COUNT(*) FROM placements_ProgrammeHost h WHERE h.Id = @ProjectId AND h.ProgrammeId = p.Id AND h.State = 'Accepted' AND (h.GivesInduction = 1 OR @Kind <> 'Induction')) AS Takes
            FROM placements_Supervisor v
            JOIN placements_Programme p ON p.Id = v.ProgrammeId
            WHERE v.Id = @SupervisorId AND v.ProgrammeId = @ProgrammeId AND v.EndedAt IS NULL
            """;
        const string SelectTaken = """
            SELECT t.Id, t.StudentId, v.PersonId AS SupervisorPersonId, t.StartsAt, t.EndsAt
            FROM placements_Slot t
            JOIN placements_Supervisor v ON v.Id = t.SupervisorId
            WHERE (t.StudentId = @StudentId OR v.PersonId = @PersonId) AND t.OnDay >= @From AND t.OnDay <= @To AND t.State IN ('Published', 'Attended')
            """;
        // The supervisor's room, whichever programme has taken of it, and the student's time are part of the write.
        const string Insert = """
            INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, ProjectId, SupervisorId, OnDay, StartsAt, EndsAt, Minutes, Kind, Title, Pinned, State, Hours, Revision, Version)
            SELECT @Id, v.ProgrammeId, s.CohortId, s.Id, @ProjectId, v.Id, @Day, @StartsAt, @EndsAt, @Minutes, @Kind, @Title, 1, 'Published', 'None', 0, 1
            FROM placements_Student s
            JOIN placements_Supervisor v ON v.Id = @SupervisorId AND v.ProgrammeId = @ProgrammeId AND v.EndedAt IS NULL
            WHERE s.Id = @StudentId AND s.State = 'Active'
              AND NOT EXISTS (SELECT 1 FROM placements_Slot t WHERE t.StudentId = s.Id AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt)
              AND (SELECT COUNT(*) FROM placements_Slot t JOIN placements_Supervisor o ON o.Id = t.SupervisorId WHERE o.PersonId = v.PersonId AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt) < v.Capacity
              AND (@ProjectId IS NULL OR EXISTS (SELECT 1 FROM placements_ProgrammeHost h WHERE h.Id = @ProjectId AND h.ProgrammeId = @ProgrammeId AND h.State = 'Accepted'
                AND (SELECT COUNT(*) FROM placements_Slot t WHERE t.ProjectId = h.Id AND t.State IN ('Published', 'Attended') AND t.StartsAt < @EndsAt AND t.EndsAt > @StartsAt)
                < COALESCE((SELECT MIN(r.Capacity) FROM placements_Room r JOIN placements_DayPart d ON d.ProgrammeId = @ProgrammeId AND d.Number = r.DayPart
                    WHERE r.ProjectId = h.Id AND r.Weekday = @Weekday AND d.Starts < @To AND d.Ends > @From), h.Capacity)))
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.StudentId }), cancellationToken) is not { } student) return Outcome.NotFound;
            if (request.Day < student.StartsOn || request.Day > student.EndsOn) return Outcome.Invalid(nameof(request.Day), $"The day must be from {Show.Date(student.StartsOn)} to {Show.Date(student.EndsOn)}");
            if (request.Until > student.EndsOn) return Outcome.Invalid(nameof(request.Until), $"The student is there until {Show.Date(student.EndsOn)}");
            var (first, last) = (request.Day!.Value, request.Until ?? request.Day.Value);
            var times = Enumerable.Range(0, (last.DayNumber - first.DayNumber) / 7 + 1).Select(week => first.AddDays(7 * week))
                .Select(day => (Day: day, Starts: London.ToUtc(day, request.Starts!.Value), Ends: London.ToUtc(day, request.Ends!.Value))).ToList();
            IReadOnlyList<Commitment> bound = student.PersonId is { } person ? await everyone.Ask<FindCommitments, Commitment>(new([person], times[0].Starts, times[^1].Ends), cancellationToken) : [];
            if (bound.OrderBy(b => b.StartsAt).FirstOrDefault(b => times.Any(t => b.StartsAt < t.Ends && b.EndsAt > t.Starts)) is { } clash)
                return Outcome.Conflict($"{student.Name} is bound then: {clash.What}, {Show.Period(clash.StartsAt, clash.EndsAt)}.");
            await db.Execute(Slot.Hold, new { student.ProgrammeId }, cancellationToken);
            var slots = times.Select(t => new {
                Id = Ids.New(clock), request.StudentId, student.ProgrammeId, request.ProjectId, request.SupervisorId, t.Day, StartsAt = t.Starts, EndsAt = t.Ends, Minutes = (int)(t.Ends - t.Starts).TotalMinutes, Kind = request.Kind!.Value.ToString(),
                Title = string.IsNullOrWhiteSpace(request.Title) ? null : request.Title.Trim(), Weekday = Words.Weekday(t.Day), From = (int)request.Starts!.Value.ToTimeSpan().TotalMinutes, To = (int)request.Ends!.Value.ToTimeSpan().TotalMinutes,
            }).ToList();
            if (await db.One<SupervisorRow>(SelectSupervisor, slots[0], cancellationToken) is not { } supervisor) return Outcome.Invalid(nameof(request.SupervisorId), "Select who supervises and signs the hours");
            if ((await mediator.Former([supervisor.OrganisationId], cancellationToken)).ContainsKey((supervisor.OrganisationId, supervisor.PersonId))) return Outcome.Invalid(nameof(request.SupervisorId), $"{supervisor.Name} is no longer at the host");
            if (request.ProjectId is not null) {
                if (supervisor.Takes == 0) return Outcome.Invalid(nameof(request.ProjectId), request.Kind == SlotKind.Induction ? "Select a project that takes part and gives the induction" : "Select a project that takes part");
                if (supervisor.Supervises == 0) return Outcome.Invalid(nameof(request.SupervisorId), $"{supervisor.Name} does not supervise in this project");
            }
            if (request.Kind is SlotKind.Induction or SlotKind.Project && !supervisor.MaySupervise)
                return Outcome.Invalid(nameof(request.SupervisorId), $"{supervisor.Name} is not, checked, on the register that {(request.Kind == SlotKind.Induction ? "the induction" : "a project")} asks for");
            if (await db.Execute(Insert, slots, cancellationToken) != slots.Count) {
                var taken = await db.List<Taken>(SelectTaken, new { request.StudentId, supervisor.PersonId, From = first, To = last }, cancellationToken);
                List<Taken> At((DateOnly Day, DateTime Starts, DateTime Ends) t) => [.. taken.Where(o => o.Id != slots.First(s => s.StartsAt == t.Starts).Id && o.StartsAt < t.Ends && o.EndsAt > t.Starts)];
                var full = times.Select(t => (t.Day, There: At(t))).Select(t => (t.Day, IsElsewhere: t.There.Any(o => o.StudentId == request.StudentId), Students: t.There.Count(o => o.SupervisorPersonId == supervisor.PersonId)))
                    .FirstOrDefault(t => t.IsElsewhere || t.Students >= supervisor.Capacity);
                return Outcome.Conflict($"There is no room {(times.Count > 1 && full.Day != default ? $"on {Show.Date(full.Day)}" : "then")}: {(full.IsElsewhere ? $"{student.Name} is somewhere else" : full.Students > 0 ? $"{supervisor.Name} looks after {Show.Count(full.Students, "student")} already" : "the project has as many students as it takes at once")}.");
            }
            await news.Tell([.. slots.Select(s => s.Id)], cancellationToken);
            return slots[0].Id;
        }

        sealed record Taken {
            public Guid Id { get; init; }
            public Guid StudentId { get; init; }
            public Guid SupervisorPersonId { get; init; }
            public DateTime StartsAt { get; init; }
            public DateTime EndsAt { get; init; }
        }

        sealed record SupervisorRow {
            public Guid PersonId { get; init; }
            public Guid OrganisationId { get; init; }
            public string Name { get; init; } = "";
            public int Capacity { get; init; }
            public Register Register { get; init; }
            public DateOnly? CheckedOn { get; init; }
            public Register Asked { get; init; }
            public int Supervises { get; init; }
            public int Takes { get; init; }
            public bool MaySupervise => Asked == Register.None || (Register == Asked && CheckedOn is not null);
        }

        sealed record Row {
            public Guid? PersonId { get; init; }
            public string Name { get; init; } = "";
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
            public Guid ProgrammeId { get; init; }
        }
    }

    internal sealed record Body(SlotKind? Kind, string? Title, Guid? ProjectId, Guid? SupervisorId, DateOnly? Day, TimeOnly? Starts, TimeOnly? Ends, DateOnly? Until);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/students/{id:guid}/slots", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Kind, body.Title, body.ProjectId, body.SupervisorId, body.Day, body.Starts, body.Ends, body.Until), ct)).ToHttp(made => Results.Created($"/api/v1/placements/students/{id}", new { id = made })))
        .WithName("AddPlacementSlot").WithSummary("Adds shadowing, a meeting or hours in a project to a placement; starts and ends are times in London, until repeats it every week. The student, the supervisor and the host are told.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
