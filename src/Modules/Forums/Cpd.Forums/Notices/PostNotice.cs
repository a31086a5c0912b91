using Cpd.Forums.Reminders;
using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Notices;

/// <summary>A member writes a notice for the others of their forum, or replies to one. What is new is told by email each day or each week, as each reader wants it.</summary>
internal static class PostNotice {
    internal sealed record Command(Guid SeriesId, string? Title, string? Words) : IRequest<Outcome<Guid>>, IWrite;
    internal sealed record Reply(Guid NoticeId, string? Words) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Title).NotEmpty().WithMessage("Enter a title").MaximumLength(200).WithMessage("The title must be 200 characters or fewer");
            RuleFor(c => c.Words).NotEmpty().WithMessage("Write your notice").MaximumLength(4000).WithMessage("Your notice must be 4,000 characters or fewer");
        }
    }

    internal sealed class ReplyValidator : AbstractValidator<Reply> {
        public ReplyValidator() => RuleFor(c => c.Words).NotEmpty().WithMessage("Write your reply").MaximumLength(4000).WithMessage("Your reply must be 4,000 characters or fewer");
    }

    internal sealed class Handler(Db db, IMediator mediator, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>>, IRequestHandler<Reply, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_Notice (Id, SeriesId, NoticeId, WrittenBy, Title, Words, PostedAt, HiddenReason)
            VALUES (@Id, @SeriesId, @NoticeId, @Me, @Title, @Words, @Now, '')
            """;
        const string SelectSeries = "SELECT SeriesId FROM forums_Notice WHERE Id = @NoticeId AND NoticeId IS NULL AND HiddenAt IS NULL";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) => await OneSeries.Joined(db, me.PersonId, request.SeriesId, cancellationToken) is { } series
            ? await Post(series, null, request.Title!.Trim(), request.Words!, cancellationToken) : Outcome.NotFound;

        public async Task<Outcome<Guid>> Handle(Reply request, CancellationToken cancellationToken) =>
            await db.One<Guid?>(SelectSeries, request, cancellationToken) is { } id && await OneSeries.Joined(db, me.PersonId, id, cancellationToken) is { } series
                ? await Post(series, request.NoticeId, "", request.Words!, cancellationToken) : Outcome.NotFound;

        async Task<Outcome<Guid>> Post(OneSeries series, Guid? noticeId, string title, string words, CancellationToken ct) {
            if (await OneSeries.Ended(db, series.Id, ct) is { } ended) return ended;
            var (id, now) = (Ids.New(clock), clock.GetUtcNow().UtcDateTime);
            await db.Execute(Insert, new { Id = id, SeriesId = series.Id, NoticeId = noticeId, Me = me.PersonId, Title = title, Words = words.ReplaceLineEndings("\n").Trim(), Now = now }, ct);
            var hours = (await ReaderDays.Read(mediator, [series.AuthorityId], now, ct)).Of(series.AuthorityId);
            await mailbox.Plan([.. new[] { DigestMoments.NextDaily(hours, now), DigestMoments.NextWeekly(hours, now) }.Distinct().Select(at =>
                new Planned(SendDigest.Name, series.Id, series.Id, Planned.Everyone, at) { AuthorityId = series.AuthorityId, GoodUntil = at.AddDays(SendDigest.GoodDays), Priority = MessagePriority.Bulk })], ct);
            return id;
        }
    }

    internal sealed record Body(string? Title, string? Words);
    internal sealed record ReplyBody(string? Words);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPost("/forums/{id:guid}/notices", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Title, body.Words), ct)).ToHttp(made => Results.Created($"/api/v1/forums/{id}/notices", new { id = made })))
            .WithName("PostNotice").WithSummary("Writes a notice for the members of a forum that you belong to.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.TakePart);
        api.MapPost("/notices/{id:guid}/replies", async (Guid id, ReplyBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Reply(id, body.Words), ct)).ToHttp(made => Results.Created($"/api/v1/notices/{id}/replies", new { id = made })))
            .WithName("ReplyToNotice").WithSummary("Replies to a notice of a forum that you belong to.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.TakePart);
    }
}
