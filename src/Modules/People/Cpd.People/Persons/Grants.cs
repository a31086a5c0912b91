using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.People.Persons;

/// <summary>Roles that people hold: where each can be held, who may give it, and the giving.</summary>
internal sealed class Grants(Db db, CurrentUser me, TimeProvider clock) {
    const string Lock = "UPDATE people_Person SET Version = Version WHERE Id = @PersonId";
    const string Insert = """
        INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy)
        SELECT @Id, @PersonId, @Role, @Kind, @OrganisationId, @Now, @By
        WHERE NOT EXISTS (SELECT 1 FROM people_Grant WHERE PersonId = @PersonId AND Role = @Role AND OrganisationId = @OrganisationId AND EndedAt IS NULL)
        """;

    /// <summary>The kind of organisation at which a role is held; None for roles that belong to the person.</summary>
    internal static OrganisationKind KindOf(Role role) => role switch {
        Role.AuthorityOfficer => OrganisationKind.Authority,
        Role.SettingManager => OrganisationKind.Setting,
        Role.TrainingProviderOfficer => OrganisationKind.TrainingProvider,
        Role.Accreditor => OrganisationKind.Accreditor,
        Role.PlacementHost => OrganisationKind.PlacementHost,
        Role.InstitutionOfficer => OrganisationKind.Institution,
        _ => OrganisationKind.None,
    };

    /// <summary>What a user may give or end: administrators every role; officers those of the people they work with, and none that reaches as far as their own.</summary>
    internal static bool MayGive(Reach reach, Role role) => reach.All
        || role is Role.SettingManager or Role.Practitioner or Role.Trainer or Role.TrainingProviderOfficer or Role.PlacementHost or Role.Student or Role.InstitutionOfficer;

    /// <summary>
    /// Lets what depends on all that a person holds wait for what adds to it, on whatever host: taken before either reads. In the caller's transaction.
    /// </summary>
    internal Task Hold(Guid personId, CancellationToken ct) => db.Execute(Lock, new { PersonId = personId }, ct);

    /// <summary>Gives a role in the caller's transaction; false when they hold it already. Whether it may be given is for the caller to have asked.</summary>
    internal async Task<bool> Give(Guid personId, Role role, OrganisationKind kind, Guid organisationId, CancellationToken ct) {
        await Hold(personId, ct);
        return await db.Execute(Insert, new {
            Id = Ids.New(clock), PersonId = personId, Role = role.ToString(), Kind = kind.ToString(), OrganisationId = organisationId,
            Now = clock.GetUtcNow().UtcDateTime, By = me.IsSignedIn ? me.PersonId : (Guid?)null,
        }, ct) == 1;
    }
}
