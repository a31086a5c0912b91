using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Bookings;

/// <summary>Someone who may be booked by the one who asks, with where they work: in the asker's reach if they do, else where they began first.</summary>
/// <param name="Decided">Whoever asks may decide for their setting: its manager, or an officer. Otherwise they ask for themselves.</param>
internal sealed record BookablePerson(Guid Id, string Name, Guid? SettingId, string SettingName, Guid? AuthorityId, JobRole? JobRole, bool Decided, PersonCard Card);

/// <summary>Whom this user may book: staff of their settings, staff of the settings of their authorities, or themselves.</summary>
internal sealed class Bookable(IMediator mediator, CurrentUser me, TimeProvider clock) {
    /// <summary>Those of them whom this user may book, and a sentence why not for each of the others. Someone else's staff and nobody at all are never told apart.</summary>
    /// <param name="self">Who asks, if it is not the one who is signed in: by a link to somebody who was booked before, so nobody needs to decide again.</param>
    internal async Task<(IReadOnlyList<BookablePerson> People, IReadOnlyDictionary<Guid, string> Others)> Among(IReadOnlyList<Guid> ids, CancellationToken ct, Guid? self = null) {
        // Whoever follows a link of a message asks for the one person it is about, whatever else they may do when signed in.
        var reach = self is null ? me.Reach(TrainingPermissions.Book) : new Reach();
        var places = (await mediator.Send(new FindStaff(ids, London.Today(clock)), ct)).OrderBy(p => p.JoinedOn).ToLookup(p => p.PersonId);
        var cards = (await mediator.Send(new FindPeople(ids), ct)).ToDictionary(p => p.Id);
        var found = new List<BookablePerson>();
        var others = new Dictionary<Guid, string>();
        foreach (var id in ids) {
            var mine = places[id].FirstOrDefault(p => reach.Settings.Contains(p.SettingId)) ?? places[id].FirstOrDefault(p => reach.Authorities.Contains(p.AuthorityId));
            if (cards.TryGetValue(id, out var card) && (mine is not null || reach.All || (self ?? reach.Self) == id)) {
                var at = mine ?? places[id].FirstOrDefault();
                found.Add(new(id, card.Name, at?.SettingId, at?.SettingName ?? "", at?.AuthorityId, at?.JobRole, reach.All || mine is not null || self is not null, card));
            } else {
                others[id] = reach.All ? "There is nobody with this id."
                    : reach.Settings.Count > 0 ? "They do not work at your setting."
                    : reach.Authorities.Count > 0 ? "They do not work at a setting of your local authority."
                    : "You can only book for yourself.";
            }
        }
        return (found, others);
    }
}
