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

namespace Cpd.Forums.MeetingRegisters;

/// <summary>An officer sets what the terms of reference of a forum ask for. Meetings whose register is closed keep what held then.</summary>
internal static class SetQuorum {
    internal sealed record Query(Guid SeriesId) : IRequest<Outcome<View>>;

    internal sealed record View(OneSeries Series, IReadOnlyList<QuorumRule> Rules);

    /// <param name="Rules">All of them; a role that is not named is not asked for.</param>
    internal sealed record Command(Guid SeriesId, IReadOnlyList<QuorumRule>? Rules) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Rules).Must(r => r is null || r.All(x => x is not null)).WithMessage("Leave out empty rules")
            .Must(r => r is null || r.OfType<QuorumRule>().All(x => x.Least is >= 1 and <= 1000 && (x.Role is null || Enum.IsDefined(x.Role.Value)))).WithMessage("Each number must be between 1 and 1,000")
            .Must(r => r is null || r.OfType<QuorumRule>().Select(x => x.Role).Distinct().Count() == r.OfType<QuorumRule>().Count()).WithMessage("Name each role once");
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<Done>> {
        const string Select = "SELECT Role, Least FROM forums_QuorumRule WHERE SeriesId = @SeriesId ORDER BY Role";
        // Written first, so that of two who set it at once the second's rules stand whole.
        const string Touch = "UPDATE forums_Series SET Version = Version + 1 WHERE Id = @SeriesId";
        const string Delete = "DELETE FROM forums_QuorumRule WHERE SeriesId = @SeriesId";
        const string Insert = "INSERT INTO forums_QuorumRule (SeriesId, Role, Least) VALUES (@SeriesId, @Role, @Least)";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) => await OneSeries.Managed(db, me, request.SeriesId, cancellationToken) is { } series
            ? new View(series, [.. (await db.List<Row>(Select, request, cancellationToken)).Select(r => new QuorumRule(Quorum.Role(r.Role), r.Least))]) : Outcome.NotFound;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await OneSeries.Managed(db, me, request.SeriesId, cancellationToken) is null) return Outcome.NotFound;
            await db.Execute(Touch, request, cancellationToken);
            await db.Execute(Delete, request, cancellationToken);
            if (request.Rules is { Count: > 0 } rules) await db.Execute(Insert, rules.Select(r => new { request.SeriesId, Role = Quorum.Key(r.Role), r.Least }).ToList(), cancellationToken);
            return Outcome.Done;
        }

        sealed record Row {
            public string Role { get; init; } = "";
            public int Least { get; init; }
        }
    }

    internal sealed record Body(IReadOnlyList<QuorumRule>? Rules);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/forums/{id:guid}/quorum", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Rules), ct)).ToHttp())
        .WithName("SetQuorum").WithSummary("What the terms of reference of a forum ask for: at least so many of a role, or of anyone where role is null. Empty asks for nothing.").Produces(204).ProducesValidationProblem().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
