using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cpd.Host;

/// <summary>What the OpenAPI document says of the whole: the title, and that every call carries a key.</summary>
static class OpenApiDocument {
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) => {
        document.Info = new OpenApiInfo {
            Title = "CPD for early years", Version = "v1",
            Description = "Courses, bookings, registers, CPD records, certificates and exports. Send your key as 'Authorization: Bearer KEY'. Errors are problem details (RFC 9457); lists are read on with 'after'. Times are UTC.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> {
            ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key made on the page API keys; it is shown once." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
        return Task.CompletedTask;
    });
}
