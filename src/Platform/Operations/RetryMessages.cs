using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.Platform.Operations;

/// <summary>Somebody has put right what kept messages from being sent, and has one of them or all tried again from the beginning. What is no longer true is dropped then.</summary>
static class RetryMessages {
    /// <param name="Id">Null for all that the user reaches.</param>
    internal sealed record Command(Guid? Id) : IRequest<Outcome<int>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, MailSignal signal, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Update = """
            UPDATE platform_Message SET State = 'Due', DueAt = @Now, Attempts = 0, Error = NULL
            WHERE State = 'Parked' AND (@Id IS NULL OR Id = @Id) AND (@All = 1 OR AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(OperationsPermissions.RetryMessages);
            var count = await db.Execute(Update, new { request.Id, Now = clock.GetUtcNow().UtcDateTime, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken);
            if (count == 0 && request.Id is not null) return Outcome.NotFound;
            db.AfterCommit(signal.Wake);
            return count;
        }
    }
}
