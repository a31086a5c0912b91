using Microsoft.Playwright;

namespace Cpd.Browser.Tests;

/// <summary>
/// Every page that stands in the navigation or one step behind it, with the demonstration's data, for each role: no violation that
/// axe finds, nothing wider than a phone. With CPD_SCREENSHOTS set to a folder, a picture of each at 1280 and 360 pixels is left there.
/// </summary>
public sealed class PagesTests(Site site) : IClassFixture<Site> {
    static readonly string[] ForAnyone = ["/", "/courses", "/forums", "/check", "/check/0000-0000-0000", "/sign-in", "/forgot-password", "/cookies", "/accessibility", "/nothing-here"];

    /// <summary>How many roles have looked at a page; the first two are enough, since what differs between roles is mostly who may come.</summary>
    static readonly Dictionary<string, int> Looks = [];

    /// <summary>What pages were made of when they were checked. Where a second role finds nothing new on a page, there is nothing new to check.</summary>
    static readonly Dictionary<string, HashSet<string>> Parts = [];

    [Theory]
    [InlineData("")]
    [InlineData("SystemAdministrator")]
    [InlineData("AuthorityOfficer")]
    [InlineData("SettingManager")]
    [InlineData("Practitioner")]
    [InlineData("Trainer")]
    [InlineData("TrainingProviderOfficer")]
    [InlineData("Accreditor")]
    [InlineData("PlacementHost")]
    [InlineData("Student")]
    [InlineData("InstitutionOfficer")]
    public async Task Pages_OfARole_AreAccessibleAndFitAPhone(string role) {
        var page = await site.Visit();
        if (role.Length > 0) await site.SignIn(page, role);
        var todo = new Queue<(string Address, int Depth)>(role.Length == 0 ? ForAnyone.Select(a => (a, 0)) : [("/", 0), ("/account", 0)]);
        var (shapes, problems) = (new HashSet<string>(), new List<string>());
        while (todo.Count > 0 && shapes.Count < 250) {
            var (address, depth) = todo.Dequeue();
            // One page of each shape is enough: /courses/1 and /courses/2 are the same page.
            if (!shapes.Add(Shape(address))) continue;
            var looks = Looks[Shape(address)] = Looks.GetValueOrDefault(Shape(address)) + 1;
            if (looks > 2 && depth > 0) continue;
            await page.SetViewportSizeAsync(1280, 900);
            var answer = await page.GotoAsync(address);
            if (answer!.Status >= 500) problems.Add($"{address} answered {answer.Status}");
            // A message shown alone runs no script, not even axe.
            if (!answer.Headers.GetValueOrDefault("content-security-policy", "").Contains("script-src", StringComparison.Ordinal)) continue;
            if (await HasNewParts(page, Shape(address)) || depth == 0) {
                problems.AddRange(await page.Violations());
                await Picture(page, role, address, 1280);
                await page.SetViewportSizeAsync(360, 800);
                problems.AddRange(await page.TooWide());
                await Picture(page, role, address, 360);
            }
            if (depth >= 4) continue;
            foreach (var href in await page.Locator("a[href^='/']").EvaluateAllAsync<string[]>("links => links.map(a => a.getAttribute('href'))"))
                if (!href.Contains(".ics", StringComparison.Ordinal) && !href.Contains("download", StringComparison.Ordinal) && !href.Contains("/calendar/", StringComparison.Ordinal)
                        // A file that is saved, and a link that leads elsewhere.
                        && !href.StartsWith("/materials/", StringComparison.Ordinal) && !href.EndsWith("/join", StringComparison.Ordinal)) todo.Enqueue((href, depth + 1));
        }
        Assert.True(shapes.Count > 4, $"only {shapes.Count} pages were seen");
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    static async Task<bool> HasNewParts(IPage page, string shape) {
        var parts = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll("main *")].map(e => [e.parentElement.tagName, e.parentElement.className, e.tagName, e.className, e.type, e.getAttribute("role")].join(" "))
            """);
        if (!Parts.TryGetValue(shape, out var known)) Parts[shape] = known = [];
        var before = known.Count;
        known.UnionWith(parts);
        return before == 0 || known.Count > before;
    }

    static string Shape(string address) => string.Join('/', address.Split('?')[0].Split('/').Select(part => part.Length > 12 && part.Any(char.IsDigit) ? "{id}" : part));

    static Task Picture(IPage page, string role, string address, int width) =>
        page.Picture($"{(role.Length == 0 ? "anyone" : role)}{Shape(address).Replace('/', '-').Replace("{id}", "id", StringComparison.Ordinal)}-{width}");
}
