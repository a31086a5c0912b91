using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Forums.Series;

/// <summary>Who may lead an item or take on an action: the members of a forum and the officers of its authority, by name.</summary>
internal static class ForumPeople {
    const string Select = "SELECT PersonId FROM forums_Member WHERE SeriesId = @SeriesId AND Until IS NULL";

    internal static async Task<IReadOnlyList<PersonCard>> List(Db db, IMediator mediator, Guid seriesId, Guid authorityId, CancellationToken ct) {
        var members = await db.List<Guid>(Select, new { SeriesId = seriesId }, ct);
        var people = members.Count == 0 ? [] : await mediator.Send(new FindPeople(members), ct);
        var officers = await mediator.Send(new FindHolders(Role.AuthorityOfficer, [authorityId]), ct);
        return [.. people.Concat(officers.Select(o => new PersonCard(o.PersonId, o.Name, o.Email))).DistinctBy(p => p.Id).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id)];
    }

    /// <summary>Somebody of the forum by id, or anybody by name: who it is, and what is read. Null for an id of somebody else.</summary>
    internal static async Task<(Guid? Id, string Name)?> Named(Db db, IMediator mediator, Guid seriesId, Guid authorityId, Guid? id, string? name, CancellationToken ct) =>
        id is null ? (null, name?.Trim() ?? "") : (await List(db, mediator, seriesId, authorityId, ct)).FirstOrDefault(p => p.Id == id) is { } person ? (person.Id, person.Name) : null;
}
