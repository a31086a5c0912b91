using Cpd.People.Contracts;
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

/// <summary>
/// An officer says which other authorities take part in a forum: their people may join it, and their officers add and see their own people there. The forum stays that of
/// its own authority. Members who came from an authority that takes part no more stay members.
/// </summary>
internal static class SetAuthorities {
    internal sealed record Command(Guid SeriesId, IReadOnlyList<Guid> Authorities) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Authorities).NotNull();
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        // Written first, so that of two who set them at once the second's choice stands whole.
        const string Touch = "UPDATE forums_Series SET Version = Version + 1 WHERE Id = @SeriesId AND (@All = 1 OR AuthorityId IN @Reached)";
        const string Delete = "DELETE FROM forums_SeriesAuthority WHERE SeriesId = @SeriesId";
        const string Insert = """
            INSERT INTO forums_SeriesAuthority (SeriesId, AuthorityId)
            SELECT s.Id, @AuthorityId FROM forums_Series s WHERE s.Id = @SeriesId AND s.AuthorityId <> @AuthorityId
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.Execute(Touch, new { request.SeriesId, All = reach.All ? 1 : 0, Reached = db.Ids(reach.Authorities) }, cancellationToken) == 0) return Outcome.NotFound;
            var known = (await mediator.Send(new ListAuthorities(), cancellationToken)).Select(a => a.Id).ToHashSet();
            if (!request.Authorities.All(known.Contains)) return Outcome.Invalid(nameof(request.Authorities), "Select local authorities from the list");
            await db.Execute(Delete, new { request.SeriesId }, cancellationToken);
            await db.Execute(Insert, request.Authorities.Distinct().Select(id => new { request.SeriesId, AuthorityId = id }).ToList(), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(IReadOnlyList<Guid>? Authorities);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/forums/{id:guid}/authorities", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Authorities ?? []), ct)).ToHttp())
        .WithName("SetForumAuthorities").WithSummary("Sets which authorities take part in a forum besides its own.").Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
