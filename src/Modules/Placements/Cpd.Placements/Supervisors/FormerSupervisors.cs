using Cpd.People.Contracts;
using MediatR;

namespace Cpd.Placements.Supervisors;

/// <summary>
/// Supervisors who act for their host no more, and since when (UTC). People ends the role and gives it back; it is asked whenever it matters and kept nowhere, so whoever has it again is a supervisor
/// as before.
/// </summary>
internal static class FormerSupervisors {
    /// <param name="hosts">The hosts of the supervisors in question; of none, nothing is asked.</param>
    internal static async Task<IReadOnlyDictionary<(Guid HostId, Guid PersonId), DateTime>> Former(this IMediator mediator, IEnumerable<Guid> hosts, CancellationToken ct) =>
        hosts.Distinct().ToList() is { Count: > 0 } ids
            ? (await mediator.Send(new FindFormerHolders(Role.PlacementHost, ids), ct)).ToDictionary(f => (f.OrganisationId, f.PersonId), f => f.EndedAt)
            : new Dictionary<(Guid HostId, Guid PersonId), DateTime>();
}
