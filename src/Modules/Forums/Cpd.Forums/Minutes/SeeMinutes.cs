using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Minutes;

/// <summary>Who agreed minutes: a meeting of the forum, or whoever chairs it.</summary>
internal enum AgreedBy { Meeting, Chair }

/// <summary>The minutes of a meeting: officers see every version of them, members the newest even while it is a draft, and everybody the newest that is published.</summary>
internal static class SeeMinutes {
    /// <summary>For the officers of the forum.</summary>
    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <summary>For anyone; one version, the newest that the reader may know.</summary>
    internal sealed record Public(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <param name="Versions">The newest first.</param>
    internal sealed record View(Held Meeting, IReadOnlyList<Text> Versions);

    /// <summary>One version of the text.</summary>
    internal sealed record Text {
        public int Number { get; init; }
        public string Words { get; init; } = "";
        public int Version { get; init; }
        public DateTime WrittenAt { get; init; }
        public DateTime? AgreedAt { get; init; }
        public AgreedBy? AgreedBy { get; init; }
        public DateTime? PublishedAt { get; init; }

        /// <summary>"Draft, not agreed yet".</summary>
        internal string Standing => AgreedAt is not { } agreed ? "Draft, not agreed yet" : $"Agreed by {(AgreedBy == Minutes.AgreedBy.Chair ? "the chair" : "a meeting")} on {Show.Date(agreed)}{(PublishedAt is { } published ? $", published on {Show.Date(published)}" : ", not published yet")}";
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Public, Outcome<View>> {
        const string Select = """
            SELECT Number, Words, Version, WrittenAt, AgreedAt, AgreedBy, PublishedAt
            FROM forums_MinutesText
            WHERE MeetingId = @MeetingId AND (@All = 1 OR PublishedAt IS NOT NULL)
            ORDER BY Number DESC
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await Held.Managed(db, me, request.MeetingId, cancellationToken) is { } meeting ? new View(meeting, await db.List<Text>(Select, new { request.MeetingId, All = 1 }, cancellationToken)) : Outcome.NotFound;

        public async Task<Outcome<View>> Handle(Public request, CancellationToken cancellationToken) {
            if (await Held.Known(db, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            var member = me.IsSignedIn && await Held.Joined(db, me.PersonId, request.MeetingId, cancellationToken) is not null;
            var newest = (await db.List<Text>(Select, new { request.MeetingId, All = member ? 1 : 0 }, cancellationToken)).Take(1).ToList();
            return newest.Count > 0 ? new View(meeting, newest) : Outcome.NotFound;
        }
    }

    internal sealed record Answer(Guid MeetingId, IReadOnlyList<Text> Versions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/meetings/{id:guid}/minutes", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(v => Results.Ok(new Answer(v.Meeting.Id, v.Versions))))
        .WithName("SeeMinutes").WithSummary("Every version of the minutes of a meeting, the newest first. Times are UTC.").Produces<Answer>().ProducesProblem(404)
        .Requires(ForumsPermissions.ManageForums);
}
