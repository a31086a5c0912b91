using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Members;

/// <summary>An officer makes somebody of their authority a member of a forum in which it takes part, whoever the forum is for. They are invited to its meetings from then on.</summary>
internal static class AddMember {
    /// <param name="Role">What they count as; from their job when null.</param>
    internal sealed record Command(Guid SeriesId, Guid PersonId, ForumRole? Role = null) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Role).IsInEnum().WithMessage("Select a role from the list");
    }

    internal sealed class Handler(IMediator mediator, ForumScope scope, Joining joining, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await scope.Of(request.SeriesId, cancellationToken) is not { } found) return Outcome.NotFound;
            var home = (await mediator.Send(new FindHomes([request.PersonId], London.Today(clock)), cancellationToken)).FirstOrDefault(h => found.Mine.Contains(h.AuthorityId));
            if (home is null) return Outcome.NotFound;
            return await joining.Add(request.SeriesId, found.Series.Name, found.Series.AuthorityId, new(home.PersonId, home.AuthorityId, home.SettingId, request.Role ?? Usual(home)), $"{home.Name} is a member already.", cancellationToken);
        }
    }

    /// <summary>What somebody counts as unless an officer says otherwise.</summary>
    internal static ForumRole Usual(Home home) => home.JobRole is { } job ? ForumsWording.RoleOf(job) : ForumRole.Partner;

    internal sealed record Body(Guid PersonId, ForumRole? Role);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/members", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.PersonId, body.Role), ct)).ToHttp())
        .WithName("AddForumMember").WithSummary("Makes somebody of your authority a member of a forum; they are told by email.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
