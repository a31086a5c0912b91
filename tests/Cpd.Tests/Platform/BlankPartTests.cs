using System.Net;

namespace Cpd.Tests.Platform;

/// <summary>A part of an address that is only white space is a text that nothing is found for, like any other.</summary>
public sealed class BlankPartTests(CpdApp app) : IClassFixture<CpdApp> {
    [Theory]
    [InlineData("/calendar/%20.ics", HttpStatusCode.NotFound)]
    [InlineData("/calendar/%0A.ics", HttpStatusCode.NotFound)]
    [InlineData("/set-password/%20", HttpStatusCode.Gone)]
    [InlineData("/waiting/%20", HttpStatusCode.Gone)]
    [InlineData("/instead/%20", HttpStatusCode.Gone)]
    [InlineData("/check/%20", HttpStatusCode.NotFound)]
    [InlineData("/certificates/%20", HttpStatusCode.NotFound)]
    public async Task Get_PartIsBlank_FindsNothing(string address, HttpStatusCode expected) {
        var browser = await app.Browser(await app.Given.Practitioner(await app.Given.Setting(await app.Given.Authority())));
        Assert.Equal(expected, (await browser.Get(address)).Status);
    }
}
