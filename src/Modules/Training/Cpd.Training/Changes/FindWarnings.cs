using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Charges;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Changes;

/// <summary>
/// What someone should know before they book these people, or give them a place: who is bound elsewhere at the same time, and which
/// setting would be without many of its staff on the day. It only warns; whoever knows better goes on.
/// </summary>
internal static class FindWarnings {
    /// <param name="Leaves">A session whose place they give up for this one.</param>
    /// <param name="Colleague">The person takes over a colleague's place: as many of the setting's staff are away as before.</param>
    internal sealed record Query(Guid SessionId, IReadOnlyList<Guid> PersonIds, Guid? Leaves = null, bool Colleague = false) : IRequest<View>;

    internal sealed record View(IReadOnlyList<Clash> Clashes, IReadOnlyList<Release> Releases);

    /// <param name="With">What else, as far as the one who asks may know.</param>
    internal sealed record Clash(Guid PersonId, string Name, string With, DateTime StartsAt, DateTime EndsAt);

    /// <param name="Away">Of the setting's staff on that day: whoever is booked already and whoever would be.</param>
    internal sealed record Release(Guid SettingId, string SettingName, DateOnly On, int Away, int Staff);

    internal static readonly View None = new([], []);

    internal sealed class Handler(Db db, IMediator mediator, Everyone everyone, Bookable bookable, Tariff tariff) : IRequestHandler<Query, View> {
        const string SelectAuthority = "SELECT AuthorityId FROM training_Session WHERE Id = @SessionId AND State = 'Published'";
        const string SelectShares = "SELECT SettingId, ReleasePercent FROM training_SettingRule WHERE SettingId IN @Settings AND ReleasePercent IS NOT NULL";

        const string SelectHere = "SELECT PersonId FROM training_Booking WHERE SessionId = @SessionId AND State = 'Booked'";

        public async Task<View> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(SelectAuthority, new { request.SessionId }, cancellationToken) is not { } authority) return None;
            var dates = await db.List<SessionDate>(SessionParts.SelectDates, new { Id = request.SessionId }, cancellationToken);
            // Of people whom the asker can't book nothing is said.
            var people = (await bookable.Among([.. request.PersonIds.Distinct().Take(200)], cancellationToken)).People;
            if (people.Count == 0 || dates.Count == 0) return None;
            List<IGrouping<Guid, BookablePerson>> settings = request.Colleague || request.Leaves is not null ? [] : people.Where(p => p is { Decided: true, SettingId: not null }).GroupBy(p => p.SettingId!.Value).ToList();
            var today = London.Day(dates[0].StartsAt);
            var last = London.Day(dates[^1].EndsAt);
            IReadOnlyList<StaffPlace> places = settings.Count == 0 ? [] : await mediator.Send(new ListStaff([.. settings.Select(s => s.Key)], today, last), cancellationToken);
            var staff = places.ToLookup(s => s.SettingId, s => s.PersonId);
            var asked = people.Select(p => p.Id).Concat(places.Select(s => s.PersonId)).Distinct().Take(1000).ToList();
            var bound = (await everyone.Ask<FindCommitments, Commitment>(new(asked, London.StartOf(today), London.StartOf(last.AddDays(1))), cancellationToken))
                .Where(c => c.CauseId != request.SessionId && c.CauseId != request.Leaves).ToLookup(c => c.PersonId);
            return new([.. people.SelectMany(p => bound[p.Id].Where(c => dates.Any(d => c.StartsAt < d.EndsAt && c.EndsAt > d.StartsAt)).OrderBy(c => c.StartsAt).Select(c => new Clash(p.Id, p.Name, c.What, c.StartsAt, c.EndsAt)))],
                settings.Count == 0 ? [] : await Releases(authority, dates, settings, staff, request.SessionId, bound, cancellationToken));
        }

        async Task<IReadOnlyList<Release>> Releases(Guid authority, IReadOnlyList<SessionDate> dates, List<IGrouping<Guid, BookablePerson>> settings, ILookup<Guid, Guid> staff, Guid sessionId, ILookup<Guid, Commitment> bound, CancellationToken ct) {
            var usual = (await tariff.Rules(authority, ct)).ReleasePercent;
            var shares = (await db.List<Share>(SelectShares, new { Settings = db.Ids(settings.Select(s => s.Key)) }, ct)).ToDictionary(s => s.SettingId, s => s.ReleasePercent);
            var here = (await db.List<Guid>(SelectHere, new { SessionId = sessionId }, ct)).ToHashSet();
            var found = new List<Release>();
            foreach (var setting in settings) {
                var all = staff[setting.Key].ToHashSet();
                var chosen = setting.Select(p => p.Id).ToHashSet();
                foreach (var on in dates.Select(d => London.Day(d.StartsAt)).Distinct()) {
                    var away = all.Count(id => chosen.Contains(id) || here.Contains(id) || bound[id].Any(c => London.Day(c.StartsAt) <= on && London.Day(c.EndsAt) >= on));
                    // One person is no crowd: a childminder who works alone is not warned each time.
                    if (away > 1 && away * 100 >= all.Count * shares.GetValueOrDefault(setting.Key, usual)) found.Add(new(setting.Key, setting.First().SettingName, on, away, all.Count));
                }
            }
            return found;
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/booking-warnings", async (Guid? sessionId, Guid[] personId, IMediator mediator, CancellationToken ct) => Results.Ok(await mediator.Send(new Query(sessionId ?? Guid.Empty, personId), ct)))
        .WithName("FindWarnings").WithSummary("What to know before you book people: who is bound elsewhere at the same time, and which setting would be without many of its staff. People you can't book are left out. Times are UTC.").Produces<View>()
        .Requires(TrainingPermissions.Book);

    sealed record Share {
        public Guid SettingId { get; init; }
        public int ReleasePercent { get; init; }
    }
}
