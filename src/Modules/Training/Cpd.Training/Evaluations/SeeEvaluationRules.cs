using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Evaluations;

/// <summary>What an authority asks after its sessions, and for how long people can answer.</summary>
internal static class SeeEvaluationRules {
    internal sealed record Query(Guid AuthorityId) : IRequest<Outcome<View>>;

    /// <param name="OpenDays">Days after the register was settled.</param>
    /// <param name="ImpactMonths">After so many months people are asked what has changed; 0: they are not.</param>
    /// <param name="Version">0 while the authority has said nothing and the usual questions hold.</param>
    internal sealed record View(Guid AuthorityId, string AuthorityName, int OpenDays, int ImpactMonths, int Version, IReadOnlyList<Question> Questions);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = "SELECT OpenDays, ImpactMonths, Version FROM training_EvaluationRule WHERE AuthorityId = @AuthorityId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ChangeEvaluation);
            if (!reach.All && !reach.Authorities.Contains(request.AuthorityId)) return Outcome.NotFound;
            if ((await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == request.AuthorityId) is not { } authority) return Outcome.NotFound;
            var row = await db.One<Row>(Select, request, cancellationToken);
            return new View(authority.Id, authority.Name, row?.OpenDays ?? Questions.UsualDays, row?.ImpactMonths ?? Questions.UsualMonths, row?.Version ?? 0, await Questions.Live(db, request.AuthorityId, cancellationToken));
        }
    }

    internal sealed record Asked(Guid Id, QuestionKind Kind, string Words, string Short);
    internal sealed record Answer(Guid AuthorityId, int OpenDays, int ImpactMonths, int Version, IReadOnlyList<Asked> Questions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/authorities/{authorityId:guid}/evaluation", async (Guid authorityId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(authorityId), ct)).ToHttp(v =>
            Results.Ok(new Answer(v.AuthorityId, v.OpenDays, v.ImpactMonths, v.Version, [.. v.Questions.Select(q => new Asked(q.Id, q.Kind, q.Words, q.Short))]))))
        .WithName("SeeEvaluationRules").WithSummary("The questions that an authority asks after its sessions, in order, and for how many days people can answer, and after how many months they are asked what has changed (0: not at all).").Produces<Answer>().ProducesProblem(404)
        .Requires(TrainingPermissions.ChangeEvaluation);

    sealed record Row {
        public int OpenDays { get; init; }
        public int ImpactMonths { get; init; }
        public int Version { get; init; }
    }
}
