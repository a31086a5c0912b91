using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>An officer or administrator takes a role away; it is gone with the person's next click. Nobody ends a role of their own.</summary>
internal static class EndRole {
    internal sealed record Command(Guid PersonId, Guid GrantId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.GrantId).NotEmpty();
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"""
            SELECT g.Role FROM people_Grant g JOIN people_Person p ON p.Id = g.PersonId
            WHERE g.Id = @GrantId AND g.PersonId = @PersonId AND {Within.People} AND {Within.Grants}
            """;
        const string End = "UPDATE people_Grant SET EndedAt = @Now WHERE Id = @GrantId AND EndedAt IS NULL";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.GrantRoles);
            var role = await db.One<string>(Select, db.In(reach, request), cancellationToken);
            if (role is null) return Outcome.NotFound;
            if (request.PersonId == me.PersonId) return Outcome.Conflict("You cannot change your own roles. Ask another officer or an administrator.");
            if (!Grants.MayGive(reach, Enum.Parse<Role>(role))) return Outcome.Forbidden;
            return await db.Execute(End, new { request.GrantId, Now = clock.GetUtcNow().UtcDateTime }, cancellationToken) == 1
                ? Outcome.Done : Outcome.Conflict("They do not hold this role any more.");
        }
    }
}
