using System.Globalization;
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
/// Who came and left, tapped at the door or typed in from paper afterwards; whoever came without being a member is added. The same mark counts once. On a
/// register that is closed it is a correction.
/// </summary>
internal static class MarkAttendance {
    internal sealed record Command(Guid MeetingId, IReadOnlyList<Made>? Marks) : IRequest<Outcome<Done>>, IWrite;

    /// <param name="Nonce">Made with the mark, and sent with it each time.</param>
    /// <param name="At">Typed times: when they came.</param>
    /// <param name="Until">Typed times: when they left.</param>
    /// <param name="Undoes">The nonce of the mark that is taken back, at most 15 minutes after it was made.</param>
    internal sealed record Made(Guid Nonce, MarkKind? Kind, Guid PersonId, DateTimeOffset? At = null, DateTimeOffset? Until = null, Guid? Undoes = null, MarkSource Source = MarkSource.Door);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Marks).NotEmpty().WithMessage("Send at least one mark").Must(m => m is null || m.Count <= 1000).WithMessage("Send at most 1,000 marks at a time")
                .Must(m => m is null || m.All(x => x is not null)).WithMessage("Leave out empty marks");
            RuleForEach(c => c.Marks).Where(m => m is not null).ChildRules(mark => {
                mark.RuleFor(m => m.Nonce).NotEmpty().WithMessage("Give each mark a nonce of its own");
                mark.RuleFor(m => m.PersonId).NotEmpty().WithMessage("Say whom the mark is about");
                mark.RuleFor(m => m.Kind).NotNull().WithMessage("Say what is marked").IsInEnum().WithMessage("Say what is marked").NotEqual(MarkKind.Whole).WithMessage("Say when they came and left");
                mark.RuleFor(m => m.Undoes).Must((m, undoes) => m.Kind != MarkKind.Undo || undoes is not null).WithMessage("Say which mark is taken back");
                mark.RuleFor(m => m.At).Must((m, at) => m.Kind != MarkKind.Times || at is not null || m.Until is not null).WithMessage("Enter the time they came or left");
                mark.RuleFor(m => m.Until).Must((m, until) => m.Kind != MarkKind.Times || m.At is null || until is null || until > m.At).WithMessage("The time they left must be after the time they came");
                mark.RuleFor(m => m.Source).Must(s => s is MarkSource.Door or MarkSource.Paper).WithMessage("A mark is made at the door or from paper");
            });
        }
    }

    internal sealed class Handler(Db db, Register register, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectKnown = "SELECT Nonce FROM forums_Mark WHERE Nonce IN @Nonces";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken, toWrite: true) is not { } opened) return Outcome.NotFound;
            if (register.NotNow(opened.Meeting) is { } early) return early;
            var known = (await db.List<Guid>(SelectKnown, new { Nonces = db.Ids(request.Marks!.Select(m => m.Nonce).Distinct()) }, cancellationToken)).ToHashSet();
            var made = request.Marks!.Where(m => known.Add(m.Nonce)).ToList();
            if (await register.AddGuests(opened, made.Where(m => m.Kind != MarkKind.Undo).Select(m => m.PersonId), cancellationToken) is { } stranger) return stranger;
            // To the millisecond, as it is stored: what is compared before and after must be the same.
            var now = clock.GetUtcNow().UtcDateTime is var moment ? moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMillisecond)) : default;
            foreach (var mark in made.Where(m => m.Kind == MarkKind.Undo)) {
                if (opened.Marks.FirstOrDefault(m => m.Nonce == mark.Undoes && m.EntryId == mark.PersonId) is not { } undone) return Outcome.Conflict("The mark that was to be taken back is not there.");
                if (now - undone.MadeAt > Presence.Undoable) return Outcome.Conflict(string.Create(CultureInfo.InvariantCulture, $"A mark can be taken back for {Presence.Undoable.TotalMinutes} minutes. After that, type in the times."));
            }
            await register.Write(opened, [.. made.Select(m => new Mark {
                Nonce = m.Nonce, EntryId = m.PersonId, Kind = m.Kind!.Value, Undoes = m.Kind == MarkKind.Undo ? m.Undoes : null, Source = m.Source, MadeAt = now, MadeBy = me.PersonId,
                At = m.Kind switch { MarkKind.Undo => null, MarkKind.Times => m.At?.UtcDateTime, _ => m.At?.UtcDateTime ?? now }, Until = m.Kind == MarkKind.Times ? m.Until?.UtcDateTime : null,
            })], close: false, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(IReadOnlyList<Made>? Marks);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/marks", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Marks), ct)).ToHttp())
        .WithName("MarkForumAttendance").WithSummary("Marks on the register of a meeting: Came, Left, Times (at and until), Absent, Clear, or Undo of a mark within 15 minutes. Each carries a nonce and counts once.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
