using Cpd.Platform.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cpd.Host;

/// <summary>What the OpenAPI document says of the whole: the title, and that every call carries a key.</summary>
static class OpenApiDocument {
    public static void Configure(OpenApiOptions options) {
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => TakeKeys(operation, context.Description.HttpMethod));
    }

    static Task Describe(Microsoft.OpenApi.OpenApiDocument document) {
        document.Info = new OpenApiInfo {
            Title = "CPD for early years", Version = "v1",
            Description = "Courses, bookings, registers, CPD records, certificates and exports. Send your key as 'Authorization: Bearer KEY'. Errors are problem details (RFC 9457); lists are read on with 'after'. A call that changes something may carry an Idempotency-Key and can then be sent again safely. Times are UTC.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> {
            ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key made on the page API keys; it is shown once." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>Every call that changes something may carry an Idempotency-Key.</summary>
    static Task TakeKeys(OpenApiOperation operation, string? method) {
        if (method is "POST" or "PUT" or "PATCH" or "DELETE") {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter {
                Name = Once.Header, In = ParameterLocation.Header, Required = false, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Once.LongestKey },
                Description = "Names this request, such as a UUID, so that it can be sent again without being done again: for 24 hours the same key with the same request gets the first answer.",
            });
            operation.Responses ??= [];
            foreach (var (status, meaning) in KeyRefusals)
                if (!operation.Responses.TryGetValue(status, out var known)) operation.Responses[status] = new OpenApiResponse { Description = meaning, Content = Problem() };
                else if (status == "409") known.Description += ". Or, with Retry-After: " + meaning;
        }
        return Task.CompletedTask;
    }

    static readonly (string Status, string Meaning)[] KeyRefusals = [
        ("400", "The Idempotency-Key can't be used: it must be 1 to 255 letters, digits and signs"),
        ("409", "a request with the same Idempotency-Key is still being worked on; send it again in a second"),
        ("413", "A request with an Idempotency-Key is larger than 1 MB"),
        ("422", "The Idempotency-Key came with another method, address or body in the last 24 hours, or the answer would be too large to keep"),
    ];

    static Dictionary<string, OpenApiMediaType> Problem() => new() { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } };
}
