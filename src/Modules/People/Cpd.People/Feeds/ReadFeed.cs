using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Calendars;
using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.People.Feeds;

/// <summary>
/// What a calendar reads at somebody's secret address: all that the modules have for them, from 90 days back. Nobody is signed in: the
/// secret says whose it is.
/// </summary>
internal static class ReadFeed {
    internal const string Name = "CPD for early years";
    static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    internal sealed record Query(string Secret) : IRequest<Outcome<View>>;

    /// <param name="ETag">Of exactly this text.</param>
    /// <param name="ChangedAt">Since when it has been read so.</param>
    internal sealed record View(byte[] Text, string ETag, DateTime ChangedAt);

    internal sealed class Handler(CalendarFeeds feeds, IEnumerable<ICalendarSource> sources, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await feeds.Find(request.Secret, cancellationToken) is not { } feed) return Outcome.NotFound;
            var from = clock.GetUtcNow().UtcDateTime - Kept;
            var entries = new List<CalendarEntry>();
            foreach (var source in sources) entries.AddRange(await source.Entries(feed.PersonId, from, cancellationToken));
            var text = Encoding.UTF8.GetBytes(CalendarFile.Feed(Name, entries.OrderBy(e => e.StartsAt).ThenBy(e => e.Uid, StringComparer.Ordinal)));
            var hash = SHA256.HashData(text);
            return new View(text, $"\"{Convert.ToHexStringLower(hash)}\"", await feeds.Read(feed, hash, cancellationToken));
        }
    }
}
