using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Cpd.Tests.Messages;

/// <summary>What GOV.UK Notify's API does, on the loopback: it checks the token, keeps what it is given by its reference, and misbehaves as told.</summary>
sealed class NotifyServer : IAsyncDisposable {
    internal const string Service = "26785a09-ab16-4eb0-8407-a37497a57506", Secret = "3d844edf-8d35-48ac-975b-e847b4f122b0";
    internal const string EmailTemplate = "aaaaaaaa-0000-4000-8000-000000000001", TextTemplate = "aaaaaaaa-0000-4000-8000-000000000002";

    readonly WebApplication app;
    readonly TimeProvider clock;

    /// <summary>What it does with a new message: takes it and answers so, or neither.</summary>
    internal enum Behaviour { Takes, Refuses400, RefusesAddress, Refuses403, Refuses429, Fails500, TakesAndFails500, Hangs, TakesAndHangs, Drops, TakesAndDrops }

    NotifyServer(TimeProvider clock) {
        this.clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/v2/notifications/{kind}", Take);
        app.MapGet("/v2/notifications", Look);
    }

    internal static async Task<NotifyServer> Start(TimeProvider clock) {
        var server = new NotifyServer(clock);
        await server.app.StartAsync();
        return server;
    }

    internal string Address => app.Urls.Single();
    internal Func<string, Behaviour> Does { get; set; } = _ => Behaviour.Takes;
    /// <summary>What it has taken, in order. What stands here twice would have gone out twice.</summary>
    internal ConcurrentQueue<(string Kind, string To, JsonNode Body)> Taken { get; } = [];
    /// <summary>What became of what it has taken, by reference.</summary>
    internal ConcurrentDictionary<string, string> Status { get; } = [];
    internal ConcurrentQueue<string> Asked { get; } = [];

    async Task Take(HttpContext context, string kind) {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var to = (string)body[kind == "email" ? "email_address" : "phone_number"]!;
        Asked.Enqueue($"POST {to}");
        if (!await IsLetIn(context)) return;
        var behaviour = Does(to);
        if (behaviour is Behaviour.Takes or Behaviour.TakesAndFails500 or Behaviour.TakesAndHangs or Behaviour.TakesAndDrops) {
            Taken.Enqueue((kind, to, body));
            Status[(string)body["reference"]!] = "sending";
        }
        switch (behaviour) {
            case Behaviour.Takes: await Answer(context, 201, new { id = Guid.Empty, reference = body["reference"], uri = "", template = new { }, content = new { } }); break;
            case Behaviour.Refuses400: await Refuse(context, 400, "BadRequestError", "Missing personalisation: when"); break;
            case Behaviour.RefusesAddress: await Refuse(context, 400, "ValidationError", "email_address Not a valid email address"); break;
            case Behaviour.Refuses403: await Refuse(context, 403, "AuthError", "Invalid token: API key not found"); break;
            case Behaviour.Refuses429: await Refuse(context, 429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"); break;
            case Behaviour.Fails500 or Behaviour.TakesAndFails500: await Refuse(context, 500, "Exception", $"Internal server error over {to}"); break;
            case Behaviour.Hangs or Behaviour.TakesAndHangs: await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
            default: context.Abort(); break;
        }
    }

    async Task Look(HttpContext context) {
        var reference = context.Request.Query["reference"].ToString();
        Asked.Enqueue($"GET {reference}");
        if (!await IsLetIn(context)) return;
        await Answer(context, 200, new { notifications = Status.TryGetValue(reference, out var status) ? new object[] { new { id = Guid.Empty, reference, status, type = "email" } } : [], links = new { } });
    }

    /// <summary>As Notify checks a token: HS256 with the key's secret, of this service, made within half a minute.</summary>
    async Task<bool> IsLetIn(HttpContext context) {
        var token = context.Request.Headers.Authorization.ToString();
        var parts = token.StartsWith("Bearer ", StringComparison.Ordinal) ? token[7..].Split('.') : [];
        if (parts.Length == 3) {
            var (head, payload) = (JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!, JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!);
            using var hash = new HMACSHA256(Encoding.ASCII.GetBytes(Secret));
            if ((string)head["alg"]! == "HS256" && (string)head["typ"]! == "JWT" && hash.ComputeHash(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")).SequenceEqual(WebEncoders.Base64UrlDecode(parts[2]))
                && (string)payload["iss"]! == Service && Math.Abs((long)payload["iat"]! - clock.GetUtcNow().ToUnixTimeSeconds()) <= 30) return true;
        }
        await Refuse(context, 403, "AuthError", "Invalid token: signature, api token not found");
        return false;
    }

    static Task Refuse(HttpContext context, int code, string error, string message) => Answer(context, code, new { status_code = code, errors = new[] { new { error, message } } });

    static Task Answer(HttpContext context, int code, object body) {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(body));
    }

    public async ValueTask DisposeAsync() {
        await app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await app.DisposeAsync();
    }
}
