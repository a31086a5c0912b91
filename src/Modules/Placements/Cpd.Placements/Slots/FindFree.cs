using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Slots;

/// <summary>
/// Where a missed slot can be made good within the placement: in the same project, in a part of the day of the same length, with room, with somebody on duty who may supervise it, and with the
/// student free, also of what the other modules know. The earliest first.
/// </summary>
internal static class FindFree {
    internal const int Most = 60;

    internal sealed record Query(Guid SlotId) : IRequest<Outcome<View>>;

    internal sealed record View(OpenSlot.View Missed, IReadOnlyList<Option> Options);

    internal sealed record Option(DateOnly Day, int DayPart, DateTime StartsAt, DateTime EndsAt, Guid SupervisorId, string SupervisorName) {
        public string Value => $"{Day:yyyy-MM-dd}.{DayPart}.{SupervisorId}";
    }

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectStudent = "SELECT PersonId, StartsOn, EndsOn FROM placements_Student WHERE Id = @StudentId AND State = 'Active'";
        const string SelectProject = """
            SELECT h.Capacity, p.OpensOn, CASE WHEN @Kind = 'Induction' THEN p.InductionRegister ELSE p.ProjectRegister END AS Register
            FROM placements_ProgrammeHost h JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.Id = @ProjectId AND h.State = 'Accepted'
            """;
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @ProgrammeId AND Ends - Starts = @Minutes ORDER BY Number";
        const string SelectOff = "SELECT OffOn FROM placements_DayOff WHERE ProgrammeId = @ProgrammeId AND OffOn >= @From AND OffOn <= @To";
        const string SelectRooms = "SELECT Weekday, DayPart, Capacity FROM placements_Room WHERE ProjectId = @ProjectId";
        const string SelectDuty = """
            SELECT d.SupervisorId, d.OnDay, d.DayPart, v.Name, v.Capacity, v.PersonId, v.OrganisationId
            FROM placements_Duty d
            JOIN placements_Supervisor v ON v.Id = d.SupervisorId
            JOIN placements_SupervisorProject x ON x.SupervisorId = v.Id AND x.ProjectId = @ProjectId
            WHERE d.OnDay >= @From AND d.OnDay <= @To AND v.EndedAt IS NULL AND (@Register = 'None' OR (v.Register = @Register AND v.CheckedOn IS NOT NULL))
            ORDER BY d.OnDay, d.DayPart, v.Name, v.Id
            """;
        const string SelectTaken = $"""
            SELECT ProjectId, SupervisorId, StudentId, StartsAt, EndsAt FROM placements_Slot
            WHERE ProgrammeId = @ProgrammeId AND OnDay >= @From AND OnDay <= @To AND State IN ('Published', 'Attended')
            UNION ALL
            SELECT NULL AS ProjectId, own.Id AS SupervisorId, t.StudentId, t.StartsAt, t.EndsAt {Slot.Elsewhere}
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var opened = await mediator.Send(new OpenSlot.Query(request.SlotId), cancellationToken);
            if (opened.Refusal is { } refusal) return refusal;
            var (missed, slot) = (opened.Value, opened.Value.Slot);
            if (slot.State != SlotState.Missed || missed.IsMadeGood) return Outcome.Conflict("Only a missed slot that has not been made good yet gets another time.");
            if (missed.ProjectId is null || await db.One<Window>(SelectStudent, new { slot.StudentId }, cancellationToken) is not { } student) return new View(missed, []);
            var today = London.Today(clock);
            var args = new { missed.ProgrammeId, missed.ProjectId, slot.Minutes, Kind = slot.Kind.ToString(), From = today > student.StartsOn ? today : student.StartsOn, To = student.EndsOn };
            if (args.From > args.To || await db.One<Project>(SelectProject, args, cancellationToken) is not { } project) return new View(missed, []);
            var parts = (await db.List<SeeSetUp.Part>(SelectParts, args, cancellationToken)).ToDictionary(p => p.Number);
            var off = (await db.List<DateOnly>(SelectOff, args, cancellationToken)).Concat(await mediator.Send(new ListClosedDays(missed.AuthorityId, args.From, args.To), cancellationToken)).ToHashSet();
            var rooms = (await db.List<Hosts.OpenProject.Room>(SelectRooms, args, cancellationToken)).ToDictionary(r => (r.Weekday, r.DayPart), r => r.Capacity);
            var taken = await db.List<Taken>(SelectTaken, args, cancellationToken);
            IReadOnlyList<Commitment> bound = student.PersonId is { } person ? await everyone.Ask<FindCommitments, Commitment>(new([person], London.StartOf(args.From), London.StartOf(args.To.AddDays(1))), cancellationToken) : [];
            var now = clock.GetUtcNow().UtcDateTime;
            var options = new List<Option>();
            var onDuty = await db.List<Duty>(SelectDuty, new { args.ProjectId, args.From, args.To, project.Register }, cancellationToken);
            var former = await mediator.Former(onDuty.Select(d => d.OrganisationId), cancellationToken);
            foreach (var duty in onDuty.Where(d => !former.ContainsKey((d.OrganisationId, d.PersonId)))) {
                if (options.Count == Most) break;
                if (!parts.TryGetValue(duty.DayPart, out var part) || off.Contains(duty.OnDay) || (project.OpensOn & 1 << (Words.Weekday(duty.OnDay) - 1)) == 0) continue;
                var (starts, ends) = (London.ToUtc(duty.OnDay, part.From), London.ToUtc(duty.OnDay, part.To));
                var then = taken.Where(t => t.StartsAt < ends && t.EndsAt > starts).ToList();
                if (starts <= now || then.Any(t => t.StudentId == slot.StudentId) || bound.Any(b => b.StartsAt < ends && b.EndsAt > starts) || then.Count(t => t.SupervisorId == duty.SupervisorId) >= duty.Capacity
                    || then.Count(t => t.ProjectId == missed.ProjectId) >= rooms.GetValueOrDefault((Words.Weekday(duty.OnDay), duty.DayPart), project.Capacity)) continue;
                options.Add(new(duty.OnDay, duty.DayPart, starts, ends, duty.SupervisorId, duty.Name));
            }
            return new View(missed, options);
        }

        sealed record Window {
            public Guid? PersonId { get; init; }
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
        }

        sealed record Project {
            public int Capacity { get; init; }
            public int OpensOn { get; init; }
            public string Register { get; init; } = "";
        }

        sealed record Duty {
            public Guid SupervisorId { get; init; }
            public DateOnly OnDay { get; init; }
            public int DayPart { get; init; }
            public string Name { get; init; } = "";
            public int Capacity { get; init; }
            public Guid PersonId { get; init; }
            public Guid OrganisationId { get; init; }
        }

        sealed record Taken {
            public Guid? ProjectId { get; init; }
            public Guid SupervisorId { get; init; }
            public Guid StudentId { get; init; }
            public DateTime StartsAt { get; init; }
            public DateTime EndsAt { get; init; }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/slots/{id:guid}/again", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(found => Results.Ok(found.Options)))
        .WithName("FindFreePlacementTimes").WithSummary("When a missed slot can be made good within its placement, the earliest first, at most 60; value is what one is chosen by.")
        .Produces<IReadOnlyList<Option>>().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SignHours);
}
