using System.Net;

namespace Cpd.Tests.Platform;

public sealed class StartTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Get_HealthReady_IsHealthy() {
        var page = await app.Browser().Get("/health/ready");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Healthy", page.Text);
    }

    [Fact]
    public async Task Get_HealthReadyNothingCanBeWritten_IsDegraded() {
        await using var broken = new CpdApp();
        await broken.Database(db => db.Execute("DROP TABLE platform_OutboxDelivery", null, default));
        Assert.Equal("Degraded", (await broken.Browser().Get("/health/ready")).Text);
        // Pages that only read go on.
        Assert.Equal(HttpStatusCode.OK, (await broken.Browser().Get("/courses")).Status);
    }

    [Fact]
    public async Task Start_ReferenceList_HasAll153Authorities() => Assert.Equal(153, await app.Count("people_Authority"));

    [Fact]
    public async Task Get_Anything_CarriesTheSecurityHeaders() {
        var headers = (await app.Browser().Get("/health/live")).Response.Headers;
        Assert.Contains("script-src 'self' 'nonce-", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(headers.Contains("Strict-Transport-Security"));
        Assert.False(headers.Contains("Server"));
    }

    [Fact]
    public async Task Get_OpenApi_IsServed() => Assert.Contains("\"openapi\"", (await app.Browser().Get("/openapi/v1.json")).Text, StringComparison.Ordinal);
}
