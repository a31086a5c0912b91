using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>
/// People who may have walked in, without those on the register: of the officer's own authority those whose name or email address begins with a text, of the others that
/// take part whoever has said their whole email address. Nobody looks through another authority's people by having it take part.
/// </summary>
internal static class FindGuests {
    internal sealed record Query(Guid MeetingId, string Text) : IRequest<Outcome<IReadOnlyList<DoorStranger>>>;

    internal sealed class Handler(Register register, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<IReadOnlyList<DoorStranger>>> {
        public async Task<Outcome<IReadOnlyList<DoorStranger>>> Handle(Query request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken) is not { } opened) return Outcome.NotFound;
            if (string.IsNullOrWhiteSpace(request.Text)) return (DoorStranger[])[];
            var reach = me.Reach(ForumsPermissions.ManageForums);
            var authorities = (await register.Authorities(opened.Meeting, cancellationToken)).ToLookup(a => reach.All || reach.Authorities.Contains(a));
            var homes = await mediator.Send(new SearchHomes([.. authorities[true]], request.Text.Trim(), London.Day(opened.Meeting.StartsAt), [.. authorities[false]]), cancellationToken);
            return homes.Where(p => !opened.People.ContainsKey(p.PersonId)).DistinctBy(p => p.PersonId).Select(p => new DoorStranger(p.PersonId, p.Name, p.SettingName)).ToArray();
        }
    }
}
