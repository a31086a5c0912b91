using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Web;

/// <summary>What stands around every answer: headers, the error pages, and what the layout shows.</summary>
public static class Pipeline {
    static readonly PathString Api = "/api";

    public static bool IsApi(this HttpRequest request) => request.Path.StartsWithSegments(Api);

    /// <summary>
    /// Security headers (OWASP ASVS 5.0 3.4) and the correlation id. No inline script or style is allowed; the nonce is for the
    /// layout's own script tags.
    /// </summary>
    public static void UseHeaders(this IApplicationBuilder app) => app.Use((context, next) => {
        var frame = context.RequestServices.GetRequiredService<PageFrame>();
        frame.Nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self' 'nonce-{frame.Nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
            "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        context.Response.OnStarting(() => {
            // Last of all, because a page that was kept brings along the id of the request for which it was made.
            if (Activity.Current is { } activity) headers["X-Correlation-Id"] = activity.TraceId.ToString();
            // What a signed-in person sees is kept by no cache.
            if (context.User.Identity is { IsAuthenticated: true } && headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>
    /// Text is sent compressed. A page holds no secret that repeats from answer to answer (antiforgery tokens are masked anew each time) and
    /// cookies are SameSite, so nothing can be guessed from its length. Assets were compressed when the program was built.
    /// </summary>
    internal static void AddPageCompression(this IServiceCollection services) {
        services.AddResponseCompression(o => {
            o.EnableForHttps = true;
            o.MimeTypes = ["text/html", "text/csv", "text/calendar", "application/json", "application/problem+json"];
        });
        // The first step makes a page a fifth of its size; the next ones cost more time than they save.
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    /// <summary>Errors: problem details for programs, the design system's pages for people. A bug is logged once, by the framework's handler.</summary>
    public static void UseErrors(this IApplicationBuilder app) {
        app.UseWhen(c => c.Request.IsApi(), api => {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
        app.UseWhen(c => !c.Request.IsApi(), pages => {
            pages.UseExceptionHandler("/error/500");
            pages.UseStatusCodePagesWithReExecute("/error/{0}");
        });
    }

    /// <summary>Tells the layout who is signed in and which links they may follow.</summary>
    public static void UseFrame(this IApplicationBuilder app) {
        var links = app.ApplicationServices.GetRequiredService<IReadOnlyList<IModule>>().SelectMany(m => m.Navigation).OrderBy(l => l.Rank).ToList();
        app.Use((context, next) => {
            var me = context.RequestServices.GetRequiredService<CurrentUser>();
            var frame = context.RequestServices.GetRequiredService<PageFrame>();
            frame.SignedInAs = me.IsSignedIn ? me.Name : null;
            frame.Navigation = [.. links.Where(l => l.Permission is null || me.May(l.Permission))];
            return next(context);
        });
    }
}
