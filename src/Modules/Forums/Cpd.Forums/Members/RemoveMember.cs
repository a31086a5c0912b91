using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Members;

/// <summary>An officer removes a member: they are told, and not invited any more. What they attended stays.</summary>
internal static class RemoveMember {
    internal sealed record Command(Guid SeriesId, Guid PersonId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonId).NotEmpty();
    }

    internal sealed class Handler(Db db, ForumScope scope, Joining joining) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectHome = "SELECT AuthorityId FROM forums_Member WHERE SeriesId = @SeriesId AND PersonId = @PersonId AND Until IS NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            if (await db.One<Guid?>(SelectHome, request, cancellationToken) is not { } home || !found.Series.IsOwn && !found.Mine.Contains(home)) return Outcome.NotFound;
            return await joining.Remove(request.SeriesId, found.Series.Name, found.Series.AuthorityId, request.PersonId, cancellationToken) ? Outcome.Done : Outcome.NotFound;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/forums/{id:guid}/members/{personId:guid}", async (Guid id, Guid personId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, personId), ct)).ToHttp())
        .WithName("RemoveForumMember").WithSummary("Ends somebody's membership of a forum; they are told by email, and only an officer can make them a member again.").Produces(204).ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
