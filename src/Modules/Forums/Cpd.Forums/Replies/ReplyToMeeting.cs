using Cpd.Forums.Meetings;
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

namespace Cpd.Forums.Replies;

/// <summary>
/// A member says that they come to a meeting, or sends apologies with a reason, signed in or by the link of a message, as often as they like until it begins. Where a
/// setting has only so many places, no more of it can say that they come. Whoever comes is told what else they are bound to at that time.
/// </summary>
internal static class ReplyToMeeting {
    /// <param name="Token">The link of a message, in place of the meeting and of who is signed in.</param>
    /// <param name="Needs">What they ask to have arranged, when they come. Empty: nothing; null: as they said before.</param>
    internal sealed record Command(Guid MeetingId, Reply? Reply, string? Reason, string? Token = null, string? Needs = null) : IRequest<Outcome<Replied>>, IWrite;

    /// <param name="Clashes">What else they are bound to, when they come.</param>
    internal sealed record Replied(Reply Reply, IReadOnlyList<string> Clashes);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Reply).NotNull().WithMessage("Select whether you come").IsInEnum().WithMessage("Select whether you come");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.Reply == Forums.Reply.Apologies, ApplyConditionTo.CurrentValidator).WithMessage("Enter why you can't come").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
            RuleFor(c => c.Needs).MaximumLength(500).WithMessage("What we should arrange must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, Invitations invitations, MeetingMails mails, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Replied>> {
        // Held until the end, so that the replies of one setting are counted one after the other.
        const string Lock = "UPDATE forums_Meeting SET State = State WHERE Id = @MeetingId AND State = 'Published' AND StartsAt > @Now";
        const string CountSetting = "SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @MeetingId AND SettingId = @SettingId AND Reply = 'Coming' AND PersonId <> @PersonId";
        const string SelectReply = "SELECT Reply FROM forums_Participant WHERE MeetingId = @MeetingId AND PersonId = @PersonId";
        const string Update = "UPDATE forums_Participant SET Reply = @Reply, ReplyReason = @Reason, RepliedAt = @Now WHERE MeetingId = @MeetingId AND PersonId = @PersonId";
        const string Insert = """
            INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Minutes, Revision)
            VALUES (@Id, @MeetingId, @PersonId, 0, @AuthorityId, @SettingId, @Role, @Reply, @Reason, @Now, 0, 0)
            """;

        const string DeleteNeed = "DELETE FROM forums_Need WHERE MeetingId = @MeetingId AND PersonId = @PersonId";
        const string InsertNeed = "INSERT INTO forums_Need (MeetingId, PersonId, Words, SaidAt) VALUES (@MeetingId, @PersonId, @Needs, @Now)";

        public async Task<Outcome<Replied>> Handle(Command request, CancellationToken cancellationToken) {
            if (await invitations.Find(request.MeetingId, request.Token, cancellationToken) is not { } invited) return Outcome.NotFound;
            var meeting = invited.Meeting;
            if (await db.Execute(Lock, new { MeetingId = meeting.Id, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 0)
                return Outcome.Conflict(meeting.State == Publication.Cancelled ? "The meeting has been cancelled, so there is nothing to reply to." : "The meeting has begun, so you can't reply any more.");
            // Whoever removes a member holds the meetings ahead as well: only now it is certain that they are invited still.
            if (await invitations.Find(meeting.Id, request.Token, cancellationToken) is not var (_, place)) return Outcome.NotFound;
            var reply = request.Reply!.Value;
            var row = new {
                Id = Ids.New(clock), MeetingId = meeting.Id, place.PersonId, place.AuthorityId, place.SettingId, Role = place.Role.ToString(), Reply = reply.ToString(),
                Reason = reply == Reply.Apologies ? request.Reason!.Trim() : "", Needs = request.Needs?.Trim(), Now = clock.GetUtcNow().UtcDateTime,
            };
            if (reply == Reply.Coming && meeting.PlacesPerSetting is { } places && place.SettingId is not null && await db.One<int>(CountSetting, row, cancellationToken) >= places)
                return Outcome.Conflict($"Your setting has {Show.Count(places, "place")} at this meeting, and {(places == 1 ? "it is" : "they are")} taken. Ask a colleague to send apologies first.");
            var before = await db.One<string>(SelectReply, row, cancellationToken);
            if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
            if (reply == Reply.Apologies || row.Needs is not null) await db.Execute(DeleteNeed, row, cancellationToken);
            if (reply == Reply.Coming && row.Needs is { Length: > 0 }) await db.Execute(InsertNeed, row, cancellationToken);
            if (before != row.Reply && (reply == Reply.Apologies || before == nameof(Reply.Apologies))) await mailbox.Add(await mails.Replied(meeting, place.PersonId, reply, cancellationToken), cancellationToken);
            return new Replied(reply, reply == Reply.Coming ? await invitations.Clashes(meeting, place.PersonId, cancellationToken) : []);
        }
    }

    internal sealed record Body(Reply? Reply, string? Reason, string? Needs);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/reply", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reply, body.Reason, Needs: body.Needs), ct)).ToHttp())
        .WithName("ReplyToMeeting").WithSummary("Says that you come to a meeting of a forum, or sends apologies with a reason. With needs, what should be arranged for you; without, that stays as it was. Tells what else you are bound to at that time.")
        .Produces<Replied>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
