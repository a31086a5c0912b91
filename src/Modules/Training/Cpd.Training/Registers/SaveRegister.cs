using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Registers;

/// <summary>
/// Who attended is recorded from the day of the session on, walk-ins included. Closing the register, once everyone is recorded,
/// tells the other modules; whoever is corrected after that is told of again with a higher revision.
/// </summary>
internal static class SaveRegister {
    internal sealed record Command(Guid SessionId, IReadOnlyList<Entry>? Entries, IReadOnlyList<Guid>? WalkIns, bool Close) : IRequest<Outcome<Saved>>, IWrite {
        /// <summary>Whoever is not recorded after this did not attend.</summary>
        public bool RestDidNotAttend { get; init; }
    }

    /// <param name="Attendance">Null takes back what was recorded; a walk-in is then removed.</param>
    /// <param name="Minutes">For those who attended part.</param>
    /// <param name="Keep">Leave this person as they are recorded now: what another has recorded meanwhile stands.</param>
    internal sealed record Entry(Guid PersonId, Attendance? Attendance, int? Minutes, bool Keep = false);

    internal sealed record Saved(int Recorded, int NotRecorded, bool Closed);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleForEach(c => c.Entries).Where(e => !e.Keep).ChildRules(entry => {
                entry.RuleFor(e => e.Attendance).IsInEnum().WithMessage("Select what to record");
                entry.RuleFor(e => e.Minutes).Must((e, minutes) => e.Attendance != Part || minutes is > 0).WithMessage("Enter how many minutes they attended");
            });
            RuleFor(c => c.Entries).Must(e => e is null || e.Select(x => x.PersonId).Distinct().Count() == e.Count).WithMessage("Name each person once");
            RuleFor(c => c.WalkIns).Must(w => w is null || w.Count <= 200).WithMessage("Add at most 200 people at a time");
        }
    }

    const Attendance Part = Attendance.Part;

    internal sealed class Handler(Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Saved>> {
        public async Task<Outcome<Saved>> Handle(Command request, CancellationToken cancellationToken) {
            if (await register.Open(request.SessionId, me.Reach(TrainingPermissions.KeepRegister), cancellationToken) is not { } opened) return Outcome.NotFound;
            var session = opened.Session;
            if (register.NotNow(session) is { } early) return early;
            if (await register.AddWalkIns(opened, request.WalkIns ?? [], cancellationToken) is { } stranger) return stranger;

            var booked = opened.Booked.ToDictionary(b => b.PersonId);
            var marks = new List<Mark>();
            var entries = request.Entries ?? [];
            for (var i = 0; i < entries.Count; i++) {
                var entry = entries[i];
                if (entry.Keep) continue;
                if (!booked.TryGetValue(entry.PersonId, out var before)) return Outcome.Invalid($"Entries[{i}].PersonId", "This person is not booked at the session: add them as a walk-in");
                if (entry.Attendance == Part && entry.Minutes > session.Minutes) return Outcome.Invalid($"Entries[{i}].Minutes", $"The minutes must be between 1 and {session.Minutes}, the length of the course");
                var minutes = Presence.Counted(entry.Attendance, entry.Minutes, session.Minutes);
                if (before.Attendance != entry.Attendance || before.MinutesAttended != minutes || before is { IsWalkIn: true, Attendance: null }) marks.Add(Whole(before, entry.Attendance, minutes));
            }
            // Someone who walked in was there; whoever knows better says so in an entry.
            foreach (var id in (request.WalkIns ?? []).Where(id => entries.All(e => e.PersonId != id)).Distinct())
                if (booked[id].Attendance is null) marks.Add(Whole(booked[id], Attendance.Attended, session.Minutes));
            if (request.RestDidNotAttend) {
                var said = marks.ToDictionary(m => m.EntryId, m => m.Attendance);
                marks.AddRange(booked.Values.Where(b => !b.IsWalkIn && (said.TryGetValue(b.Id, out var to) ? to : b.Attendance) is null).Select(b => Whole(b, Attendance.DidNotAttend, 0)));
            }
            var outcome = await register.Write(opened, marks, request.Close, cancellationToken);
            return outcome.Refusal is { } refusal ? Outcome<Saved>.Of(refusal) : new Saved(outcome.Value.Recorded, outcome.Value.NotRecorded, outcome.Value.Closed);
        }

        Mark Whole(Register.Booking booking, Attendance? attendance, int minutes) => new() {
            Nonce = Ids.New(clock), EntryId = booking.Id, Kind = MarkKind.Whole, Attendance = attendance, Minutes = minutes, Source = MarkSource.List, MadeAt = clock.GetUtcNow().UtcDateTime, MadeBy = me.PersonId,
        };
    }

    /// <summary>Participatory minutes in proportion to the minutes attended, rounded down, never above them.</summary>
    internal static int Participatory(int minutes, int course, int participatory) =>
        minutes >= course ? Math.Min(participatory, minutes) : (int)Math.Min(minutes, (long)participatory * minutes / course);

    internal sealed record Body(IReadOnlyList<BodyEntry?>? Entries, IReadOnlyList<Guid>? WalkIns, bool Close, bool RestDidNotAttend);
    internal sealed record BodyEntry(Guid PersonId, Attendance? Attendance, int? Minutes);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/sessions/{id:guid}/register", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, [.. (body.Entries ?? []).Select(e => e is null ? null! : new Entry(e.PersonId, e.Attendance, e.Minutes))], body.WalkIns, body.Close) { RestDidNotAttend = body.RestDidNotAttend }, ct)).ToHttp())
        .WithName("SaveRegister").WithSummary("Records who attended: Attended, Part (with minutes), DidNotAttend, or null to take it back. With close, the register is closed and CPD records are made; with restDidNotAttend, whoever is not recorded did not attend.")
        .Produces<Saved>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.KeepRegister);
}
