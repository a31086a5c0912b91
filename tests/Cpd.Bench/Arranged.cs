extern alias Host;

using Cpd.Platform;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Bench;

/// <summary>How much there is to begin with.</summary>
/// <param name="Sessions">Published, all of one course, ten days from now.</param>
/// <param name="Places">Of each session.</param>
/// <param name="Held">Published sessions of yesterday, whose registers are empty and open.</param>
/// <param name="Staff">People of one setting, each with an email address.</param>
sealed record Plan(int Sessions = 1, int Places = 16, int Held = 0, int Staff = 200);

/// <summary>
/// A migrated database for the service to run on: one authority with its officer, one setting with its manager and staff, one course
/// with sessions. It lies in a data folder, or on a server when a connection string is given. Nothing of it stays open here, so
/// that a host which starts on it recovers it as it would alone.
/// </summary>
sealed class Arranged : IAsyncDisposable {
    readonly DatabaseOptions database;
    readonly string? server;

    Arranged(string folder, string? server) {
        Folder = folder;
        this.server = server;
        database = server is null ? new() : new() {
            Engine = "SqlServer",
            ConnectionString = new SqlConnectionStringBuilder(server) { InitialCatalog = $"cpd_bench_{Ids.New(TimeProvider.System):N}" }.ToString(),
        };
    }

    /// <summary>The data folder, for <see cref="HostProcess.Start"/>.</summary>
    public string Folder { get; }
    /// <summary>The SQLite file.</summary>
    public string File => Path.Combine(Folder, "cpd.db");
    /// <summary>What a host is started with to find this database.</summary>
    public IReadOnlyList<string> Arguments => server is null ? [] : [$"--Database:Engine={database.Engine}", $"--Database:ConnectionString={database.ConnectionString}"];

    public Guid AuthorityId { get; private set; }
    public Guid SettingId { get; private set; }
    public Guid CourseId { get; private set; }
    public IReadOnlyList<Guid> Sessions { get; private set; } = [];
    public IReadOnlyList<Guid> Held { get; private set; } = [];
    public IReadOnlyList<Guid> Staff { get; private set; } = [];
    /// <summary>A key that books the staff of the setting.</summary>
    public string ManagerKey { get; private set; } = "";
    /// <summary>A key that keeps the registers of the authority's sessions.</summary>
    public string OfficerKey { get; private set; } = "";
    /// <summary>The Cookie header of a browser where the manager is signed in.</summary>
    public string ManagerCookie { get; private set; } = "";

    /// <param name="server">A connection string of a SQL Server, on which a database of its own is made and dropped; SQLite in the folder when null.</param>
    public static async Task<Arranged> Make(string folder, Plan plan, string? server = null, CancellationToken ct = default) {
        var arranged = new Arranged(folder, server);
        if (server is not null) await arranged.OnServer(name => $"CREATE DATABASE [{name}]");
        await using (var app = Host::Program.Build(["--data", folder, "--applicationName", "Cpd.Host", "--Logs:Console=false", "--Jobs:Enabled=false", .. arranged.Arguments], TimeProvider.System)) {
            await app.Prepare(ct);
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            var manager = Guid.Empty;
            await db.Write(async () => manager = await arranged.Fill(db, plan, ct), ct);
            arranged.ManagerCookie = await SignIn(scope.ServiceProvider, manager);
        }
        SqliteConnection.ClearAllPools();
        return arranged;
    }

    /// <summary>Asks or changes the database behind the service's back; nothing of it is open before and after.</summary>
    public Task<T> Ask<T>(Func<Db, Task<T>> work) => With(db => db.Write(() => work(db), _ => true, CancellationToken.None));

    /// <summary>The same, with transactions of the work's own.</summary>
    public async Task<T> With<T>(Func<Db, Task<T>> work) {
        using var dialect = Dialect.For(database, Folder);
        await using var db = new Db(dialect);
        return await work(db);
    }

    public Task<IReadOnlyList<T>> List<T>(string sql, object? args = null) => Ask(db => db.List<T>(sql, args, CancellationToken.None));

    public async Task<int> Count(string sql, object? args = null) => await Ask(db => db.One<int>(sql, args, CancellationToken.None));

    /// <summary>A key for the first of the staff, who is given a role with it.</summary>
    /// <param name="kind">Of the organisation, in People's words.</param>
    public Task<string> Key(string role, string kind, Guid at) => Ask(db => Key(db, Staff[0], role, kind, at));

    public Task<int> Execute(string sql, object? args = null) => Ask(db => db.Execute(sql, args, CancellationToken.None));

    public async ValueTask DisposeAsync() {
        SqliteConnection.ClearAllPools();
        if (server is null) return;
        SqlConnection.ClearAllPools();
        await OnServer(name => $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]");
    }

    static async Task<string> Key(Db db, Guid personId, string role, string kind, Guid at) {
        var (key, now) = (Codes.Secret(), TimeProvider.System.GetUtcNow().UtcDateTime);
        var values = new { GrantId = Ids.New(TimeProvider.System), KeyId = Ids.New(TimeProvider.System), personId, role, kind, at, Hash = Codes.Hash(key), Now = now, Later = now.AddYears(1) };
        await db.Execute("INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt) VALUES (@GrantId, @personId, @role, @kind, @at, @Now)", values, CancellationToken.None);
        await db.Execute("INSERT INTO people_ApiKey (Id, Name, KeyHash, PersonId, Role, Kind, OrganisationId, CreatedAt, ExpiresAt) VALUES (@KeyId, 'Drill', @Hash, @personId, @role, @kind, @at, @Now, @Later)", values, CancellationToken.None);
        return key;
    }

    async Task OnServer(Func<string, string> statement) {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        // A database's name can't be a parameter; this one was made above.
#pragma warning disable CA2100
        command.CommandText = statement(new SqlConnectionStringBuilder(database.ConnectionString).InitialCatalog);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lays it all down, in the columns that the modules' commands would fill, and gives the manager's account.</summary>
    async Task<Guid> Fill(Db db, Plan plan, CancellationToken ct) {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        AuthorityId = await db.One<Guid>("SELECT Id FROM people_Authority WHERE Name = 'Thurrock'", null, ct);
        SettingId = await Insert("""
            INSERT INTO people_Setting (Id, AuthorityId, Urn, UrnKind, Name, NameKey, ProviderType, Subtype, Status, Places, Address, Town, Postcode, Version)
            VALUES (@Id, @AuthorityId, 'EY000001', 'Ofsted', 'Drill Nursery', 'drill nursery', 'Childcare on non-domestic premises', 'Full day care', 'Active', 40, '1 High Street', 'Grays', 'RM17 9ZZ', 1)
            """, new { AuthorityId });
        Staff = await People("Practitioner", plan.Staff);
        var manager = (await People("Manager", 1))[0];
        var officer = (await People("Officer", 1, atSetting: false))[0];
        ManagerKey = await Key(db, manager, "SettingManager", "Setting", SettingId);
        OfficerKey = await Key(db, officer, "AuthorityOfficer", "Authority", AuthorityId);

        CourseId = await Insert("""
            INSERT INTO training_Course (Id, AuthorityId, Title, TitleKey, SearchKey, Summary, LearningOutcomes, AgeRanges, Mode, Minutes, ParticipatoryMinutes, PricePence, State, CreatedAt, CreatedBy, PublishedAt, Version)
            VALUES (@Id, @AuthorityId, 'Babbling Babies', 'babbling babies', ' babbling babies', 'How babies learn to talk.', 'Name the stages of early talk', 1, 'InPerson', 150, 60, 0, 'Published', @Now, @officer, @Now, 1)
            """, new { AuthorityId, Now = now, officer });
        Sessions = await Published(plan.Sessions, now.Date.AddDays(10).AddHours(9));
        Held = await Published(plan.Held, now.Date.AddDays(-1).AddHours(9));

        return await Insert("INSERT INTO people_Account (Id, PersonId, EmailKey, State, CreatedAt) VALUES (@Id, @manager, 'manager@example.org', 'Active', @Now)", new { manager, Now = now });

        async Task<IReadOnlyList<Guid>> People(string job, int count, bool atSetting = true) {
            var people = Enumerable.Range(1, count).Select(i => new { Id = Ids.New(TimeProvider.System), Name = $"{job} {i}", Key = $"{job} {i}".ToLowerInvariant(), Email = $"{job}{i}@example.org".ToLowerInvariant(), Now = now }).ToList();
            await db.Execute("INSERT INTO people_Person (Id, Name, NameKey, Email, EmailKey, CreatedAt, Version) VALUES (@Id, @Name, @Key, @Email, @Email, @Now, 1)", people, ct);
            if (atSetting) await db.Execute("INSERT INTO people_Membership (Id, PersonId, SettingId, JobRole, AgeRanges, JoinedOn) VALUES (@Id, @PersonId, @SettingId, @job, 1, @Joined)",
                people.Select(p => new { Id = Ids.New(TimeProvider.System), PersonId = p.Id, SettingId, job, Joined = DateOnly.FromDateTime(now).AddYears(-1) }).ToList(), ct);
            return [.. people.Select(p => p.Id)];
        }

        async Task<IReadOnlyList<Guid>> Published(int count, DateTime startsAt) {
            var sessions = Enumerable.Range(0, count).Select(_ => new { Id = Ids.New(TimeProvider.System), CourseId, AuthorityId, StartsAt = startsAt, EndsAt = startsAt.AddMinutes(150), plan.Places, Now = now, CreatedBy = SettingId }).ToList();
            await db.Execute("""
                INSERT INTO training_Session (Id, CourseId, AuthorityId, StartsAt, EndsAt, Places, PlacesTaken, WaitingCount, WaitingTail, VenueName, VenueAddress, JoiningLink, State, CancelReason, CreatedAt, CreatedBy, Version)
                VALUES (@Id, @CourseId, @AuthorityId, @StartsAt, @EndsAt, @Places, 0, 0, 0, 'Civic Hall', 'New Road, Grays', '', 'Published', '', @Now, @CreatedBy, 1)
                """, sessions, ct);
            await db.Execute("INSERT INTO training_SessionDate (SessionId, StartsAt, EndsAt) VALUES (@Id, @StartsAt, @EndsAt)", sessions, ct);
            return [.. sessions.Select(s => s.Id)];
        }

        async Task<Guid> Insert(string sql, object values) {
            var id = Ids.New(TimeProvider.System);
            await db.Execute(sql, Db.Args(values, new { Id = id }), ct);
            return id;
        }
    }

    /// <summary>Begins a session as the sign-in page does, and gives its cookie.</summary>
    static async Task<string> SignIn(IServiceProvider services, Guid accountId) {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("localhost");
        await context.SignInAsync(new(new System.Security.Claims.ClaimsIdentity([new("account", accountId.ToString())], "Session")));
        return context.Response.Headers.SetCookie[0]!.Split(';')[0];
    }
}
