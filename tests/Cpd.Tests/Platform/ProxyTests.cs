using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Platform;

/// <summary>What a proxy says of the visitor is believed only if the setting names the proxy, by address or by network.</summary>
public sealed class ProxyTests : CpdApp {
    IPAddress from = IPAddress.None;

    protected override void ConfigureWebHost(IWebHostBuilder builder) {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Proxies:0", "10.1.2.3");
        builder.UseSetting("Proxies:1", "10.1.3.0/24");
        builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new From(this)));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.3.77", true)]
    [InlineData("10.1.2.4", false)]
    [InlineData("192.0.2.1", false)]
    public async Task Get_ForwardedAsHttps_IsBelievedOfKnownProxiesOnly(string proxy, bool believed) {
        from = IPAddress.Parse(proxy);
        using var client = CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/health/live") { Headers = { { "X-Forwarded-Proto", "https" } } };
        Assert.Equal(believed, (await client.SendAsync(request)).Headers.Contains("Strict-Transport-Security"));
    }

    sealed class From(ProxyTests tests) : IStartupFilter {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app => {
            app.Use((context, then) => {
                context.Connection.RemoteIpAddress = tests.from;
                return then(context);
            });
            next(app);
        };
    }
}
