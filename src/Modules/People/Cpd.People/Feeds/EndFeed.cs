using Cpd.Platform.Calendars;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Feeds;

/// <summary>A person switches off the address at which their calendar is read; from then on there is nothing.</summary>
internal static class EndFeed {
    internal sealed record Command : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(CalendarFeeds feeds, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) =>
            await feeds.End(me.PersonId, cancellationToken) ? Outcome.Done : Outcome.Conflict("Your calendar's address has been switched off already.");
    }
}
