namespace Cpd.Browser.Tests;

/// <summary>Takes the README's pictures anew (./dev screenshots); without CPD_README_PICTURES it has nothing to do.</summary>
[Collection(nameof(Journeys))]
public sealed class ReadmePicturesTests(Site site) {
    [Fact]
    public async Task Pictures_OfTheReadme_AreTaken() {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CPD_README_PICTURES") is { Length: > 0 }, "only ./dev screenshots takes pictures");
        var folder = Environment.GetEnvironmentVariable("CPD_README_PICTURES")!;
        Directory.CreateDirectory(folder);
        var page = await site.Visit();
        await page.GotoAsync("/courses");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "catalogue.png") });
        await site.SignIn(page, "Practitioner");
        await page.GotoAsync("/my-cpd");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "my-cpd.png") });
    }
}
