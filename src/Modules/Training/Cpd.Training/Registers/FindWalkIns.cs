using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Registers;

/// <summary>People who may have walked in: staff of the settings of the session's authority whose name or email address begins with a text, without those on the register.</summary>
internal static class FindWalkIns {
    internal sealed record Query(Guid SessionId, string Text) : IRequest<Outcome<IReadOnlyList<DoorStranger>>>;

    internal sealed class Handler(IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<IReadOnlyList<DoorStranger>>> {
        public async Task<Outcome<IReadOnlyList<DoorStranger>>> Handle(Query request, CancellationToken cancellationToken) {
            var register = await mediator.Send(new OpenRegister.Query(request.SessionId), cancellationToken);
            if (register.Refusal is { } refusal) return refusal;
            if (string.IsNullOrWhiteSpace(request.Text)) return (DoorStranger[])[];
            var (session, entries) = (register.Value.Session, register.Value.Entries);
            var reach = me.Reach(TrainingPermissions.KeepRegister);
            var known = entries.Select(e => e.PersonId).ToHashSet();
            var staff = await mediator.Send(new SearchStaff([.. reach.Authorities.Append(session.AuthorityId).Distinct()], request.Text.Trim(), London.Day(session.StartsAt)), cancellationToken);
            return staff.Where(p => !known.Contains(p.PersonId)).DistinctBy(p => p.PersonId).Select(p => new DoorStranger(p.PersonId, p.Name, p.SettingName)).ToArray();
        }
    }
}
