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

/// <summary>An officer says who chairs a meeting: a member of the forum, of whatever role, or an officer; or nobody yet.</summary>
internal static class SetChair {
    internal sealed record Command(Guid MeetingId, Guid? ChairId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = "UPDATE forums_Meeting SET ChairId = @ChairId WHERE Id = @MeetingId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (await ForumPeople.Named(db, mediator, meeting.SeriesId, meeting.AuthorityId, request.ChairId, null, cancellationToken) is null) return Outcome.Invalid(nameof(request.ChairId), "Select a member of the forum or an officer");
            await db.Execute(Update, request, cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(Guid? PersonId);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/meetings/{id:guid}/chair", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonId), ct)).ToHttp())
        .WithName("SetChair").WithSummary("Who chairs a meeting: a member of the forum or an officer; null for nobody yet.").Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
