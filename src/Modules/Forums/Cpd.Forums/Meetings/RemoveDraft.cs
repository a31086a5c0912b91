using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Meetings;

/// <summary>An officer takes a draft away with what was prepared for it. Nobody was told of it, so nobody is told now, and it is not shown as cancelled.</summary>
internal static class RemoveDraft {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    const string DeletePaperParts = "DELETE FROM forums_PaperPart WHERE PaperId IN (SELECT p.Id FROM forums_Paper p WHERE p.MeetingId IN @Ids)";
    const string DeletePapers = "DELETE FROM forums_Paper WHERE MeetingId IN @Ids";
    const string DeleteItems = "DELETE FROM forums_AgendaItem WHERE MeetingId IN @Ids";
    const string DeleteChoices = "DELETE FROM forums_PollChoice WHERE PollId IN (SELECT p.Id FROM forums_Poll p WHERE p.MeetingId IN @Ids)";
    const string DeletePolls = "DELETE FROM forums_Poll WHERE MeetingId IN @Ids";
    const string Delete = "DELETE FROM forums_Meeting WHERE Id IN @Ids";

    /// <summary>Takes drafts away with all that was prepared for them.</summary>
    internal static async Task TakeAway(Db db, IReadOnlyList<Guid> ids, CancellationToken ct) {
        foreach (var sql in (string[])[DeletePaperParts, DeletePapers, DeleteItems, DeleteChoices, DeletePolls, Delete]) await db.Execute(sql, new { Ids = db.Ids(ids) }, ct);
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        // Written first: whoever publishes it at the same moment waits, and finds nothing; or was first, and it stays.
        const string Claim = "UPDATE forums_Meeting SET Version = Version + 1 WHERE Id = @Id AND State = 'Draft'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.Id, cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Claim, request, cancellationToken) == 0) return Outcome.Conflict("The meeting is published, so people know of it. Cancel it instead.");
            await TakeAway(db, [request.Id], cancellationToken);
            return Outcome.Done;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/meetings/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id), ct)).ToHttp())
        .WithName("RemoveDraftMeeting").WithSummary("Takes away a meeting of a forum that is still a draft.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
