using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Cpd.Platform.Web;

/// <summary>A page for whoever sits at this machine; others find nothing. What a proxy has passed on came from somewhere else.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class FromThisMachineAttribute : Attribute, IResourceFilter {
    public void OnResourceExecuting(ResourceExecutingContext context) {
        if (!IsFromHere(context.HttpContext)) context.Result = new NotFoundResult();
    }

    public void OnResourceExecuted(ResourceExecutedContext context) { }

    // A server that is called within its own process knows no address.
    static bool IsFromHere(HttpContext context) => context.Connection.RemoteIpAddress is not { } address
        || IPAddress.IsLoopback(address) && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");
}
