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

/// <summary>Whoever came to a meeting without being a member becomes one, with the role, the setting and the authority that the register has of them.</summary>
internal static class KeepWalkIn {
    internal sealed record Command(Guid MeetingId, Guid PersonId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PersonId).NotEmpty();
    }

    internal sealed class Handler(Db db, Joining joining, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = """
            SELECT s.Id AS SeriesId, s.Name, s.AuthorityId AS OwnerId, p.AuthorityId, p.SettingId, p.Role
            FROM forums_Participant p
            JOIN forums_Meeting m ON m.Id = p.MeetingId
            JOIN forums_Series s ON s.Id = m.SeriesId
            WHERE p.MeetingId = @MeetingId AND p.PersonId = @PersonId AND p.IsGuest = 1 AND (@All = 1 OR s.AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            if (await db.One<Row>(Select, new { request.MeetingId, request.PersonId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } guest) return Outcome.NotFound;
            return await joining.Add(guest.SeriesId, guest.Name, guest.OwnerId, new(request.PersonId, guest.AuthorityId, guest.SettingId, guest.Role), "They are a member already.", cancellationToken);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/walk-ins/{personId:guid}/keep", async (Guid id, Guid personId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, personId), ct)).ToHttp())
        .WithName("KeepWalkIn").WithSummary("Makes whoever came to a meeting as a guest a member of its forum.").Produces(204).ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);

    sealed record Row {
        public Guid SeriesId { get; init; }
        public string Name { get; init; } = "";
        public Guid OwnerId { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? SettingId { get; init; }
        public ForumRole Role { get; init; }
    }
}
