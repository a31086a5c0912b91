using Cpd.People.Contracts;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Reminders;

/// <summary>Every night the rounds in which managers and officers are told of this week and the next are put right for every authority: its closed days may have changed.</summary>
internal static class PlanWeeks {
    internal static Schedule Schedule => new("people.plan-weeks", "0 40 2 * * ?", (mediator, ct) => mediator.Send(new Command(), ct));

    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(IMediator mediator, Mailbox mailbox, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var now = clock.GetUtcNow().UtcDateTime;
            var authorities = await mediator.Send(new ListAuthorities(), cancellationToken);
            var days = await mediator.Send(new ListDaysOff([.. authorities.Select(a => a.Id)], London.Day(now).AddDays(-7), London.Day(now).AddDays(30)), cancellationToken);
            foreach (var authority in days)
                await mailbox.Replan(authority.AuthorityId, [TellTheWeek.Name], [.. TellTheWeek.Plan(authority.AuthorityId, new ReminderHours(authority.Closed.ToHashSet()), now)], "The week begins on another day", cancellationToken);
            return Outcome.Done;
        }
    }
}
