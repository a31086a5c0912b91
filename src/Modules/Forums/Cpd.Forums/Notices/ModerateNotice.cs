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

namespace Cpd.Forums.Notices;

/// <summary>
/// A member reports what should not stand on the notice board, or takes down what they wrote themselves; an officer hides it with a reason, or shows it again. What is hidden
/// stays on record.
/// </summary>
internal static class ModerateNotice {
    internal sealed record Report(Guid NoticeId, string? ReportReason) : IRequest<Outcome<Done>>, IWrite;
    internal sealed record TakeDown(Guid NoticeId) : IRequest<Outcome<Done>>, IWrite;
    internal sealed record Hide(Guid NoticeId, string? Reason) : IRequest<Outcome<Done>>, IWrite;
    internal sealed record Unhide(Guid NoticeId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class ReportValidator : AbstractValidator<Report> {
        public ReportValidator() => RuleFor(c => c.ReportReason).NotEmpty().WithMessage("Say what is wrong with it").MaximumLength(500).WithMessage("What is wrong must be 500 characters or fewer");
    }

    internal sealed class HideValidator : AbstractValidator<Hide> {
        public HideValidator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why it is hidden").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class TakeDownValidator : AbstractValidator<TakeDown>;

    internal sealed class UnhideValidator : AbstractValidator<Unhide>;

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Report, Outcome<Done>>, IRequestHandler<TakeDown, Outcome<Done>>, IRequestHandler<Hide, Outcome<Done>>, IRequestHandler<Unhide, Outcome<Done>> {
        const string SelectSeries = "SELECT SeriesId FROM forums_Notice WHERE Id = @NoticeId";
        const string InsertReport = """
            INSERT INTO forums_NoticeReport (NoticeId, PersonId, Reason, ReportedAt)
            SELECT @NoticeId, @Me, @Reason, @Now
            WHERE NOT EXISTS (SELECT 1 FROM forums_NoticeReport p WHERE p.NoticeId = @NoticeId AND p.PersonId = @Me)
            """;
        const string SetHidden = "UPDATE forums_Notice SET HiddenAt = @Now, HiddenBy = @Me, HiddenReason = @Reason WHERE Id = @NoticeId AND HiddenAt IS NULL";
        const string SetTaken = "UPDATE forums_Notice SET HiddenAt = @Now, HiddenBy = @Me, HiddenReason = 'Taken down by whoever wrote it' WHERE Id = @NoticeId AND WrittenBy = @Me AND HiddenAt IS NULL";
        // What somebody has taken down themselves is theirs to keep down.
        const string SetShown = "UPDATE forums_Notice SET HiddenAt = NULL, HiddenBy = NULL, HiddenReason = '' WHERE Id = @NoticeId AND HiddenAt IS NOT NULL AND HiddenBy <> WrittenBy";

        public async Task<Outcome<Done>> Handle(Report request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(SelectSeries, request, cancellationToken) is not { } id || await OneSeries.Joined(db, me.PersonId, id, cancellationToken) is null) return Outcome.NotFound;
            // Whoever reports twice has said it.
            await db.Execute(InsertReport, new { request.NoticeId, Me = me.PersonId, Reason = request.ReportReason!.Trim(), Now = clock.GetUtcNow().UtcDateTime }, cancellationToken);
            return Outcome.Done;
        }

        public async Task<Outcome<Done>> Handle(TakeDown request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(SelectSeries, request, cancellationToken) is not { } id || await OneSeries.Joined(db, me.PersonId, id, cancellationToken) is null) return Outcome.NotFound;
            return await db.Execute(SetTaken, new { request.NoticeId, Me = me.PersonId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
        }

        public async Task<Outcome<Done>> Handle(Hide request, CancellationToken cancellationToken) {
            if (await IsMine(request.NoticeId, cancellationToken) is false) return Outcome.NotFound;
            return await db.Execute(SetHidden, new { request.NoticeId, Me = me.PersonId, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1 ? Outcome.Done : Outcome.Conflict("It is hidden already.");
        }

        public async Task<Outcome<Done>> Handle(Unhide request, CancellationToken cancellationToken) {
            if (await IsMine(request.NoticeId, cancellationToken) is false) return Outcome.NotFound;
            return await db.Execute(SetShown, request, cancellationToken) == 1 ? Outcome.Done : Outcome.Conflict("It is not hidden, or was taken down by whoever wrote it.");
        }

        async Task<bool> IsMine(Guid noticeId, CancellationToken ct) => await db.One<Guid?>(SelectSeries, new { NoticeId = noticeId }, ct) is { } id && await OneSeries.Managed(db, me, id, ct) is not null;
    }

    internal sealed record ReportBody(string? Reason);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapPost("/notices/{id:guid}/reports", async (Guid id, ReportBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Report(id, body.Reason), ct)).ToHttp())
            .WithName("ReportNotice").WithSummary("Tells the officers what is wrong with a notice or reply.").Produces(204).ProducesValidationProblem().ProducesProblem(404)
            .Requires(ForumsPermissions.TakePart);
        api.MapDelete("/notices/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new TakeDown(id), ct)).ToHttp())
            .WithName("TakeDownNotice").WithSummary("Takes down a notice or reply that you wrote.").Produces(204).ProducesProblem(404)
            .Requires(ForumsPermissions.TakePart);
        api.MapPost("/notices/{id:guid}/hide", async (Guid id, ReportBody body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Hide(id, body.Reason), ct)).ToHttp())
            .WithName("HideNotice").WithSummary("Hides a notice or reply from members, with a reason.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
        api.MapPost("/notices/{id:guid}/show", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Unhide(id), ct)).ToHttp())
            .WithName("ShowNotice").WithSummary("Shows a hidden notice or reply again.").Produces(204).ProducesProblem(404).ProducesProblem(409)
            .Requires(ForumsPermissions.ManageForums);
    }
}
