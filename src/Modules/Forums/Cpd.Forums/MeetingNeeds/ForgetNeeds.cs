using Cpd.Platform.Data;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messaging;
using FluentValidation;
using MediatR;

namespace Cpd.Forums.MeetingNeeds;

/// <summary>Once a night what people asked for at meetings that ended 30 days ago is removed, and what those asked for who neither come nor wait for a place any more.</summary>
internal static class ForgetNeeds {
    internal static Schedule Schedule => new("forums.forget-needs", "0 55 3 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = """
            DELETE FROM forums_Need
            WHERE EXISTS (SELECT 1 FROM forums_Meeting m WHERE m.Id = forums_Need.MeetingId AND (m.EndsAt <= @Before OR m.State = 'Cancelled'))
               OR NOT EXISTS (SELECT 1 FROM forums_Participant p WHERE p.MeetingId = forums_Need.MeetingId AND p.PersonId = forums_Need.PersonId AND p.Reply IN ('Coming', 'Waiting'))
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            await db.Execute(Delete, new { Before = clock.GetUtcNow().UtcDateTime.AddDays(-ListNeeds.DaysAfter) }, cancellationToken);
            return Outcome.Done;
        }
    }
}
