using Cpd.Platform.Data;
using Cpd.Platform.Files;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Materials;

/// <summary>A trainer of the session, or an officer, adds a link or a file for those who are booked: handouts, slides, what to read before.</summary>
internal static class AddMaterial {
    internal sealed record Command(Guid SessionId, string? Title, string? Link, string? FileName, byte[]? Content) : IRequest<Outcome<Guid>>, IWrite, ILinkOrFile;

    const int Most = 20;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => Include(new LinkOrFileRules());
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string IsMine = "SELECT COUNT(*) FROM training_Session WHERE Id = @SessionId AND (@All = 1 OR AuthorityId IN @Authorities OR TrainerPersonId = @Self)";
        const string Insert = """
            INSERT INTO training_Material (Id, SessionId, Title, Link, FileName, Size, AddedAt, AddedBy)
            SELECT @Id, @SessionId, @Title, @Link, @FileName, @Size, @Now, @Me
            WHERE (SELECT COUNT(*) FROM training_Material m WHERE m.SessionId = @SessionId) < @Most
            """;
        const string InsertPart = "INSERT INTO training_MaterialPart (MaterialId, Number, Content) VALUES (@MaterialId, @Number, @Content)";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.KeepMaterials);
            if (await db.One<int>(IsMine, new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty }, cancellationToken) == 0) return Outcome.NotFound;
            var id = Ids.New(clock);
            var row = new {
                Id = id, request.SessionId, Title = request.Title!.Trim(), Link = request.Content is null ? request.Link!.Trim() : null, FileName = request.Content is null ? null : SentFile.Name(request.FileName!),
                Size = request.Content?.Length ?? 0, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, Most,
            };
            if (await db.Execute(Insert, row, cancellationToken) == 0) return Outcome.Conflict($"A session can have at most {Most} materials. Remove one first.");
            if (request.Content is { } content)
                await db.Execute(InsertPart, SentFile.Parts(content).Select(part => new { MaterialId = id, part.Number, part.Content }).ToList(), cancellationToken);
            return id;
        }
    }

    /// <param name="Content">A file's bytes, base64.</param>
    internal sealed record Body(string? Title, string? Link, string? FileName, byte[]? Content);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/{id:guid}/materials", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Title, body.Link, body.FileName, body.Content), ct)).ToHttp(made => Results.Created($"/api/v1/sessions/{id}/materials", new { id = made })))
        .WithName("AddMaterial").WithSummary($"Adds a link, or a file (base64, smaller than {SentFile.LongestMegabytes} MB), for those who are booked at a session.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(TrainingPermissions.KeepMaterials);
}
