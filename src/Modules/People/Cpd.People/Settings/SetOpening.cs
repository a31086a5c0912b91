using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Settings;

/// <summary>An officer says whether a setting of their authority is open all year or in term time only, so that its staff are reminded on days on which they work.</summary>
internal static class SetOpening {
    internal sealed record Command(Guid SettingId, bool TermTimeOnly) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.SettingId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        // Its own column: it is no part of Ofsted's list, so an import that is being checked need not be checked again.
        const string Update = """
            UPDATE people_Setting SET TermTimeOnly = @TermTimeOnly
            WHERE Id = @SettingId AND ClosedOn IS NULL AND (@All = 1 OR AuthorityId IN @Authorities)
            """;

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.ChangeSettings);
            return await db.Execute(Update, new { request.SettingId, request.TermTimeOnly, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) == 1 ? Outcome.Done : Outcome.NotFound;
        }
    }
}
