using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Polls;

/// <summary>An officer opens a poll for votes and closes it, which keeps its result for good; one that was never opened can be taken away.</summary>
internal static class ChangePoll {
    internal enum Change { Open, Close, Remove }

    internal sealed record Command(Guid MeetingId, Guid PollId, Change? Change) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Change).NotNull().WithMessage("Say what to do with the poll").IsInEnum().WithMessage("Say what to do with the poll");
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Open = "UPDATE forums_Poll SET State = 'Open', OpenedAt = @Now WHERE Id = @PollId AND MeetingId = @MeetingId AND State = 'Ready'";
        const string Close = "UPDATE forums_Poll SET State = 'Closed', ClosedAt = @Now WHERE Id = @PollId AND MeetingId = @MeetingId AND State = 'Open'";
        const string RemoveChoices = "DELETE FROM forums_PollChoice WHERE PollId IN (SELECT p.Id FROM forums_Poll p WHERE p.Id = @PollId AND p.MeetingId = @MeetingId AND p.State = 'Ready')";
        const string Remove = "DELETE FROM forums_Poll WHERE Id = @PollId AND MeetingId = @MeetingId AND State = 'Ready'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null) return Outcome.NotFound;
            var row = new { request.PollId, request.MeetingId, Now = clock.GetUtcNow().UtcDateTime };
            if (request.Change == Change.Remove) await db.Execute(RemoveChoices, row, cancellationToken);
            return await db.Execute(request.Change switch { Change.Open => Open, Change.Close => Close, _ => Remove }, row, cancellationToken) == 1
                ? Outcome.Done : Outcome.Conflict("The poll is not as it was when you opened the page. Look again.");
        }
    }

    internal sealed record Body(Change? Change);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/polls/{pollId:guid}", async (Guid id, Guid pollId, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, pollId, body.Change), ct)).ToHttp())
        .WithName("ChangePoll").WithSummary("Open or Close a poll, or Remove one that was never opened.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
