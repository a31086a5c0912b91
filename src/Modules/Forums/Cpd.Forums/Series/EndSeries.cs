using Cpd.Forums.Meetings;
using Cpd.Forums.Reminders;
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

namespace Cpd.Forums.Series;

/// <summary>
/// An officer ends a forum with a reason. All memberships end with it, and each member is told once; drafts go. While a published meeting lies ahead it can't be ended:
/// that is cancelled first, so that everyone who comes hears of it. What was held stays as it is.
/// </summary>
internal static class EndSeries {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Ahead">Published meetings that have not begun.</param>
    internal sealed record View(OneSeries Series, int Members, int Ahead, int Drafts);

    internal sealed record Command(Guid Id, string? Reason) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("Enter why the forum ends").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
    }

    internal sealed class Handler(Db db, MeetingMails mails, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Command, Outcome<Done>> {
        const string Count = """
            SELECT (SELECT COUNT(*) FROM forums_Member WHERE SeriesId = @Id AND Until IS NULL) AS Members,
                (SELECT COUNT(*) FROM forums_Meeting WHERE SeriesId = @Id AND State = 'Published' AND StartsAt > @Now) AS Ahead,
                (SELECT COUNT(*) FROM forums_Meeting WHERE SeriesId = @Id AND State = 'Draft') AS Drafts
            """;
        // The first thing written: who joins or publishes at the same moment waits for it, and is refused; or was first, and is seen below.
        const string End = "UPDATE forums_Series SET EndedAt = @Now, EndReason = @Reason, Version = Version + 1 WHERE Id = @Id AND EndedAt IS NULL";
        const string SelectVersion = "SELECT Version FROM forums_Series WHERE Id = @Id";
        const string SelectDrafts = "SELECT Id FROM forums_Meeting WHERE SeriesId = @Id AND State = 'Draft'";
        const string EndMembers = "UPDATE forums_Member SET Until = @Now WHERE SeriesId = @Id AND Until IS NULL";
        const string SelectEnded = "SELECT PersonId FROM forums_Member WHERE SeriesId = @Id AND Until = @Now AND EndedBy IS NULL";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await OneSeries.Managed(db, me, request.Id, cancellationToken) is not { } series) return Outcome.NotFound;
            var counts = await Counted(request.Id, cancellationToken);
            return new View(series, counts.Members, counts.Ahead, counts.Drafts);
        }

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await OneSeries.Managed(db, me, request.Id, cancellationToken) is not { } series) return Outcome.NotFound;
            var row = new { request.Id, Reason = request.Reason!.Trim(), Now = clock.GetUtcNow().UtcDateTime };
            if (await db.Execute(End, row, cancellationToken) == 0) return Outcome.Conflict("The forum has already ended.");
            if ((await Counted(request.Id, cancellationToken)).Ahead is > 0 and var ahead) return Outcome.Conflict(StillAhead(ahead));
            await RemoveDraft.TakeAway(db, await db.List<Guid>(SelectDrafts, row, cancellationToken), cancellationToken);
            await db.Execute(EndMembers, row, cancellationToken);
            await mailbox.Withdraw([request.Id], [SendDigest.Name], "The forum has ended", cancellationToken);
            // Told of this end, whatever of an earlier one.
            await mailbox.Add(await mails.Ended(series, row.Reason, await db.One<int>(SelectVersion, row, cancellationToken), await db.List<Guid>(SelectEnded, row, cancellationToken), cancellationToken), cancellationToken);
            return Outcome.Done;
        }

        async Task<Counts> Counted(Guid id, CancellationToken ct) => (await db.One<Counts>(Count, new { Id = id, Now = clock.GetUtcNow().UtcDateTime }, ct))!;
    }

    internal static string StillAhead(int meetings) =>
        $"{Show.Count(meetings, "published meeting lies", "published meetings lie")} ahead. Cancel {(meetings == 1 ? "it" : "them")} first, so that everyone who was going to come is told.";

    internal sealed record Body(string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/end", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reason), ct)).ToHttp())
        .WithName("EndForum").WithSummary("Ends a forum and all memberships of it, and tells each member. Published meetings ahead must be cancelled first.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);

    sealed record Counts {
        public int Members { get; init; }
        public int Ahead { get; init; }
        public int Drafts { get; init; }
    }
}
