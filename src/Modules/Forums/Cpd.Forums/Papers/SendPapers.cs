using Cpd.Forums.Meetings;
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

namespace Cpd.Forums.Papers;

/// <summary>The papers of a meeting are ready: members can open them from now on, and are told so, once.</summary>
internal static class SendPapers {
    internal sealed record Command(Guid MeetingId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Ready = """
            UPDATE forums_Meeting SET PapersReadyAt = @Now
            WHERE Id = @MeetingId AND PapersReadyAt IS NULL AND State = 'Published' AND StartsAt > @Now
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Ready, new { request.MeetingId, Now = now }, cancellationToken) == 0)
                return Outcome.Conflict(meeting.PapersReadyAt is { } since ? $"The papers have been ready since {Show.DateAndTime(since)}." : "Only papers of a published meeting that has not begun are sent out.");
            await mailbox.Plan([new Planned(TellOfPapers.Name, meeting.Id, meeting.Id, Planned.Everyone, now) { AuthorityId = meeting.AuthorityId, GoodUntil = meeting.EndsAt }], cancellationToken);
            return Outcome.Done;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/papers-ready", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id), ct)).ToHttp())
        .WithName("SendPapers").WithSummary("Lets members open the papers of a meeting ahead, and tells them so by email. Once.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
