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
/// Marks made at the door, one by one or all that gathered on a phone without a network. Each is answered for itself. The same mark counts once,
/// however often it is sent; of marks that differ, the latest by the time at which it was made has the last word.
/// </summary>
internal static class MarkAttendance {
    /// <param name="SentAt">What the sender's clock said when it sent this: a clock that is wrong by minutes is put right by it.</param>
    internal sealed record Command(Guid SessionId, DateTimeOffset? SentAt, IReadOnlyList<Made>? Marks) : IRequest<Outcome<Answered>>, IWrite;

    /// <param name="BookingId">Whom it is about; or their booking's reference; or, for somebody without a booking, the person.</param>
    internal sealed record Made(Guid Nonce, MarkKind? Kind, Guid? BookingId, string? Reference, Guid? PersonId, DateTimeOffset? At, DateTimeOffset? Until, Guid? Undoes, DateTimeOffset? MadeAt, MarkSource? Source) : ISentMark;

    internal sealed record Answered(IReadOnlyList<MarkAnswer> Marks, int Recorded, int NotRecorded);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Marks).NotEmpty().WithMessage("Send at least one mark").Must(m => m is null || m.Count <= 500).WithMessage("Send at most 500 marks at a time");
            RuleForEach(c => c.Marks).SetValidator(new SentMarkRules<Made>("Record the whole session with the register"));
            RuleForEach(c => c.Marks).ChildRules(mark => {
                mark.RuleFor(m => m.MadeAt).NotNull().WithMessage("Say when the mark was made");
                mark.RuleFor(m => m.BookingId).Must((m, _) => m.BookingId is not null || m.PersonId is not null || !string.IsNullOrWhiteSpace(m.Reference)).WithMessage("Say whom the mark is about");
            });
        }
    }

    internal sealed class Handler(Db db, Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Answered>> {
        const string SelectKnown = "SELECT Nonce FROM training_Mark WHERE Nonce IN @Nonces";
        const string SelectElsewhere = """
            SELECT b.Reference, b.State, s.StartsAt, c.Title, s.Id AS SessionId
            FROM training_Booking b
            JOIN training_Session s ON s.Id = b.SessionId
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE b.Reference IN @References AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;

        public async Task<Outcome<Answered>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            if (await register.Open(request.SessionId, reach, cancellationToken) is not { } opened) return Outcome.NotFound;
            if (register.NotNow(opened.Session) is { } early) return early;
            var (made, now) = (request.Marks!, clock.GetUtcNow().UtcDateTime);
            var known = new HashSet<Guid>();
            foreach (var batch in made.Select(m => m.Nonce).Distinct().Chunk(1000)) known.UnionWith(await db.List<Guid>(SelectKnown, new { Nonces = db.Ids(batch) }, cancellationToken));

            // A mark that is sent again must not bring back a walk-in who was removed since.
            var walkIns = made.Where(m => !known.Contains(m.Nonce)).Select(m => m.PersonId).OfType<Guid>().Distinct().ToList();
            if (await register.AddWalkIns(opened, walkIns, cancellationToken) is { } stranger) return stranger;

            var byId = opened.Booked.ToDictionary(b => b.Id);
            var byReference = opened.Booked.DistinctBy(b => b.Reference).ToDictionary(b => b.Reference, StringComparer.Ordinal);
            var unknown = made.Select(m => Reference(m)).OfType<string>().Where(r => !byReference.ContainsKey(r)).Distinct(StringComparer.Ordinal).ToList();
            var elsewhere = unknown.Count == 0 ? [] : (await db.List<Elsewhere>(SelectElsewhere, new {
                References = unknown, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty,
            }, cancellationToken)).ToDictionary(e => e.Reference, StringComparer.Ordinal);

            var read = new SentMarks("session", opened.Session.StartsAt, opened.Marks, known, request.SentAt, now, me.PersonId);
            foreach (var mark in made) read.Read(mark, Booking(mark)?.Id, () => NotHere(mark));
            var written = await register.Write(opened, read.Fresh, close: false, cancellationToken);
            return written.Refusal is { } refusal ? Outcome<Answered>.Of(refusal) : new Answered(read.Answers, written.Value.Recorded, written.Value.NotRecorded);

            Register.Booking? Booking(Made mark) =>
                mark.BookingId is { } id ? byId.GetValueOrDefault(id)
                : mark.PersonId is { } person ? opened.Live.GetValueOrDefault(person) is { State: BookingState.Booked } walkIn ? walkIn : null
                : Reference(mark) is { } reference ? byReference.GetValueOrDefault(reference) : null;

            string NotHere(Made mark) => Reference(mark) is not { } reference ? "They are no longer on the register. Add them as a walk-in if they came."
                : !elsewhere.TryGetValue(reference, out var other) ? $"No booking of this session has the reference {reference}."
                : other.SessionId != request.SessionId ? $"{reference} is a booking for {other.Title} on {Show.Date(other.StartsAt)}, not for this session."
                : other.State == BookingState.Waiting ? $"{reference} is on the waiting list. Add them as a walk-in if they stay." : $"The booking {reference} has been cancelled. Add them as a walk-in if they stay.";
        }

        static string? Reference(Made mark) => mark.BookingId is null && mark.PersonId is null && mark.Reference is { } typed ? Codes.Normalise(typed) : null;

        sealed record Elsewhere {
            public string Reference { get; init; } = "";
            public BookingState State { get; init; }
            public DateTime StartsAt { get; init; }
            public string Title { get; init; } = "";
            public Guid SessionId { get; init; }
        }
    }

    internal sealed record Body(DateTimeOffset? SentAt, IReadOnlyList<Made>? Marks);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/{id:guid}/marks", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.SentAt, body.Marks), ct)).ToHttp())
        .WithName("MarkAttendance").WithSummary("Marks made at the door: Came, Left, Times, Absent, Clear, or Undo of a mark within 15 minutes. Each carries a nonce and counts once; the latest by madeAt has the last word. About a bookingId, a booking's reference, or a personId who walked in.")
        .Produces<Answered>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.KeepRegister);
}
