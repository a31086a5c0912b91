using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// Who came and left, tapped at the door, one by one or all that gathered on a phone without a network, or typed in from paper afterwards; whoever came without being a
/// member is added. Each is answered for itself, and the same mark counts once. On a register that is closed it is a correction.
/// </summary>
internal static class MarkAttendance {
    /// <param name="SentAt">What the sender's clock said when it sent this: a clock that is wrong by minutes is put right by it.</param>
    internal sealed record Command(Guid MeetingId, IReadOnlyList<Made>? Marks, DateTimeOffset? SentAt = null) : IRequest<Outcome<Answered>>, IWrite;

    /// <param name="PersonId">Whom it is about; or the code that they show at the door.</param>
    internal sealed record Made(Guid Nonce, MarkKind? Kind, Guid? PersonId, DateTimeOffset? At = null, DateTimeOffset? Until = null, Guid? Undoes = null, MarkSource? Source = null, DateTimeOffset? MadeAt = null, string? Reference = null) : ISentMark;

    internal sealed record Answered(IReadOnlyList<MarkAnswer> Marks);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Marks).NotEmpty().WithMessage("Send at least one mark").Must(m => m is null || m.Count <= 1000).WithMessage("Send at most 1,000 marks at a time");
            RuleForEach(c => c.Marks).SetValidator(new SentMarkRules<Made>("Say when they came and left"));
            RuleForEach(c => c.Marks).ChildRules(mark => mark.RuleFor(m => m.PersonId).Must((m, id) => id is { } person ? person != Guid.Empty : !string.IsNullOrWhiteSpace(m.Reference)).WithMessage("Say whom the mark is about"));
        }
    }

    internal sealed class Handler(Db db, Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Answered>> {
        const string SelectKnown = "SELECT Nonce FROM forums_Mark WHERE Nonce IN @Nonces";

        public async Task<Outcome<Answered>> Handle(Command request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken, toWrite: true) is not { } opened) return Outcome.NotFound;
            if (register.NotNow(opened.Meeting) is { } early) return early;
            var made = request.Marks!;
            var known = (await db.List<Guid>(SelectKnown, new { Nonces = db.Ids(made.Select(m => m.Nonce).Distinct()) }, cancellationToken)).ToHashSet();
            // Only a mark that counts writes them down: one that is sent again does not bring back a guest who was taken off since.
            await register.AddGuests(opened, made.Select(m => m.PersonId).OfType<Guid>(), cancellationToken);
            var byCode = opened.People.Keys.ToLookup(p => DoorCode.Of(request.MeetingId, p), StringComparer.Ordinal);
            var read = new SentMarks("meeting", opened.Meeting.StartsAt, opened.Marks, known, request.SentAt, clock.GetUtcNow().UtcDateTime, me.PersonId);
            foreach (var mark in made) read.Read(mark, Whom(mark), () => mark.PersonId is null ? $"Nobody on this register has the code {Codes.Normalise(mark.Reference!)}." : "They are not on the register, and belong to none of the forum's authorities.");
            await register.Write(opened, read.Fresh, close: false, cancellationToken);
            return new Answered(read.Answers);

            Guid? Whom(Made mark) => mark.PersonId is { } person ? opened.People.ContainsKey(person) ? person : null : byCode[Codes.Normalise(mark.Reference!)].Select(p => (Guid?)p).FirstOrDefault();
        }
    }

    internal sealed record Body(IReadOnlyList<Made>? Marks, DateTimeOffset? SentAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/marks", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Marks, body.SentAt), ct)).ToHttp())
        .WithName("MarkForumAttendance").WithSummary("Marks on the register of a meeting: Came, Left, Times (at and until), Absent, Clear, or Undo of a mark within 15 minutes. Each carries a nonce and counts once; the latest by madeAt has the last word. About a personId, or the code that somebody shows at the door.")
        .Produces<Answered>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
