using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Forums.MeetingRegisters;

/// <summary>People who may have walked in: those who belong to the forum's authorities and whose name or email address begins with a text, without those on the register.</summary>
internal static class FindGuests {
    internal sealed record Query(Guid MeetingId, string Text) : IRequest<Outcome<IReadOnlyList<Found>>>;

    internal sealed record Found(Guid PersonId, string Name, string SettingName);

    internal sealed class Handler(Register register, IMediator mediator) : IRequestHandler<Query, Outcome<IReadOnlyList<Found>>> {
        public async Task<Outcome<IReadOnlyList<Found>>> Handle(Query request, CancellationToken cancellationToken) {
            if (await register.Open(request.MeetingId, cancellationToken) is not { } opened) return Outcome.NotFound;
            if (string.IsNullOrWhiteSpace(request.Text)) return (Found[])[];
            var homes = await mediator.Send(new SearchHomes(await register.Authorities(opened.Meeting, cancellationToken), request.Text.Trim(), London.Day(opened.Meeting.StartsAt)), cancellationToken);
            return homes.Where(p => !opened.People.ContainsKey(p.PersonId)).DistinctBy(p => p.PersonId).Select(p => new Found(p.PersonId, p.Name, p.SettingName)).ToArray();
        }
    }
}
