using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Registers;

/// <summary>How exactly an authority counts the time that people attend.</summary>
internal static class SeeRegisterRules {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    /// <param name="Tolerance">By how many minutes someone may come late or leave early and still have attended all of it.</param>
    /// <param name="Version">0 while the authority has said nothing and the usual holds.</param>
    internal sealed record View(Guid AuthorityId, string AuthorityName, int Tolerance, int Version);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT Tolerance, Version FROM training_RegisterRule WHERE AuthorityId = @AuthorityId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeBookingRules);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            if ((await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == request.AuthorityId) is not { } authority) return Outcome.NotFound;
            var row = await db.One<Row>(Select, request, cancellationToken);
            return new View(authority.Id, authority.Name, row?.Tolerance ?? Register.UsualTolerance, row?.Version ?? 0);
        }

        sealed record Row {
            public int Tolerance { get; init; }
            public int Version { get; init; }
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/authorities/{authorityId:guid}/register-rules", async (Guid authorityId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(authorityId), ct)).ToHttp())
        .WithName("SeeRegisterRules").WithSummary("By how many minutes someone may come late or leave early and still have attended all of a date.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeBookingRules);
}
