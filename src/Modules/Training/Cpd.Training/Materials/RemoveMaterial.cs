using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Materials;

/// <summary>A material is taken away from a session, and its file with it.</summary>
internal static class RemoveMaterial {
    internal sealed record Command(Guid SessionId, Guid Id) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Mine = """
            SELECT COUNT(*) FROM training_Material m
            JOIN training_Session s ON s.Id = m.SessionId
            WHERE m.Id = @Id AND m.SessionId = @SessionId AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;
        const string DeleteParts = "DELETE FROM training_MaterialPart WHERE MaterialId = @Id";
        const string Delete = "DELETE FROM training_Material WHERE Id = @Id";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepMaterials);
            if (await db.One<int>(Mine, new { request.Id, request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, cancellationToken) == 0) return Outcome.NotFound;
            await db.Execute(DeleteParts, new { request.Id }, cancellationToken);
            await db.Execute(Delete, new { request.Id }, cancellationToken);
            return Outcome.Done;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/sessions/{id:guid}/materials/{materialId:guid}", async (Guid id, Guid materialId, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, materialId), ct)).ToHttp())
        .WithName("RemoveMaterial").WithSummary("Takes a material away from a session, and its file with it.").Produces(204).ProducesProblem(404)
        .Requires(TrainingPermissions.KeepMaterials);
}
