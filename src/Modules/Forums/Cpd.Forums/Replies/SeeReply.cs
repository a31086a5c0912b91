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
    internal sealed record View(Meeting Meeting, Reply? Reply, string Reason, string Needs, bool MayReply, IReadOnlyList<string> Clashes);

    internal sealed class Handler(Invitations invitations, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await invitations.Find(request.MeetingId, request.Token, cancellationToken) is not { } invited) return Outcome.NotFound;
            var (meeting, place) = invited;
            var may = meeting.State == Publication.Published && meeting.StartsAt > clock.GetUtcNow().UtcDateTime;
            return new View(meeting, place.Reply, place.ReplyReason ?? "", request.Token is null ? place.Needs ?? "" : "", may, may ? await invitations.Clashes(meeting, place.PersonId, cancellationToken) : []);
        }
    }
}
