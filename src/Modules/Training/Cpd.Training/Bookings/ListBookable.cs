using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>Whom someone may book at a session: themselves, the staff of their setting, or, for officers, staff they search for by name or email address.</summary>
internal static class ListBookable {
    internal sealed record Query(Guid SessionId, string? Text) : IRequest<View>;

    /// <param name="Searches">Too many to list: nobody is shown until a text is given.</param>
    /// <param name="More">There are more than are shown.</param>
    internal sealed record View(IReadOnlyList<Candidate> Candidates, bool Searches, bool More);

    /// <param name="Booked">Their booking at this session, if they have one.</param>
    internal sealed record Candidate(Guid PersonId, string Name, string SettingName, BookingState? Booked);

    const int Most = 100;

    internal sealed class Handler(Db db, IMediator mediator, Bookable bookable, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, View> {
        const string SelectLive = "SELECT PersonId, State FROM training_Booking WHERE SessionId = @SessionId AND PersonId IN @People AND CancelledAt IS NULL";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.Book);
            var today = London.Today(clock);
            var text = (request.Text ?? "").Trim();
            var searches = reach.All || reach.Authorities.Count > 0;
            var people = new List<(Guid Id, string Name, string Setting)>();
            if (reach.Self is { } self) people.AddRange((await bookable.Among([self], cancellationToken)).People.Select(p => (p.Id, p.Name, p.SettingName)));
            if (reach.Settings.Count > 0)
                people.AddRange((await mediator.Send(new ListStaff(reach.Settings, today, today), cancellationToken)).Where(p => WordKey.Of(p.Name).Contains(WordKey.Of(text), StringComparison.Ordinal)).Select(p => (p.PersonId, p.Name, p.SettingName)));
            if (searches && text.Length > 0) {
                var authorities = reach.All ? [.. (await mediator.Send(new ListAuthorities(), cancellationToken)).Select(a => a.Id)] : reach.Authorities;
                people.AddRange((await mediator.Send(new SearchStaff(authorities, text, today), cancellationToken)).Select(p => (p.PersonId, p.Name, p.SettingName)));
            }
            var all = people.DistinctBy(p => p.Id).ToList();
            var shown = all.Take(Most).ToList();
            var live = (await db.List<Row>(SelectLive, new { request.SessionId, People = db.Ids(shown.Select(p => p.Id)) }, cancellationToken)).ToDictionary(r => r.PersonId, r => r.State);
            return new([.. shown.Select(p => new Candidate(p.Id, p.Name, p.Setting, live.TryGetValue(p.Id, out var state) ? state : null))], searches, all.Count > Most);
        }
    }

    sealed record Row {
        public Guid PersonId { get; init; }
        public BookingState State { get; init; }
    }
}
