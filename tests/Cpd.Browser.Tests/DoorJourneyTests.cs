using System.Text.RegularExpressions;
using Microsoft.Playwright;
using QRCoder;

namespace Cpd.Browser.Tests;

/// <summary>
/// The register at the door on a phone: a code is scanned by a camera that plays a film of it, the network goes and comes back, an answer is lost.
/// Whatever happens, each person is marked once.
/// </summary>
[Collection(nameof(Journeys))]
public sealed partial class DoorJourneyTests(Site site) {
    [Fact]
    public async Task Journey_ScanAndNoNetwork_EveryMarkCountsOnce() {
        var start = site.Clock.GetUtcNow().AddDays(60);
        var officer = await site.Visit();
        await site.SignIn(officer, "AuthorityOfficer");
        await officer.GotoAsync("/manage/courses");
        await officer.GetByRole(AriaRole.Link, new() { Name = "Babbling Babies" }).First.ClickAsync();
        await Click(officer, "Add a session");
        await officer.GetByLabel("Day").First.FillAsync($"{start.Day}");
        await officer.GetByLabel("Month").First.FillAsync($"{start.Month}");
        await officer.GetByLabel("Year").First.FillAsync($"{start.Year}");
        await officer.GetByLabel("Start time").FillAsync("10am");
        await officer.GetByLabel("End time").FillAsync("11:30am");
        await officer.GetByLabel("Places").FillAsync("8");
        await officer.GetByLabel("Room from your venues").SelectOptionAsync(new SelectOptionValue { Label = "Beehive Centre (demo), Garden room (16 people)" });
        await officer.IsAccessible(script: true);
        await Click(officer, "Save as draft");
        await Click(officer, "Publish the session");
        var session = officer.Url.Split('/')[^1];

        var manager = await site.Visit();
        await site.SignIn(manager, "SettingManager");
        await manager.GotoAsync($"/sessions/{session}/book");
        var boxes = manager.Locator("input[name=PersonIds]");
        await boxes.Nth(0).CheckAsync();
        await boxes.Nth(1).CheckAsync();
        await Click(manager, "Continue");
        await Click(manager, "Book 2 places");
        await manager.GotoAsync("/bookings?whose=staff");

        // A minute into the session. The phone's own clock knows nothing of this: it is two months behind, and is put right.
        site.Clock.Set(new DateTimeOffset(Cpd.Platform.Web.London.ToUtc(DateOnly.FromDateTime(start.UtcDateTime), new TimeOnly(10, 1, 50))));
        officer = await site.Visit();
        await site.SignIn(officer, "AuthorityOfficer");
        foreach (var address in (string[])[$"/sessions/{session}/badges", $"/sessions/{session}/register/times", $"/sessions/{session}/materials", "/manage/venues", "/manage/venues/add", "/manage/register-rules", $"/sessions/{session}/register/print"])
            await Look(officer, address);
        var references = await officer.Locator("tbody td:nth-child(3)").AllInnerTextsAsync();
        var (scanned, tapped) = (references[0], references[1]);

        var film = Path.Combine(Path.GetTempPath(), $"cpd-door-{session}.y4m");
        await File.WriteAllBytesAsync(film, Film($"{site.Address}/scan/{scanned}"));
        await using var camera = await site.Start("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-video-capture={film}");
        var context = await camera.NewContextAsync(new() { BaseURL = site.Address, ViewportSize = new() { Width = 360, Height = 740 }, Locale = "en-GB", Permissions = ["camera"] });
        context.SetDefaultTimeout(30_000);
        var phone = await context.NewPageAsync();
        var errors = new List<string>();
        phone.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("net::", StringComparison.Ordinal) && !message.Text.Contains("FetchEvent", StringComparison.Ordinal)) errors.Add(message.Text); };
        await site.SignIn(phone, "AuthorityOfficer");
        await phone.GotoAsync($"/sessions/{session}/door");
        await phone.IsAccessible(script: true);
        Assert.Empty(await phone.TooWide());
        await phone.Locator("[data-kept=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        // A scan by the camera, with the decoder in script: Chromium for Linux has no detector of its own.
        await phone.GetByRole(AriaRole.Button, new() { Name = "Scan a code" }).ClickAsync();
        await State(phone, scanned, "Here since 10:01am");
        await Assertions.Expect(phone.Locator("#door-status")).ToHaveTextAsync("All marks are sent.");
        await phone.IsAccessible(script: true);
        // Scanned a second time, they are here already.
        await phone.GetByRole(AriaRole.Button, new() { Name = "Stop scanning" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Scan a code" }).ClickAsync();
        await Assertions.Expect(phone.Locator("#door-status")).ToContainTextAsync("is here already");
        await Picture(phone, "scan");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Stop scanning" }).ClickAsync();

        // The network goes. The page opens all the same, and what is tapped waits on the phone, even when the page is closed.
        await context.SetOfflineAsync(true);
        await phone.ReloadAsync();
        Assert.Equal("At the door", await phone.Locator("h1").InnerTextAsync());
        await Tap(phone, tapped, "Here");
        await State(phone, tapped, "Here since");
        await State(phone, tapped, "not sent yet");
        await Tap(phone, tapped, "Undo");
        await State(phone, tapped, "Undone, not sent yet");
        await Tap(phone, tapped, "Here");
        await Assertions.Expect(phone.Locator("#door-status")).ToContainTextAsync("3 marks wait on this phone for a network.");
        await Assertions.Expect(phone.Locator("#door-list")).ToContainTextAsync("2 of 2 here");
        await phone.GetByLabel("Find staff by the beginning of their name or email address").FillAsync("Wanda");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Find or note" }).ClickAsync();
        await Assertions.Expect(phone.Locator("#door-notes")).ToContainTextAsync("Wanda");
        await phone.IsAccessible(script: true);
        Assert.Empty(await phone.TooWide());
        await Picture(phone, "offline");
        await phone.CloseAsync();
        phone = await context.NewPageAsync();
        await phone.GotoAsync($"/sessions/{session}/door");
        await State(phone, tapped, "not sent yet");

        // It comes back, but the first answer is lost on the way: the marks are sent again, and still count once.
        var lost = 0;
        await context.RouteAsync(Marks(), async route => {
            if (Interlocked.Increment(ref lost) == 1) {
                await route.FetchAsync();
                await route.AbortAsync();
            } else {
                await route.ContinueAsync();
            }
        });
        await context.SetOfflineAsync(false);
        for (var tries = 0; tries < 50 && lost == 0; tries++) {
            await phone.EvaluateAsync("() => { dispatchEvent(new Event('online')); }");
            await Task.Delay(200);
        }
        await Assertions.Expect(phone.Locator("#door-status")).ToHaveTextAsync("All marks are sent.", new() { Timeout = 30_000 });
        Assert.True(lost >= 2, "no answer was lost");
        await State(phone, tapped, "Here since");
        await Assertions.Expect(phone.Locator($"[data-code='{tapped}'] [data-state]")).Not.ToContainTextAsync("not sent yet");
        await Assertions.Expect(phone.Locator("#door-list")).ToContainTextAsync("2 of 2 here");
        Assert.Empty(await phone.Locator("#door-problems li").AllAsync());
        Assert.Empty(errors);

        // What the next reader sees: everyone attended, and the history has each mark once.
        await officer.GotoAsync($"/sessions/{session}/register");
        await officer.IsAccessible(script: true);
        Assert.Equal(2, await officer.Locator("input[type=radio][value=Attended]:checked").CountAsync());
        Assert.Equal(4, await site.Count("SELECT COUNT(*) FROM training_Mark WHERE SessionId = @Id", Guid.Parse(session)));

        // Signed out, the copy with people's names is gone from the phone.
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First.WaitForAsync();
        await phone.WaitForFunctionAsync("async () => !(await caches.has('cpd-door'))");
        File.Delete(film);
    }

    /// <summary>What stands beside the person with a reference, in time.</summary>
    static Task State(IPage page, string reference, string words) =>
        Assertions.Expect(page.Locator($"[data-code='{reference}'] [data-state]")).ToContainTextAsync(words);

    static Task Tap(IPage page, string reference, string button) => page.Locator($"[data-code='{reference}'] button:visible", new() { HasText = button }).First.ClickAsync();

    static async Task Click(IPage page, string name) {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await (await button.CountAsync() > 0 ? button.First : page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First).ClickAsync();
        await page.Loaded();
    }

    static async Task Look(IPage page, string address) {
        await page.GotoAsync(address);
        await page.IsAccessible(script: true);
        await Picture(page, address[1..].Split('/')[^1] + "-wide");
        await page.SetViewportSizeAsync(360, 740);
        Assert.Empty(await page.TooWide());
        await Picture(page, address[1..].Split('/')[^1]);
        await page.SetViewportSizeAsync(1280, 900);
    }

    static async Task Picture(IPage page, string name) {
        if (Environment.GetEnvironmentVariable("CPD_SCREENSHOTS") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"door-{name}-360.png"), FullPage = true });
    }

    /// <summary>A film of a QR code for the browser's false camera: raw frames, half of them slightly moved, as a hand would.</summary>
    static byte[] Film(string text) {
        const int Width = 640, Height = 480, Dot = 8;
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        using var film = new MemoryStream();
        film.Write("YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"u8);
        for (var frame = 0; frame < 10; frame++) {
            film.Write("FRAME\n"u8);
            var light = new byte[Width * Height];
            Array.Fill(light, (byte)235);
            var (left, top) = ((Width - rows.Count * Dot) / 2 + frame % 2, (Height - rows.Count * Dot) / 2);
            for (var y = 0; y < rows.Count * Dot; y++)
                for (var x = 0; x < rows.Count * Dot; x++)
                    if (rows[y / Dot][x / Dot]) light[(top + y) * Width + left + x] = 16;
            film.Write(light);
            var colour = new byte[Width * Height / 2];
            Array.Fill(colour, (byte)128);
            film.Write(colour);
        }
        return film.ToArray();
    }

    [GeneratedRegex("handler=Marks")]
    private static partial Regex Marks();
}
