using Cpd.Forums.Meetings;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.Forums.Replies;

/// <summary>The invitation to a meeting, what was replied to it, and what else the member is bound to at that time.</summary>
internal static class SeeReply {
    /// <param name="Token">The link of a message, in place of the meeting and of who is signed in.</param>
    internal sealed record Query(Guid MeetingId, string? Token = null) : IRequest<Outcome<View>>;

    /// <param name="Needs">What they asked to have arranged; not told to whoever has the link of a message, which may be passed on.</param>
    /// <param name="MayReply">It is not called off and has not begun.</param>
    /// <param name="Position">On the waiting list; 0 for who is not on it.</param>
    /// <param name="Full">All places are taken: who says now that they come waits for one.</param>
    internal sealed record View(Meeting Meeting, Reply? Reply, string Reason, string Needs, bool MayReply, IReadOnlyList<string> Clashes, int Position, bool Full);

    internal sealed class Handler(Invitations invitations, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await invitations.Find(request.MeetingId, request.Token, cancellationToken) is not { } invited) return Outcome.NotFound;
            var (meeting, place) = invited;
            var ahead = meeting.StartsAt > clock.GetUtcNow().UtcDateTime;
            var may = meeting.State == Publication.Published && ahead;
            return new View(meeting, ForumsWording.Standing(place.Reply, ahead), place.ReplyReason ?? "", request.Token is null ? place.Needs ?? "" : "", may, may ? await invitations.Clashes(meeting, place.PersonId, cancellationToken) : [], place.Position, place.Taken >= meeting.Places);
        }
    }
}
