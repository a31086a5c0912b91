using Cpd.Forums.Reminders;
using Cpd.Forums.Replies;
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

namespace Cpd.Forums.Meetings;

/// <summary>
/// An officer moves a meeting or changes where it is, unless somebody else changed it since they opened it. Everyone whom it concerns is told. When its time changes, what
/// people had replied counts no more: whoever could not come may be able to now. There are never fewer places than people who come; of places that are added those who wait
/// get theirs at once.
/// </summary>
internal static class EditMeeting {
    internal sealed record Command(Guid Id, int Version, DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, string? Venue, string? Topics) : MeetingFields(HeldOn, StartsAt, EndsAt, Venue, Topics), IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : MeetingRules<Command> {
        public Validator() => RuleFor(c => c.Id).NotEmpty();
    }

    internal sealed class Handler(Db db, WaitingList waiting, MeetingMails mails, MeetingRounds rounds, Mailbox mailbox, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = Meeting.Select + "WHERE m.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)";
        const string Update = """
            UPDATE forums_Meeting
            SET StartsAt = @StartsAt, EndsAt = @EndsAt, Mode = COALESCE(@Mode, Mode), Venue = @Venue, JoiningLink = @JoiningLink, Places = @Places, Topics = @Topics, Version = Version + 1
            WHERE Id = @Id AND Version = @Version AND State <> 'Cancelled' AND RegisterClosedAt IS NULL
            """;
        const string ForgetReplies = "UPDATE forums_Participant SET Reply = NULL, ReplyReason = '', RepliedAt = NULL, WaitNumber = NULL WHERE MeetingId = @Id";
        const string CountComing = "SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @Id AND Reply = 'Coming'";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var row = new {
                request.Id, request.Version, StartsAt = request.Starts, EndsAt = request.Ends, Mode = request.Mode?.ToString(), Venue = request.Venue?.Trim() ?? "", JoiningLink = request.JoiningLink?.Trim() ?? "", request.Places, Topics = request.Topics?.Trim() ?? "",
                All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities),
            };
            if (await db.One<Meeting>(Select, row, cancellationToken) is not { } before) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            // A slip of the year; people would go on with the old date, since nobody is told of what is over.
            if (before.State == Publication.Published && before.StartsAt > now && request.Starts <= now) return Outcome.Invalid(nameof(request.HeldOn), "Enter a date ahead: this meeting has not taken place yet");
            // What was held and is set for a day ahead is a new meeting; only for that the forum must live.
            if (before.StartsAt <= now && request.Starts > now && await OneSeries.Ended(db, before.SeriesId, cancellationToken) is { } ended) return ended;
            try {
                if (await db.Execute(Update, row, cancellationToken) == 0)
                    return Outcome.Conflict(before.State == Publication.Cancelled ? "The meeting has been cancelled." : before.RegisterClosedAt is not null ? "The register is closed: the meeting has taken place." : "Somebody else has changed the meeting since you opened it. Open it again to see their changes.");
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.HeldOn), "The forum meets at that time already");
            }
            var after = (await db.One<Meeting>(Select, row, cancellationToken))!;
            var moved = (before.StartsAt, before.EndsAt) != (after.StartsAt, after.EndsAt);
            if (before.State != Publication.Published || after.StartsAt <= now) return Outcome.Done;
            if (!moved) {
                if (await db.One<int>(CountComing, row, cancellationToken) is var coming && coming > request.Places)
                    return Outcome.Invalid(nameof(request.Places), $"{Show.Count(coming, "person has", "people have")} said that they come, so there must be at least {Show.Count(coming, "place")}");
                await waiting.GiveOut(request.Id, cancellationToken);
            }
            if (!moved && (before.Mode, before.Venue, before.JoiningLink) == (after.Mode, after.Venue, after.JoiningLink)) return Outcome.Done;
            var (concerned, away) = (await mails.Concerned(after, cancellationToken), await mails.Away(after, cancellationToken));
            if (moved) {
                await db.Execute(ForgetReplies, new { request.Id }, cancellationToken);
                await rounds.Plan([request.Id], cancellationToken);
            }
            await mailbox.Add(await mails.Changed(after, concerned, away, moved, cancellationToken), cancellationToken);
            return Outcome.Done;
        }
    }

    internal sealed record Body(int Version, DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, MeetingMode? Mode, string? Venue, string? JoiningLink, int? Places, string? Topics);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/meetings/{id:guid}", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Version, body.HeldOn, body.StartsAt, body.EndsAt, body.Venue, body.Topics) { Mode = body.Mode, JoiningLink = body.JoiningLink, Places = body.Places }, ct)).ToHttp())
        .WithName("EditMeeting").WithSummary("Moves a meeting of a forum or changes where it is and how many it takes, and tells everyone whom that concerns. What is left out is emptied, but for the mode. Day and times are those of London.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
