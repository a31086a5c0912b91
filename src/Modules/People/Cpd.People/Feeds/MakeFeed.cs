using Cpd.Platform.Calendars;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;

namespace Cpd.People.Feeds;

/// <summary>A person makes the secret address at which their calendar is read. The one before stops working. It is shown once; only a hash of its secret is kept.</summary>
internal static class MakeFeed {
    /// <summary>Gives the whole address.</summary>
    internal sealed record Command : IRequest<Outcome<string>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command>;

    internal sealed class Handler(Db db, CalendarFeeds feeds, Site site, CurrentUser me) : IRequestHandler<Command, Outcome<string>> {
        public async Task<Outcome<string>> Handle(Command request, CancellationToken cancellationToken) {
            try {
                return site.Absolute(PeopleLinks.Feed(await feeds.Make(me.PersonId, cancellationToken)));
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("An address was made in another window at the same moment. Make a new one if you did not copy it.");
            }
        }
    }
}
