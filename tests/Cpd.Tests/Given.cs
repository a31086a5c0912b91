using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Tests;

/// <summary>Organisations and people to begin a test with. They are laid down in bulk; everything else a test arranges through the application's own commands.</summary>
public sealed class Given(CpdApp app) {
    int next = 100;

    public Task<Guid> Authority(string name = "Thurrock") =>
        app.Database(db => db.One<Guid>("SELECT Id FROM people_Authority WHERE Name = @name", new { name }, default));

    public async Task<Guid> Setting(Guid authorityId, string? name = null) {
        var number = Interlocked.Increment(ref next);
        name ??= $"Nursery {number}";
        return await Insert("""
            INSERT INTO people_Setting (Id, AuthorityId, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode, Version)
            VALUES (@Id, @AuthorityId, @Urn, 'Ofsted', @Name, @NameKey, 'Childcare on non-domestic premises', 'Full day care', 'Active', 40, '1 High Street', 'Town', 'RM1 1AA', 1)
            """, new { AuthorityId = authorityId, Urn = $"EY{number:000000}", Name = name, NameKey = name.ToLowerInvariant() });
    }

    public async Task<Guid> Organisation(OrganisationKind kind, string name) => await Insert("""
        INSERT INTO people_Organisation (Id, Kind, Name, NameKey, Version) VALUES (@Id, @Kind, @Name, @NameKey, 1)
        """, new { Kind = kind.ToString(), Name = name, NameKey = name.ToLowerInvariant() });

    /// <summary>A person who works in a setting, without any role of their own.</summary>
    public async Task<Guid> Staff(Guid settingId, string? name = null, DateOnly? joined = null) {
        var person = await Person(name);
        await Insert("""
            INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @PersonId, @SettingId, 'Practitioner', 1, @Joined)
            """, new { PersonId = person, SettingId = settingId, Joined = joined ?? new DateOnly(2024, 9, 1) });
        return person;
    }

    public async Task<Guid> Person(string? name = null) {
        name ??= $"Person {Interlocked.Increment(ref next)}";
        var email = $"person{Interlocked.Increment(ref next)}@example.org";
        return await Insert("""
            INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version) VALUES (@Id, @Name, @NameKey, @Email, @Email, @Now, 1)
            """, new { Name = name, NameKey = name.ToLowerInvariant(), Email = email, app.Now });
    }

    public async Task<Actor> Officer(Guid authorityId, string? name = null) => await Holder(Role.AuthorityOfficer, OrganisationKind.Authority, authorityId, await Person(name));
    public async Task<Actor> Manager(Guid settingId, string? name = null) => await Holder(Role.SettingManager, OrganisationKind.Setting, settingId, await Staff(settingId, name));
    public async Task<Actor> Practitioner(Guid settingId, string? name = null) => await Holder(Role.Practitioner, OrganisationKind.None, Guid.Empty, await Staff(settingId, name));
    public async Task<Actor> Administrator() => await Holder(Role.SystemAdministrator, OrganisationKind.None, Guid.Empty, await Person());

    /// <summary>Gives a person a role and answers as whom they then act.</summary>
    public async Task<Actor> Holder(Role role, OrganisationKind kind, Guid organisationId, Guid? personId = null) {
        var id = personId ?? await Person();
        await Insert("""
            INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt) VALUES (@Id, @PersonId, @Role, @Kind, @OrganisationId, @Now)
            """, new { PersonId = id, Role = role.ToString(), Kind = kind.ToString(), OrganisationId = organisationId, app.Now });
        var name = await app.Database(db => db.One<string>("SELECT Name FROM people_Person WHERE Id = @id", new { id }, default));
        return new Actor(id, name!, [new Grant(role.ToString(), kind.ToString(), organisationId)]);
    }

    public async Task<Guid> Account(Actor who) {
        var known = await app.Database(db => db.One<Guid?>("SELECT Id FROM people_Account WHERE PersonId = @PersonId", new { who.PersonId }, default));
        return known ?? await Insert("""
            INSERT INTO people_Account (Id, PersonId, EmailKey, State, CreatedAt) VALUES (@Id, @PersonId, @EmailKey, 'Active', @Now)
            """, new { who.PersonId, EmailKey = $"{who.PersonId:N}@example.org", app.Now });
    }

    public async Task<string> ApiKey(Actor who) {
        var key = Codes.Secret();
        await Insert("""
            INSERT INTO people_ApiKey (Id, Name, KeyHash, PersonId, Role, Kind, OrganisationId, CreatedAt, ExpiresAt)
            VALUES (@Id, 'Test', @KeyHash, @PersonId, @Role, @Kind, @OrganisationId, @Now, @Later)
            """, new { KeyHash = Codes.Hash(key), who.PersonId, who.Grants[0].Role, who.Grants[0].Kind, who.Grants[0].OrganisationId, app.Now, Later = app.Now.AddYears(1) });
        return key;
    }

    async Task<Guid> Insert(string sql, object values) {
        var id = Ids.New(app.Clock);
        var args = new Dapper.DynamicParameters(values);
        args.Add("Id", id);
        await app.Database(db => db.Execute(sql, args, default));
        return id;
    }
}
