using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Calendar;

/// <summary>An officer takes a term out of their authority's calendar.</summary>
internal static class RemoveTerm {
    internal sealed record Command(Guid TermId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.TermId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string Delete = "DELETE FROM people_Term WHERE Id = @TermId AND (@All = 1 OR AuthorityId IN @Authorities)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) =>
            await db.Execute(Delete, db.In(me.Reach(PeoplePermissions.ChangeCalendar), request), cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
    }
}
