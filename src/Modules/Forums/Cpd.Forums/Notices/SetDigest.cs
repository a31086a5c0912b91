using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.Notices;

/// <summary>Somebody says how often they are told what is new on the notice boards of their forums: each week, unless they want it each day. Not at all is said from the message itself.</summary>
internal static class SetDigest {
    internal sealed record Command(bool Daily) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Insert = "INSERT INTO forums_DailyReader (PersonId) SELECT @Me WHERE NOT EXISTS (SELECT 1 FROM forums_DailyReader d WHERE d.PersonId = @Me)";
        const string Delete = "DELETE FROM forums_DailyReader WHERE PersonId = @Me";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.Execute(request.Daily ? Insert : Delete, new { Me = me.PersonId }, cancellationToken);
            return Outcome.Done;
        }
    }
}
