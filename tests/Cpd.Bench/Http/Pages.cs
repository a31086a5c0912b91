using Cpd.Bench.Data;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench.Http;

/// <summary>The pages that are measured, each asked for by many people about many things, as in a working day.</summary>
sealed class Pages(DataSet set, HostProcess host) {
    const int People = 12;
    readonly Dictionary<string, string> cookies = [];

    public async Task<IReadOnlyList<(string, string)>> SearchCatalogue(CancellationToken ct) => await By(await Practitioners(ct), Searches());
    public async Task<IReadOnlyList<(string, string)>> AllCourses(CancellationToken ct) => await By(await Practitioners(ct), ["/courses"]);
    public async Task<IReadOnlyList<(string, string)>> Courses(CancellationToken ct) => await By(await Practitioners(ct), CoursePaths());
    public async Task<IReadOnlyList<(string, string)>> Sessions(CancellationToken ct) => await By(await Practitioners(ct), SessionPaths());
    public async Task<IReadOnlyList<(string, string)>> MyCpd(CancellationToken ct) => await By(await Practitioners(ct), ["/my-cpd"]);
    public IReadOnlyList<(string, string)> AnonymousSearches() => [.. Searches().Select(p => (p, ""))];
    public IReadOnlyList<(string, string)> AnonymousCourses() => [.. CoursePaths().Select(p => (p, ""))];
    public IReadOnlyList<(string, string)> AnonymousSessions() => [.. SessionPaths().Select(p => (p, ""))];

    public IReadOnlyList<(string, string)> Checks() =>
        [.. set.Pick(Spread("accreditation_Certificate", "Number", 500), r => ($"/check/{r.GetString(0)}", ""))];

    /// <summary>A manager looks at who works in their setting.</summary>
    public Task<IReadOnlyList<(string, string)>> StaffList(CancellationToken ct) => Managers(id => $"/settings/{id}", ct);

    /// <summary>A manager looks at how much CPD each of their staff has done.</summary>
    public Task<IReadOnlyList<(string, string)>> StaffRecords(CancellationToken ct) => Managers(_ => "/staff-records", ct);

    /// <summary>An officer opens the register of a session with as many people as the data has, at most 40.</summary>
    public async Task<IReadOnlyList<(string, string)>> Registers(CancellationToken ct) {
        var officers = set.Pick("SELECT g.OrganisationId, MIN(a.EmailKey) FROM people_Grant g JOIN people_Account a ON a.PersonId = g.PersonId WHERE g.Role = 'AuthorityOfficer' GROUP BY g.OrganisationId ORDER BY g.OrganisationId LIMIT 8",
            r => (Authority: DataSet.Id(r, 0), Email: r.GetString(1))).ToDictionary(o => o.Authority, o => o.Email);
        var sessions = set.Pick("SELECT Id, AuthorityId FROM training_Session WHERE State = 'Published' AND RegisterClosedAt IS NOT NULL ORDER BY PlacesTaken DESC, Id LIMIT 2000", r => (Id: DataSet.Id(r, 0), Authority: DataSet.Id(r, 1)));
        var requests = new List<(string, string)>();
        foreach (var session in sessions.Where(s => officers.ContainsKey(s.Authority)).Take(40)) requests.Add(($"/sessions/{session.Id}/register", await Cookie(officers[session.Authority], ct)));
        return requests;
    }

    IReadOnlyList<string> Searches() {
        var authorities = set.Pick("SELECT DISTINCT AuthorityId FROM training_Course WHERE State = 'Published' LIMIT 20", r => DataSet.Id(r, 0));
        return [.. authorities.SelectMany(a => (string[])[$"/courses?authority={a}", $"/courses?authority={a}&age=BirthToTwo&free=true", $"/courses?authority={a}&mode=LiveOnline&text=play"])];
    }

    IReadOnlyList<string> CoursePaths() => set.Pick("SELECT Id FROM training_Course WHERE State = 'Published' LIMIT 100", r => $"/courses/{DataSet.Id(r, 0)}");

    IReadOnlyList<string> SessionPaths() => set.Pick($"SELECT Id FROM training_Session WHERE State = 'Published' AND StartsAt > '{set.AsOf.AddDays(1):yyyy-MM-dd}' ORDER BY StartsAt, Id LIMIT 100", r => $"/sessions/{DataSet.Id(r, 0)}");

    Task<IReadOnlyList<string>> Practitioners(CancellationToken ct) => SignedIn(
        $"SELECT a.EmailKey FROM people_Account a JOIN people_Grant g ON g.PersonId = a.PersonId AND g.Role = 'Practitioner' ORDER BY a.Id LIMIT {People}", r => r.GetString(0), ct);

    async Task<IReadOnlyList<(string, string)>> Managers(Func<Guid, string> path, CancellationToken ct) {
        var managers = set.Pick($"""
            SELECT a.EmailKey, g.OrganisationId FROM people_Grant g JOIN people_Account a ON a.PersonId = g.PersonId JOIN people_Setting s ON s.Id = g.OrganisationId
            WHERE g.Role = 'SettingManager' AND s.Subtype = 'Full day care' ORDER BY a.Id LIMIT {People}
            """, r => (Email: r.GetString(0), Setting: DataSet.Id(r, 1)));
        var requests = new List<(string, string)>();
        foreach (var manager in managers) requests.Add((path(manager.Setting), await Cookie(manager.Email, ct)));
        return requests;
    }

    async Task<IReadOnlyList<string>> SignedIn(string sql, Func<SqliteDataReader, string> email, CancellationToken ct) {
        var found = new List<string>();
        foreach (var one in set.Pick(sql, email)) found.Add(await Cookie(one, ct));
        return found;
    }

    async Task<string> Cookie(string email, CancellationToken ct) {
        if (cookies.TryGetValue(email, out var known)) return known;
        using var visitor = new Visitor(host);
        await visitor.SignIn(email, ct);
        return cookies[email] = visitor.Session;
    }

    static Task<IReadOnlyList<(string, string)>> By(IReadOnlyList<string> people, IReadOnlyList<string> paths) =>
        Task.FromResult<IReadOnlyList<(string, string)>>([.. Enumerable.Range(0, Math.Max(people.Count, paths.Count)).Select(i => (paths[i % paths.Count], people[i % people.Count]))]);

    /// <summary>So many rows from all over a table, by its rowid, which every table here has.</summary>
    static string Spread(string table, string column, int rows) =>
        $"SELECT {column} FROM {table} WHERE rowid % (1 + (SELECT MAX(rowid) FROM {table}) / {rows}) = 0";
}
