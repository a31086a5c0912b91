using Cpd.Forums.Series;
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

/// <summary>An officer publishes all drafts of a forum that lie ahead; every member is invited to them in one message.</summary>
internal static class PublishDrafts {
    internal sealed record Command(Guid SeriesId) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SeriesId).NotEmpty();
    }

    internal sealed class Handler(Db db, Publishing publishing, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Select = "SELECT Id FROM forums_Meeting WHERE SeriesId = @SeriesId AND State = 'Draft' AND StartsAt > @Now ORDER BY StartsAt, Id";
        const string Publish = "UPDATE forums_Meeting SET State = 'Published', Version = Version + 1 WHERE Id IN @Ids AND State = 'Draft'";

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            // Held, so that of two who publish at once the second finds no draft.
            if ((await OneSeries.Living(db, me, request.SeriesId, cancellationToken)).Refusal is { } refusal) return refusal;
            var drafts = await db.List<Guid>(Select, new { request.SeriesId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
            if (drafts.Count == 0) return Outcome.Conflict("There are no drafts ahead to publish.");
            await db.Execute(Publish, new { Ids = db.Ids(drafts) }, cancellationToken);
            await publishing.Tell(drafts, cancellationToken);
            return drafts.Count;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/publish", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id), ct)).ToHttp())
        .WithName("PublishForumDrafts").WithSummary("Publishes the drafts of a forum that lie ahead and invites every member once. Gives how many.").Produces<int>().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
