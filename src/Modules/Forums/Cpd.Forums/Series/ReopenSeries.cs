using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Series;

/// <summary>An officer opens a forum again that had ended. Memberships stay ended: people may join again, or be added.</summary>
internal static class ReopenSeries {
    internal sealed record Command(Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Reopen = "UPDATE forums_Series SET EndedAt = NULL, EndReason = NULL, Version = Version + 1 WHERE Id = @Id AND EndedAt IS NOT NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await OneSeries.Managed(db, me, request.Id, cancellationToken) is null) return Outcome.NotFound;
            return await db.Execute(Reopen, request, cancellationToken) == 1 ? Outcome.Done : Outcome.Conflict("The forum has not ended, so it need not be opened again.");
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/reopen", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id), ct)).ToHttp())
        .WithName("ReopenForum").WithSummary("Opens a forum again that had ended. Its members are not restored; they may join again.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
