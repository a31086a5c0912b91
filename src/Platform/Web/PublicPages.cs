using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Cpd.Platform.Web;

/// <summary>
/// Public pages that many people look at at once (the catalogue when booking opens) are kept for less than a second, for people who
/// bring no cookie of ours: what has changed shows within a second, and nobody is ever shown what was made for somebody signed in.
/// </summary>
public static class PublicPages {
    /// <summary>For <c>[OutputCache(PolicyName = PublicPages.Briefly)]</c> on a page that shows everyone the same.</summary>
    public const string Briefly = "briefly";

    /// <summary>Every cookie of ours is named so: session, banner, antiforgery. Those of a proxy in front say nothing about the page.</summary>
    const string OurCookies = "__Host-";

    internal static void AddPublicPages(this IServiceCollection services, IConfiguration configuration) {
        // With the time that making the page takes, a change still shows within a second.
        var lifetime = TimeSpan.FromMilliseconds(configuration.GetValue("PublicPages:KeepMilliseconds", 750));
        services.AddSingleton(new BriefMemory(lifetime));
        services.AddOutputCache(o => {
            o.SizeLimit = 32 * 1024 * 1024;
            o.MaximumBodySize = 256 * 1024;
            o.AddPolicy(Briefly, new Policy(lifetime));
        });
    }

    sealed class Policy(TimeSpan lifetime) : IOutputCachePolicy {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation) {
            var request = context.HttpContext.Request;
            var isForEveryone = lifetime > TimeSpan.Zero && HttpMethods.IsGet(request.Method) && StringValues.IsNullOrEmpty(request.Headers.Authorization)
                && !request.Cookies.Any(c => c.Key.StartsWith(OurCookies, StringComparison.Ordinal));
            context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = isForEveryone;
            // Of a thousand who ask at the same moment one waits for the database, and the others for that one.
            context.AllowLocking = true;
            context.ResponseExpirationTimeSpan = lifetime;
            context.CacheVaryByRules.QueryKeys = "*";
            context.CacheVaryByRules.HeaderNames = "Accept-Encoding";
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) {
            var response = context.HttpContext.Response;
            if (response.StatusCode != StatusCodes.Status200OK || !StringValues.IsNullOrEmpty(response.Headers.SetCookie)) context.AllowCacheStorage = false;
            return ValueTask.CompletedTask;
        }
    }
}
