using Cpd.Forums.Reminders;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Meetings;

/// <summary>An officer calls off a meeting with a reason, and everyone whom it concerns is told. A draft, of which nobody knows, is taken away instead.</summary>
internal static class CancelMeeting {
    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the meeting is cancelled").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, MeetingMails mails, MeetingRounds rounds, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
        const string Update = """
            UPDATE forums_Meeting SET State = 'Cancelled', CancelledAt = @Now, CancelReason = @Reason, Version = Version + 1
            WHERE Id = @Id AND State = 'Published' AND RegisterClosedAt IS NULL
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var row = new { request.Id, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Meeting>(Select, row, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (await db.Execute(Update, row, cancellationToken) == 0) return Outcome.Conflict(meeting.State switch {
                Publication.Cancelled => "The meeting has already been cancelled.", Publication.Draft => "Nobody knows of a draft yet. Take it away instead.", _ => "The register is closed: the meeting has taken place.",
            });
            await rounds.Plan([request.Id], cancellationToken);
            await mailbox.Add(await mails.Cancelled(meeting, row.Reason, await mails.Concerned(meeting, cancellationToken), cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/cancel", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reason), ct)).ToHttp())
        .WithName("CancelMeeting").WithSummary("Cancels a meeting of a forum and tells everyone.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
