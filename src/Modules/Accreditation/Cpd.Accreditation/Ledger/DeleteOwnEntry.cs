using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Accreditation.Ledger;

/// <summary>A person deletes an entry that they added, with what they wrote about it, for good.</summary>
internal static class DeleteOwnEntry {
    internal sealed record Command(Guid Id, int Version) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me, IMediator mediator) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = "DELETE FROM accreditation_Entry WHERE Id = @Id AND PersonId = @Me AND CauseKind = 'Own' AND Version = @Version";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.Execute(Delete, new { request.Id, Me = me.PersonId, request.Version }, cancellationToken) == 1) return Outcome.Done;
            var entry = await mediator.Send(new OpenEntry.Query(request.Id), cancellationToken);
            return entry.Refusal ?? (entry.Value.IsOwn ? Outcome.Conflict("This entry was changed in another window after you opened it. Look at it again before you delete it") : Outcome.NotFound);
        }
    }
}
