using Cpd.Forums.Meetings;
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

namespace Cpd.Forums.Papers;

/// <summary>An officer adds a link or a file to a meeting: a paper for members to read before it, or a material for those who were there.</summary>
internal static class AddPaper {
    internal sealed record Command(Guid MeetingId, PaperKind? Kind, Guid? ItemId, string? Title, string? Link, string? FileName, byte[]? Content) : IRequest<Outcome<Guid>>, IWrite, ILinkOrFile;

    const int Most = 40;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Kind).NotNull().WithMessage("Select when it is read").IsInEnum().WithMessage("Select when it is read");
            Include(new LinkOrFileRules());
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string IsOfMeeting = "SELECT COUNT(*) FROM forums_AgendaItem WHERE Id = @ItemId AND MeetingId = @MeetingId AND State = 'Accepted'";
        const string Insert = """
            INSERT INTO forums_Paper (Id, MeetingId, ItemId, Kind, Title, Link, FileName, Size, AddedAt, AddedBy)
            SELECT @Id, @MeetingId, @ItemId, @Kind, @Title, @Link, @FileName, @Size, @Now, @Me
            WHERE (SELECT COUNT(*) FROM forums_Paper p WHERE p.MeetingId = @MeetingId) < @Most
            """;
        const string InsertPart = "INSERT INTO forums_PaperPart (PaperId, Number, Content) VALUES (@PaperId, @Number, @Content)";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null) return Outcome.NotFound;
            if (request.ItemId is not null && await db.One<int>(IsOfMeeting, new { request.ItemId, request.MeetingId }, cancellationToken) == 0) return Outcome.Invalid(nameof(request.ItemId), "Select an item of this meeting's agenda");
            var id = Ids.New(clock);
            var row = new {
                Id = id, request.MeetingId, request.ItemId, Kind = request.Kind!.Value.ToString(), Title = request.Title!.Trim(), Link = request.Content is null ? request.Link!.Trim() : null,
                FileName = request.Content is null ? null : SentFile.Name(request.FileName!), Size = request.Content?.Length ?? 0, Now = clock.GetUtcNow().UtcDateTime, Me = me.PersonId, Most,
            };
            if (await db.Execute(Insert, row, cancellationToken) == 0) return Outcome.Conflict($"A meeting can have at most {Most} papers and materials. Remove one first.");
            if (request.Content is { } content) await db.Execute(InsertPart, SentFile.Parts(content).Select(part => new { PaperId = id, part.Number, part.Content }).ToList(), cancellationToken);
            return id;
        }
    }

    /// <param name="Content">A file's bytes, base64.</param>
    internal sealed record Body(PaperKind? Kind, Guid? ItemId, string? Title, string? Link, string? FileName, byte[]? Content);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/papers", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Kind, body.ItemId, body.Title, body.Link, body.FileName, body.Content), ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{id}/agenda", new { id = made })))
        .WithName("AddPaper").WithSummary($"Adds a link, or a file (base64, smaller than {SentFile.LongestMegabytes} MB), to a meeting: a Paper to read before it or a Material for those who were there.")
        .Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
