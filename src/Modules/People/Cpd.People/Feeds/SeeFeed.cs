using Cpd.Platform.Calendars;
using Cpd.Platform.Security;
using MediatR;

namespace Cpd.People.Feeds;

/// <summary>Whether a person's calendar has an address, and whether it is read. Not the address: nobody knows it any more.</summary>
internal static class SeeFeed {
    /// <summary>Null when there is none.</summary>
    internal sealed record Query : IRequest<View?>;

    internal sealed record View(DateTime MadeAt, DateTime? ReadAt);

    internal sealed class Handler(CalendarFeeds feeds, CurrentUser me) : IRequestHandler<Query, View?> {
        public async Task<View?> Handle(Query request, CancellationToken cancellationToken) =>
            await feeds.Of(me.PersonId, cancellationToken) is { } feed ? new(feed.MadeAt, feed.ReadAt) : null;
    }
}
