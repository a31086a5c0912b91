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
/// A member says that they come to a meeting, or sends apologies with a reason, signed in or by the link of a message, as often as they like until it begins. When all
/// places are taken who comes waits for one; where a setting has only so many, no more of it can say that they come. Whoever comes is told what else they are bound to at
/// that time.
/// </summary>
internal static class ReplyToMeeting {
    /// <param name="Reply">Coming or apologies.</param>
    /// <param name="Token">The link of a message, in place of the meeting and of who is signed in.</param>
    /// <param name="Needs">What they ask to have arranged, when they come. Empty: nothing; null: as they said before.</param>
    internal sealed record Command(Guid MeetingId, Reply? Reply, string? Reason, string? Token = null, string? Needs = null) : IRequest<Outcome<Replied>>, IWrite;

    /// <param name="Reply">What became of it: waiting, where all places are taken.</param>
    /// <param name="Position">On the waiting list; null for who does not wait.</param>
    /// <param name="Clashes">What else they are bound to, when they come.</param>
    internal sealed record Replied(Reply Reply, int? Position, IReadOnlyList<string> Clashes);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Reply).Must(r => r is Forums.Reply.Coming or Forums.Reply.Apologies).WithMessage("Select whether you come");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.Reply == Forums.Reply.Apologies, ApplyConditionTo.CurrentValidator).WithMessage("Enter why you can't come").MaximumLength(500).WithMessage("The reason must be 500 characters or fewer");
            RuleFor(c => c.Needs).MaximumLength(500).WithMessage("What we should arrange must be 500 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, Invitations invitations, WaitingList waiting, MeetingMails mails, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Replied>> {
        // Held until the end, so that replies are counted one after the other.
        const string Lock = "UPDATE forums_Meeting SET State = State WHERE Id = @MeetingId AND State = 'Published' AND StartsAt > @Now";
        const string CountSetting = "SELECT COUNT(*) FROM forums_Participant WHERE MeetingId = @MeetingId AND SettingId = @SettingId AND Reply = 'Coming' AND PersonId <> @PersonId";
        const string SelectQueue = "SELECT COALESCE(MAX(WaitNumber), 0) AS Last, COUNT(*) AS Length FROM forums_Participant WHERE MeetingId = @MeetingId AND Reply = 'Waiting'";
        const string Update = "UPDATE forums_Participant SET Reply = @Reply, ReplyReason = @Reason, RepliedAt = @Now, WaitNumber = @WaitNumber WHERE MeetingId = @MeetingId AND PersonId = @PersonId";
        const string Insert = """
            INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, WaitNumber, Minutes, Revision)
            VALUES (@Id, @MeetingId, @PersonId, 0, @AuthorityId, @SettingId, @Role, @Reply, @Reason, @Now, @WaitNumber, 0, 0)
            """;

        const string DeleteNeed = "DELETE FROM forums_Need WHERE MeetingId = @MeetingId AND PersonId = @PersonId";
        const string InsertNeed = "INSERT INTO forums_Need (MeetingId, PersonId, Words, SaidAt) VALUES (@MeetingId, @PersonId, @Needs, @Now)";

        public async Task<Outcome<Replied>> Handle(Command request, CancellationToken cancellationToken) {
            if (await invitations.Find(request.MeetingId, request.Token, cancellationToken) is not { } invited) return Outcome.NotFound;
            var now = clock.GetUtcNow().UtcDateTime;
            if (await db.Execute(Lock, new { MeetingId = invited.Meeting.Id, Now = now }, cancellationToken) == 0)
                return Outcome.Conflict(invited.Meeting.State == Publication.Cancelled ? "The meeting has been cancelled, so there is nothing to reply to." : "The meeting has begun, so you can't reply any more.");
            // Whoever removes a member or changes the places holds the meetings ahead as well: only now it is certain that they are invited still, and how many it takes.
            if (await invitations.Find(invited.Meeting.Id, request.Token, cancellationToken) is not var (meeting, place)) return Outcome.NotFound;
            var key = new { MeetingId = meeting.Id, place.PersonId, place.SettingId };
            var (reply, position, number) = (request.Reply!.Value, (int?)null, (int?)null);
            if (reply == Reply.Coming && place.Reply == Reply.Waiting) (reply, position) = (Reply.Waiting, place.Position);
            else if (reply == Reply.Coming && place.Reply != Reply.Coming && place.Taken >= meeting.Places) {
                var queue = (await db.One<Queue>(SelectQueue, key, cancellationToken))!;
                (reply, position, number) = (Reply.Waiting, queue.Length + 1, queue.Last + 1);
            } else if (reply == Reply.Coming && meeting.PlacesPerSetting is { } places && place.SettingId is not null && await db.One<int>(CountSetting, key, cancellationToken) >= places)
                return Outcome.Conflict($"Your setting has {Show.Count(places, "place")} at this meeting, and {(places == 1 ? "it is" : "they are")} taken. Ask a colleague to send apologies first.");
            var row = new {
                Id = Ids.New(clock), MeetingId = meeting.Id, place.PersonId, place.AuthorityId, place.SettingId, Role = place.Role.ToString(), Reply = reply.ToString(),
                Reason = reply == Reply.Apologies ? request.Reason!.Trim() : "", WaitNumber = number, Needs = request.Needs?.Trim(), Now = now,
            };
            // Who waits already keeps their place in the order.
            if (place.Reply != Reply.Waiting || reply != Reply.Waiting)
                if (await db.Execute(Update, row, cancellationToken) == 0) await db.Execute(Insert, row, cancellationToken);
            if (reply == Reply.Apologies || row.Needs is not null) await db.Execute(DeleteNeed, row, cancellationToken);
            if (reply != Reply.Apologies && row.Needs is { Length: > 0 }) await db.Execute(InsertNeed, row, cancellationToken);
            if (number is not null) await mailbox.Add(await mails.Waiting(meeting, place.PersonId, position!.Value, cancellationToken), cancellationToken);
            else if (place.Reply != reply && (reply == Reply.Apologies || place.Reply == Reply.Apologies)) await mailbox.Add(await mails.Replied(meeting, place.PersonId, reply, cancellationToken), cancellationToken);
            if (place.Reply == Reply.Coming && reply == Reply.Apologies) await waiting.GiveOut(meeting.Id, cancellationToken);
            return new Replied(reply, position, reply == Reply.Coming ? await invitations.Clashes(meeting, place.PersonId, cancellationToken) : []);
        }

        sealed record Queue {
            public int Last { get; init; }
            public int Length { get; init; }
        }
    }

    internal sealed record Body(Reply? Reply, string? Reason, string? Needs);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/reply", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Reply, body.Reason, Needs: body.Needs), ct)).ToHttp())
        .WithName("ReplyToMeeting").WithSummary("Says that you come (Coming) to a meeting of a forum, or sends apologies (Apologies) with a reason. With needs, what should be arranged for you; without, that stays as it was. Where all places are taken the answer says Waiting, and your position on the waiting list; apologies leave it. Tells what else you are bound to at that time.")
        .Produces<Replied>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
