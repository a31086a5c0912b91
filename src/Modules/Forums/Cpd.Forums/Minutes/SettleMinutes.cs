using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Minutes;

/// <summary>Minutes are agreed, by a meeting or by the chair, and then published for everybody. An agreed text never changes.</summary>
internal static class SettleMinutes {
    /// <param name="Version">Of the draft that was read and agreed.</param>
    internal sealed record Agree(Guid MeetingId, int Number, int Version, AgreedBy? By) : IRequest<Outcome<Done>>, IWrite;
    internal sealed record Publish(Guid MeetingId, int Number) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class AgreeValidator : AbstractValidator<Agree> {
        public AgreeValidator() => RuleFor(c => c.By).NotNull().WithMessage("Select who agreed the minutes").IsInEnum().WithMessage("Select who agreed the minutes");
    }

    internal sealed class PublishValidator : AbstractValidator<Publish>;

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Agree, Outcome<Done>>, IRequestHandler<Publish, Outcome<Done>> {
        const string SetAgreed = "UPDATE forums_MinutesText SET AgreedAt = @Now, AgreedBy = @By WHERE MeetingId = @MeetingId AND Number = @Number AND Version = @Version AND AgreedAt IS NULL";
        const string SetPublished = "UPDATE forums_MinutesText SET PublishedAt = @Now WHERE MeetingId = @MeetingId AND Number = @Number AND AgreedAt IS NOT NULL AND PublishedAt IS NULL";

        public async Task<Outcome<Done>> Handle(Agree request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null) return Outcome.NotFound;
            return await db.Execute(SetAgreed, new { request.MeetingId, request.Number, request.Version, By = request.By!.Value.ToString(), Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1
                ? Outcome.Done : Outcome.Conflict("The minutes were changed or agreed since you opened the page. Read them again first.");
        }

        public async Task<Outcome<Done>> Handle(Publish request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null) return Outcome.NotFound;
            return await db.Execute(SetPublished, new { request.MeetingId, request.Number, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1
                ? Outcome.Done : Outcome.Conflict("Only minutes that are agreed, and not published yet, can be published.");
        }
    }

    internal sealed record AgreeBody(int Version, AgreedBy? By);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPost("/meetings/{id:guid}/minutes/{number:int}/agree", async (Guid id, int number, AgreeBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Agree(id, number, body.Version, body.By), ct)).ToHttp())
            .WithName("AgreeMinutes").WithSummary("Says that a draft of the minutes was agreed, by a Meeting or the Chair.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
        api.MapPost("/meetings/{id:guid}/minutes/{number:int}/publish", async (Guid id, int number, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Publish(id, number), ct)).ToHttp())
            .WithName("PublishMinutes").WithSummary("Lets everybody read agreed minutes.").Produces(204).ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
    }
}
