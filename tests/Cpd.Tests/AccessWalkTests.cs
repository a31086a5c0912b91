using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests;

/// <summary>
/// Walks every page and endpoint with nobody, with every role, and with another authority's ids, and holds the answers against
/// Permissions.md. A route with an id that <see cref="Samples"/> does not know fails the walk: so a new one cannot be forgotten.
/// </summary>
public sealed partial class AccessWalkTests : IDisposable {
    // Each walk has a demonstration of its own: what one sends may end or withdraw what another looks at.
    readonly DemoApp app = new();

    public void Dispose() => app.Dispose();

    static readonly string[] Roles = Enum.GetNames<Role>();

    /// <summary>What stands for an id in an address: a row that belongs to an authority (@Authority). Both authorities of the demonstration must have one.</summary>
    static readonly Dictionary<string, string> Samples = AccessSamples.ById;

    [Fact]
    public async Task Walk_EveryPageWithEveryRole_AnswersAsTheMatrixSays() {
        var (wrong, cells) = (new List<string>(), 0);
        var routes = await Routes();
        Assert.True(routes.Count(r => r.IsPage) > 20, "the walk found hardly any pages");
        var mine = await Ids("Thurrock");
        var theirs = await Ids("Blackpool");

        foreach (var role in Roles.Prepend("")) {
            var browser = role.Length == 0 ? app.Browser() : await app.SignIn(role);
            foreach (var route in routes.Where(r => r.IsPage)) {
                var foreign = await browser.Get(Fill(route.Template, theirs));
                Check(ref cells, wrong, role, "GET", route, foreign, isForeign: true);
                if (route.HasId) Check(ref cells, wrong, role, "GET", route, await browser.Get(Fill(route.Template, mine)), isForeign: false);
                // A form sent to somebody else's address, with a token that is the sender's own.
                if (route.IsPublic || role.Length == 0 || !route.HasId) continue;
                var sent = await Send(browser, Fill(route.Template, theirs));
                cells++;
                var scope = Scope(role, route.Permission);
                if (scope == Cpd.Platform.Security.Scope.None ? sent is not (HttpStatusCode.Forbidden) : scope != Cpd.Platform.Security.Scope.All && !AccessSamples.Shared.Contains(route.Template) && sent is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed))
                    wrong.Add($"{role} POST {route.Template} (another authority's) answered {(int)sent}");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cells} wrong:\n" + string.Join('\n', wrong));
        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells, 0 wrong");
    }

    [Fact]
    public async Task Walk_EveryEndpointWithEveryRole_AnswersAsTheMatrixSays() {
        var (wrong, cells) = (new List<string>(), 0);
        var routes = (await Routes()).Where(r => !r.IsPage && r.Template.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        Assert.True(routes.Count > 8, "the walk found hardly any endpoints");
        var mine = await Ids("Thurrock");
        var theirs = await Ids("Blackpool");

        foreach (var role in Roles.Prepend("")) {
            using var client = role.Length == 0 ? app.CreateClient() : app.Key(role);
            foreach (var route in routes) {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), Fill(route.Template, theirs) + AccessSamples.Query(route.Template));
                if (AccessSamples.Body(route.Method, route.Template, theirs) is { } body) request.Content = body is string csv ? new StringContent(csv, System.Text.Encoding.UTF8, "text/csv") : JsonContent.Create(body);
                var response = await client.SendAsync(request);
                cells++;
                var scope = Scope(role, route.Permission);
                var right = (int)response.StatusCode switch {
                    >= 500 => false,
                    _ when route.IsPublic => response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden),
                    _ when role.Length == 0 => response.StatusCode == HttpStatusCode.Unauthorized,
                    _ when scope == Cpd.Platform.Security.Scope.None => response.StatusCode == HttpStatusCode.Forbidden,
                    _ when scope == Cpd.Platform.Security.Scope.All || !route.HasId => response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden),
                    _ => response.StatusCode == HttpStatusCode.NotFound || AccessSamples.AnswersEachPerson(route.Method, route.Template) && (await response.Content.ReadAsStringAsync()).Contains("refused", StringComparison.OrdinalIgnoreCase),
                };
                if (!right) wrong.Add($"{(role.Length == 0 ? "nobody" : role)} {route.Method} {route.Template} (another authority's) answered {(int)response.StatusCode}");
                if (!route.IsPublic && !response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "application/problem+json")
                    wrong.Add($"{role} {route.Method} {route.Template} answered {(int)response.StatusCode} without problem details");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cells} wrong:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public async Task Walk_EveryEndpointWithEmptyEntriesInItsLists_RefusesThemInWords() {
        var (wrong, lists) = (new List<string>(), 0);
        var mine = await Ids("Thurrock");
        using var client = app.Key("SystemAdministrator");
        foreach (var route in (await Routes()).Where(r => !r.IsPage && r.Template.StartsWith("/api/", StringComparison.Ordinal) && r.Method is "POST" or "PUT")) {
            if (System.Text.Json.JsonSerializer.SerializeToNode(AccessSamples.Body(route.Method, route.Template, mine)) is not System.Text.Json.Nodes.JsonObject body) continue;
            foreach (var list in body.Where(p => p.Value is System.Text.Json.Nodes.JsonArray).Select(p => p.Key).ToList()) {
                lists++;
                body[list] = new System.Text.Json.Nodes.JsonArray((System.Text.Json.Nodes.JsonNode?)null);
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), Fill(route.Template, mine)) { Content = JsonContent.Create(body) };
                using var answer = await client.SendAsync(request);
                if (answer.StatusCode != HttpStatusCode.BadRequest || answer.Content.Headers.ContentType?.MediaType != "application/problem+json") wrong.Add($"{route.Method} {route.Template} with an empty entry in {list} answered {(int)answer.StatusCode}");
            }
        }
        Assert.True(lists > 5, $"only {lists} lists were found");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task OpenApi_Document_HoldsEveryEndpoint() {
        var document = System.Text.Json.JsonDocument.Parse(await app.CreateClient().GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).ToHashSet();
        var missing = (await Routes()).Where(r => !r.IsPage && r.Template.StartsWith("/api/", StringComparison.Ordinal)).Select(r => $"{r.Method} {Constraint().Replace(r.Template, "{$1}")}").Where(r => !described.Contains(r)).ToList();
        Assert.Empty(missing);
        Assert.NotEmpty(described);
    }

    void Check(ref int cells, List<string> wrong, string role, string method, Route route, WebPage page, bool isForeign) {
        cells++;
        var toSignIn = page.RedirectsTo?.Contains("/sign-in", StringComparison.Ordinal) == true;
        var scope = Scope(role, route.Permission);
        var right = (int)page.Status switch {
            >= 500 => false,
            _ when route.IsPublic => page.Status != HttpStatusCode.Forbidden && !toSignIn,
            _ when role.Length == 0 => toSignIn,
            _ when route.Permission is null => page.Status != HttpStatusCode.Forbidden && !toSignIn,
            _ when scope == Cpd.Platform.Security.Scope.None => page.Status == HttpStatusCode.Forbidden,
            _ when !route.HasId || scope == Cpd.Platform.Security.Scope.All => page.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound) && !toSignIn,
            _ when isForeign => page.Status == HttpStatusCode.NotFound || AccessSamples.Shared.Contains(route.Template),
            // One's own: at least not forbidden. Whether this very row is theirs, their page's tests say.
            _ => page.Status != HttpStatusCode.Forbidden && !toSignIn,
        };
        if (!right) wrong.Add($"{(role.Length == 0 ? "nobody" : role)} {method} {route.Template} ({(isForeign ? "another authority's" : "own")}) answered {(int)page.Status} {page.RedirectsTo}");
    }

    Scope Scope(string role, string? permission) => permission is null ? Cpd.Platform.Security.Scope.Self : app.Services.GetRequiredService<Matrix>()[role, permission];

    static async Task<HttpStatusCode> Send(Browser browser, string address) {
        var form = (await browser.Get("/")).Document.QuerySelector("form[action='/sign-out'] input[name=__RequestVerificationToken]")!;
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", form.GetAttribute("value")!)]);
        return (await browser.Client.PostAsync(address, body)).StatusCode;
    }

    async Task<IReadOnlyList<Route>> Routes() {
        var loader = app.Services.GetRequiredService<Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageLoader>();
        var found = new List<Route>();
        foreach (var page in app.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>()) {
            var attributes = (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).ModelTypeInfo!.GetCustomAttributes(true);
            found.Add(new("GET", "/" + page.AttributeRouteInfo!.Template!.TrimStart('/'), attributes.OfType<RequiresAttribute>().FirstOrDefault()?.Permission, attributes.OfType<PublicAttribute>().Any(), IsPage: true));
        }
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is null))
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                found.Add(new(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), endpoint.Metadata.GetMetadata<RequiresAttribute>()?.Permission, endpoint.Metadata.GetMetadata<PublicAttribute>() is not null, IsPage: false));
        return [.. found.Where(r => !AccessSamples.Left.Contains(r.Template))];
    }

    /// <summary>A row of this authority for every id that addresses hold.</summary>
    async Task<Dictionary<string, string>> Ids(string authority) {
        var id = await app.Given.Authority(authority);
        var accreditor = app.Account("Accreditor", authority).GetProperty("personId").GetGuid();
        var officer = app.Account("AuthorityOfficer", authority).GetProperty("personId").GetGuid();
        await app.Database(db => db.Execute("""
            INSERT INTO people_SettingImport (Id, AuthorityId, StartedBy, FileName, AsAt, State, RowsStaged, StartedAt) VALUES (@Id, @Authority, @Officer, 'list.csv', @Day, 'Checked', 0, @Now)
            """, new { Id = Cpd.Platform.Data.Ids.New(app.Clock), Authority = id, Officer = officer, Day = DateOnly.FromDateTime(app.Now), app.Now }, default));
        await app.Database(db => db.Execute("INSERT INTO people_StaffImport (Id, StartedBy, FileName, State, StartedAt) VALUES (@Id, @Officer, 'staff.csv', 'Checked', @Now)",
            new { Id = Cpd.Platform.Data.Ids.New(app.Clock), Officer = officer, app.Now }, default));
        await app.Database(db => db.Execute("UPDATE training_Booking SET Approval = 'Asked' WHERE AuthorityId = @Authority AND State = 'Waiting'", new { Authority = id }, default));
        await app.Database(db => db.Execute("INSERT INTO training_Band (Id, AuthorityId, Rank, Name, Reason, Kind) VALUES (@Id, @Authority, 1, 'Walk', 'Walk', 'SettingList')", new { Id = Cpd.Platform.Data.Ids.New(app.Clock), Authority = id }, default));
        var ids = new Dictionary<string, string>();
        foreach (var (template, sql) in Samples) {
            var value = sql.StartsWith("SELECT", StringComparison.Ordinal)
                ? sql.StartsWith("SELECT Number", StringComparison.Ordinal) ? await app.Database(db => db.One<string>(sql, new { Authority = id, Accreditor = accreditor }, default)) : (await app.Database(db => db.One<Guid?>(sql, new { Authority = id, Accreditor = accreditor }, default)))?.ToString()
                : sql;
            ids[template] = value ?? throw new InvalidOperationException($"The demonstration has nothing of {authority} for {template}: {sql}");
        }
        return ids;
    }

    static string Fill(string template, Dictionary<string, string> ids) => template.Contains('{', StringComparison.Ordinal)
        ? Parameter().Replace(template, id => ids.FirstOrDefault(s => template[..(id.Index + 1)] == s.Key).Value ?? ids.FirstOrDefault(s => template.StartsWith(s.Key, StringComparison.Ordinal)).Value
            ?? throw new InvalidOperationException($"AccessSamples does not know what stands for the id in {template}"))
        : template;

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{([a-zA-Z]+)[^}]*\}")]
    private static partial Regex Constraint();

    sealed record Route(string Method, string Template, string? Permission, bool IsPublic, bool IsPage) {
        public bool HasId => Template.Contains('{', StringComparison.Ordinal);
    }
}
