using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Papers;

/// <summary>A paper or material is taken away from a meeting, and its file with it.</summary>
internal static class RemovePaper {
    internal sealed record Command(Guid MeetingId, Guid PaperId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.PaperId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string IsOfMeeting = "SELECT COUNT(*) FROM forums_Paper WHERE Id = @PaperId AND MeetingId = @MeetingId";
        const string DeleteParts = "DELETE FROM forums_PaperPart WHERE PaperId = @PaperId";
        const string Delete = "DELETE FROM forums_Paper WHERE Id = @PaperId";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is null || await db.One<int>(IsOfMeeting, request, cancellationToken) == 0) return Outcome.NotFound;
            await db.Execute(DeleteParts, request, cancellationToken);
            await db.Execute(Delete, request, cancellationToken);
            return Outcome.Done;
        }
    }
}
