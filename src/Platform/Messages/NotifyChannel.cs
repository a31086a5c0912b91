using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Cpd.Platform.Messages;

/// <summary>
/// Hands emails and text messages to GOV.UK Notify. A message's id is its reference there. When nobody knows whether Notify has it (no answer in time, a host
/// that died), Notify is asked first, so that nothing goes out twice. Its templates hold nothing but ((subject)) and ((body)): the words are this service's.
/// </summary>
sealed class NotifyChannel(NotifyOptions options, TimeProvider clock) : IMailChannel, IDisposable {
    // Most are settled within a minute. Where Notify tells by itself, it is asked only for what got lost.
    static readonly TimeSpan AskSoon = TimeSpan.FromMinutes(10), AskLater = TimeSpan.FromHours(4);
    static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    // Notify takes no longer ones, and each 160 cost as much as a message.
    const int LongestText = 918;
    const int LongestReason = 200;

    readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false }) { BaseAddress = options.Address, Timeout = Timeout.InfiniteTimeSpan };

    public async Task<TimeSpan?> Send(Post post, CancellationToken ct) {
        if (!post.Again || await Find(post.Id, ct) is null) await Hand(post, ct);
        return options.CallbackToken is null ? AskSoon : AskLater;
    }

    /// <summary>What became of a message so far: null when Notify knows nothing of it.</summary>
    internal async Task<NotifyStatus?> Find(Guid id, CancellationToken ct) {
        using var answer = await Ask(HttpMethod.Get, $"/v2/notifications?reference={id:N}", null, ct);
        return (await answer.Content.ReadFromJsonAsync<Found>(Form, ct))!.Notifications is [var first, ..] ? first : null;
    }

    async Task Hand(Post post, CancellationToken ct) {
        var template = (post.IsText ? options.TextTemplate : options.EmailTemplate) ?? throw new MessageRefusedException($"There is no template for {(post.IsText ? "text messages" : "emails")}");
        var personalisation = new Dictionary<string, string> { ["subject"] = post.Subject, ["body"] = post.IsText && post.Text.Length > LongestText ? post.Text[..(LongestText - 1)] + "…" : post.Text };
        using var answer = post.IsText
            ? await Ask(HttpMethod.Post, "/v2/notifications/sms", new NewText(post.Recipient, template, personalisation, post.Id.ToString("N")), ct)
            : await Ask(HttpMethod.Post, "/v2/notifications/email", new NewEmail(post.Recipient, template, personalisation, post.Id.ToString("N"), options.ReplyTo, post.Refuse), ct);
    }

    async Task<HttpResponseMessage> Ask(HttpMethod method, string path, object? body, CancellationToken ct) {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());
        HttpResponseMessage answer;
        try {
            answer = await http.SendAsync(request, ct);
        } catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NetworkUnreachable or SocketError.HostUnreachable }) {
            throw new ChannelDownException("GOV.UK Notify can't be reached", e);
        }
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw await Refused(answer, ct);
    }

    static async Task<Exception> Refused(HttpResponseMessage answer, CancellationToken ct) {
        var error = await Why(answer, ct);
        return answer.StatusCode switch {
            HttpStatusCode.BadRequest => new MessageRefusedException($"GOV.UK Notify refuses it: {error}", noSuchAddress: error.StartsWith("email_address ", StringComparison.Ordinal) || error.StartsWith("phone_number ", StringComparison.Ordinal)),
            // The key, the clock, the account, or its limit: that concerns every message.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound => new ChannelDownException($"GOV.UK Notify does not let this service in: {error}", rest: Rest),
            HttpStatusCode.TooManyRequests => new ChannelDownException($"GOV.UK Notify takes no more at the moment: {error}", rest: answer.Headers.RetryAfter?.Delta ?? Rest),
            var other => new MessageRefusedException($"GOV.UK Notify answers {(int)other}", forGood: false),
        };
    }

    static async Task<string> Why(HttpResponseMessage answer, CancellationToken ct) {
        string? why = null;
        try {
            why = await answer.Content.ReadFromJsonAsync<Problem>(Form, ct) is { Errors: [var first, ..] } ? first.Message : null;
        } catch (Exception e) when (e is JsonException or NotSupportedException) { /* Something before Notify has answered. */ }
        // What it says names the field, never its content; whatever else looks like an address is not kept.
        return why is null || why.Contains('@', StringComparison.Ordinal) ? $"{(int)answer.StatusCode}" : why[..Math.Min(why.Length, LongestReason)];
    }

    /// <summary>A token of Notify's kind: signed with the key's secret (HS256), and good for half a minute.</summary>
    string Token() {
        var payload = $"{Part(new { typ = "JWT", alg = "HS256" })}.{Part(new { iss = options.ServiceId, iat = clock.GetUtcNow().ToUnixTimeSeconds() })}";
        return $"{payload}.{WebEncoders.Base64UrlEncode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Secret), Encoding.UTF8.GetBytes(payload)))}";

        static string Part(object part) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(part));
    }

    public void Dispose() => http.Dispose();

    static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    sealed record NewEmail(string EmailAddress, Guid TemplateId, Dictionary<string, string> Personalisation, string Reference, Guid? EmailReplyToId, string? OneClickUnsubscribeUrl);
    sealed record NewText(string PhoneNumber, Guid TemplateId, Dictionary<string, string> Personalisation, string Reference);
    sealed record Found(IReadOnlyList<NotifyStatus> Notifications);
    sealed record Problem(IReadOnlyList<Error> Errors);
    sealed record Error(string Message);
}

/// <summary>What Notify says of a message, when it is asked and when it calls.</summary>
sealed record NotifyStatus(string? Reference, string Status) {
    /// <summary>Null while it is on its way.</summary>
    internal Delivery? Delivery => Status switch {
        "delivered" => Messages.Delivery.Delivered,
        "permanent-failure" => Messages.Delivery.PermanentFailure,
        "temporary-failure" => Messages.Delivery.TemporaryFailure,
        "technical-failure" => Messages.Delivery.TechnicalFailure,
        _ => null,
    };
}
