using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Cpd.Platform.Telemetry;

/// <summary>
/// Names and tags the framework's span of a request, which arrives raw. The route stands in it and never the path, which may hold a
/// secret link. Assets and health checks are not recorded.
/// </summary>
public static class RequestSpans {
    const string Route = "http.route";

    /// <summary>Outermost: how the request was answered in the end.</summary>
    public static void UseRequestSpans(this IApplicationBuilder app) => app.Use(async (context, next) => {
        var span = Recorded(context);
        await next(context);
        if (span is null) return;
        var status = context.Response.StatusCode;
        if (span.GetTagItem(Route) is null && status < 400) {
            Forget(span);
            return;
        }
        span.SetTag("http.request.method", Method(context)).SetTag("http.response.status_code", status).SetTag("url.scheme", context.Request.Scheme);
        if (status >= 500) span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        span.DisplayName = span.GetTagItem(Route) is string route ? $"{Method(context)} {route}" : Method(context);
    });

    /// <summary>Behind the routing: which route was asked for. An error page that takes its place later is another matter.</summary>
    public static void UseRequestRoutes(this IApplicationBuilder app) => app.Use((context, next) => {
        if (Recorded(context) is { } span && context.GetEndpoint() is { } endpoint && span.GetTagItem(Route) is null) {
            if (context.Request.Path.StartsWithSegments("/health") || endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) Forget(span);
            else if (endpoint is RouteEndpoint { RoutePattern.RawText: { } text }) span.SetTag(Route, "/" + text.TrimStart('/'));
        }
        return next(context);
    });

    static Activity? Recorded(HttpContext context) => context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? span : null;

    static void Forget(Activity span) {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    // What a stranger sends as a method must not become a name.
    static string Method(HttpContext context) => context.Request.Method is "GET" or "POST" or "HEAD" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" ? context.Request.Method : "_OTHER";
}
