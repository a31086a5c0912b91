using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.Razor.Compilation;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Security;

/// <summary>Stands on a page or endpoint: who holds this permission, in any scope, may call it. The slice then looks at the scope.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string permission) : Attribute {
    public string Permission { get; } = permission;
}

/// <summary>Stands on a page or endpoint that needs no account.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PublicAttribute : Attribute;

/// <summary>Stands on a page or endpoint that every signed-in person may use, whatever their role.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignedInAttribute : Attribute;

/// <summary>Lets a request through to its page or endpoint when that is public or its permission is held. Fails closed.</summary>
public static class Access {
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, string permission) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiresAttribute(permission));

    public static TBuilder IsPublic<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PublicAttribute());

    public static TBuilder IsForSignedIn<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new SignedInAttribute());

    public static void UseAccess(this IApplicationBuilder app) => app.Use(async (context, next) => {
        var me = context.RequestServices.GetRequiredService<CurrentUser>();
        if (context.User.Identity is { IsAuthenticated: true }) me.Become(context.User);
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata is null || metadata.GetMetadata<PublicAttribute>() is not null) {
            await next(context);
        } else if (!me.IsSignedIn) {
            await context.ChallengeAsync();
        } else if (metadata.GetMetadata<SignedInAttribute>() is not null
                || metadata.GetMetadata<RequiresAttribute>() is { } requires && me.May(requires.Permission)
                // Not one of ours: the framework says that the method or the content type is none that is taken here.
                || context.GetEndpoint() is not RouteEndpoint) {
            await next(context);
        } else {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    });

    /// <summary>Every page and endpoint with the permission it asks for; null for public ones and those for anyone signed in.</summary>
    /// <exception cref="InvalidOperationException">One of them declares nothing.</exception>
    public static async Task<IReadOnlyList<(string Route, string? Permission)>> Declared(IServiceProvider services) {
        var found = new List<(string, string?)>();
        // Only the type of each page's model is wanted: the page itself is put together when it is first asked for.
        var pages = services.GetRequiredService<IViewCompilerProvider>().GetCompiler();
        foreach (var page in services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
            Add("/" + page.AttributeRouteInfo!.Template, (await pages.CompileAsync(page.RelativePath)).Type!.GetProperty("Model")!.PropertyType.GetCustomAttributes(inherit: true));
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is null))
            Add(endpoint.RoutePattern.RawText!, [.. endpoint.Metadata]);
        return found;

        void Add(string route, IReadOnlyList<object> metadata) {
            var permission = metadata.OfType<RequiresAttribute>().LastOrDefault()?.Permission;
            if (permission is null && !metadata.Any(m => m is PublicAttribute or SignedInAttribute))
                throw new InvalidOperationException($"{route} declares no permission: mark it Requires, SignedIn or Public.");
            found.Add((route, permission));
        }
    }
}
