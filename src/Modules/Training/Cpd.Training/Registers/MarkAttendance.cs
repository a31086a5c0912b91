using System.Globalization;
using System.Text.Json.Serialization;
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

    /// <param name="Nonce">Made with the mark, and sent with it each time.</param>
    /// <param name="BookingId">Whom it is about; or their booking's reference; or, for somebody without a booking, the person.</param>
    /// <param name="At">Typed times: when they came. For the other kinds, the moment if it is not that of the mark.</param>
    /// <param name="Until">Typed times: when they left.</param>
    /// <param name="Undoes">The nonce of the mark that is taken back, at most 15 minutes after it was made.</param>
    internal sealed record Made(Guid Nonce, MarkKind? Kind, Guid? BookingId, string? Reference, Guid? PersonId, DateTimeOffset? At, DateTimeOffset? Until, Guid? Undoes, DateTimeOffset? MadeAt, MarkSource? Source);

    [JsonConverter(typeof(JsonStringEnumConverter<Result>))]
    internal enum Result { Counted, AlreadyCounted, Refused }

    internal sealed record Answer(Guid Nonce, Result Result, string? Why);

    internal sealed record Answered(IReadOnlyList<Answer> Marks, int Recorded, int NotRecorded);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Marks).NotEmpty().WithMessage("Send at least one mark").Must(m => m is null || m.Count <= 500).WithMessage("Send at most 500 marks at a time");
            RuleForEach(c => c.Marks).ChildRules(mark => {
                mark.RuleFor(m => m.Nonce).NotEmpty().WithMessage("Give each mark a nonce of its own");
                mark.RuleFor(m => m.Kind).NotNull().WithMessage("Say what is marked").Must(k => k is not MarkKind.Whole).WithMessage("Record the whole session with the register").IsInEnum().WithMessage("Say what is marked");
                mark.RuleFor(m => m.MadeAt).NotNull().WithMessage("Say when the mark was made");
                mark.RuleFor(m => m.BookingId).Must((m, _) => m.BookingId is not null || m.PersonId is not null || !string.IsNullOrWhiteSpace(m.Reference)).WithMessage("Say whom the mark is about");
                mark.RuleFor(m => m.Undoes).Must((m, undoes) => m.Kind != MarkKind.Undo || undoes is not null).WithMessage("Say which mark is taken back");
                mark.RuleFor(m => m.At).Must((m, at) => m.Kind != MarkKind.Times || at is not null || m.Until is not null).WithMessage("Enter the time they came or left");
                mark.RuleFor(m => m.Until).Must((m, until) => m.Kind != MarkKind.Times || m.At is null || until is null || until > m.At).WithMessage("The time they left must be after the time they came");
                mark.RuleFor(m => m.Source).Must(s => s is null or MarkSource.Door or MarkSource.Scan or MarkSource.Paper).WithMessage("A mark is made at the door, by a scan, or from paper");
            });
        }
    }

    internal sealed class Handler(Db db, Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Answered>> {
        /// <summary>A clock may be wrong by so much before the times it gave are moved.</summary>
        static readonly TimeSpan WrongClock = TimeSpan.FromMinutes(2);

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

            var skew = request.SentAt is { } sent && (now - sent.UtcDateTime).Duration() > WrongClock ? now - sent.UtcDateTime : TimeSpan.Zero;
            var (fresh, answers) = (new List<Mark>(), new List<Answer>());
            foreach (var mark in made) {
                if (!known.Add(mark.Nonce)) {
                    answers.Add(new(mark.Nonce, Result.AlreadyCounted, null));
                } else if (Booking(mark) is not { } booking) {
                    answers.Add(new(mark.Nonce, Result.Refused, NotHere(mark)));
                } else {
                    var at = Earlier(mark.MadeAt!.Value.UtcDateTime + skew, now);
                    var typed = mark.Kind == MarkKind.Times ? TimeSpan.Zero : skew;
                    var read = new Mark {
                        Nonce = mark.Nonce, EntryId = booking.Id, Kind = mark.Kind!.Value, Undoes = mark.Kind == MarkKind.Undo ? mark.Undoes : null, Source = mark.Source ?? MarkSource.Door, MadeAt = at, MadeBy = me.PersonId,
                        At = mark.Kind is MarkKind.Undo ? null : mark.Kind == MarkKind.Times ? mark.At?.UtcDateTime : mark.At is { } moment ? Earlier(moment.UtcDateTime + typed, now) : at,
                        Until = mark.Kind == MarkKind.Times ? mark.Until?.UtcDateTime : null,
                    };
                    var why = Problem(opened, read, fresh);
                    if (why is null) fresh.Add(read);
                    answers.Add(new(mark.Nonce, why is null ? Result.Counted : Result.Refused, why));
                }
            }
            var written = await register.Write(opened, fresh, close: false, cancellationToken);
            return written.Refusal is { } refusal ? Outcome<Answered>.Of(refusal) : new Answered(answers, written.Value.Recorded, written.Value.NotRecorded);

            Register.Booking? Booking(Made mark) =>
                mark.BookingId is { } id ? byId.GetValueOrDefault(id)
                : mark.PersonId is { } person ? opened.Live.GetValueOrDefault(person) is { State: BookingState.Booked } walkIn ? walkIn : null
                : Reference(mark) is { } reference ? byReference.GetValueOrDefault(reference) : null;

            string NotHere(Made mark) => Reference(mark) is not { } reference ? "They are no longer on the register. Add them as a walk-in if they came."
                : !elsewhere.TryGetValue(reference, out var other) ? $"No booking of this session has the reference {reference}."
                : other.SessionId != request.SessionId ? $"{reference} is a booking for {other.Title} on {Show.Date(other.StartsAt)}, not for this session."
                : other.State == BookingState.Waiting ? $"{reference} is on the waiting list. Add them as a walk-in if they stay." : $"The booking {reference} has been cancelled. Add them as a walk-in if they stay.";
        }

        static string? Problem(Register.Opened opened, Mark mark, List<Mark> fresh) {
            if (London.Day(mark.MadeAt) < London.Day(opened.Session.StartsAt)) return $"It was made before the day of the session, {Show.Date(opened.Session.StartsAt)}.";
            if (mark.Kind != MarkKind.Undo) return null;
            var undone = opened.Marks.Concat(fresh).FirstOrDefault(m => m.Nonce == mark.Undoes && m.EntryId == mark.EntryId);
            return undone is null ? "The mark that was to be taken back is not there."
                : mark.MadeAt - undone.MadeAt > Presence.Undoable ? string.Create(CultureInfo.InvariantCulture, $"A mark can be taken back for {Presence.Undoable.TotalMinutes} minutes. Correct it in the whole register.") : null;
        }

        static string? Reference(Made mark) => mark.BookingId is null && mark.PersonId is null && mark.Reference is { } typed ? Codes.Normalise(typed) : null;

        // To the millisecond, as it is stored: what is compared before and after must be the same.
        static DateTime Earlier(DateTime one, DateTime other) => (one < other ? one : other) is var at ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)) : default;

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
