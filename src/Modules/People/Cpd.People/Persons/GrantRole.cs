using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using FluentValidation;
using MediatR;

namespace Cpd.People.Persons;

/// <summary>An officer or administrator gives a person a role, at an organisation where the role is held at one. Nobody gives a role to themselves.</summary>
internal static class GrantRole {
    internal sealed record Command(Guid PersonId, Role? Role, Guid? OrganisationId) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Role).NotNull().WithMessage("Select a role").IsInEnum().WithMessage("Select a role");
            RuleFor(c => c.OrganisationId).NotEmpty().When(c => c.Role is { } role && Grants.KindOf(role) != OrganisationKind.None).WithMessage("Select where they hold this role");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, Grants grants) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectPerson = $"SELECT p.Name FROM people_Person p WHERE p.Id = @PersonId AND {Within.People}";
        const string SelectSetting = $"SELECT s.Id FROM people_Setting s WHERE s.Id = @OrganisationId AND {Within.Settings}";
        const string SelectOrganisation = "SELECT Id FROM people_Organisation WHERE Id = @OrganisationId AND Kind = @Kind AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string SelectAuthority = "SELECT Id FROM people_Authority WHERE Id = @OrganisationId AND @All = 1";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(PeoplePermissions.GrantRoles);
            var role = request.Role!.Value;
            var name = await db.One<string>(SelectPerson, db.In(reach, request), cancellationToken);
            if (name is null) return Outcome.NotFound;
            if (request.PersonId == me.PersonId) return Outcome.Conflict("You cannot change your own roles. Ask another officer or an administrator.");
            if (!Grants.MayGive(reach, role)) return Outcome.Forbidden;
            var kind = Grants.KindOf(role);
            if (kind != OrganisationKind.None) {
                var found = await db.One<Guid?>(kind switch {
                    OrganisationKind.Setting => SelectSetting,
                    OrganisationKind.Authority => SelectAuthority,
                    _ => SelectOrganisation,
                }, db.In(reach, new { request.OrganisationId, Kind = kind.ToString() }), cancellationToken);
                if (found is null) return Outcome.NotFound;
            }
            return await grants.Give(request.PersonId, role, kind, kind == OrganisationKind.None ? Guid.Empty : request.OrganisationId!.Value, cancellationToken)
                ? Outcome.Done : Outcome.Conflict($"{name} holds this role already.");
        }
    }
}
