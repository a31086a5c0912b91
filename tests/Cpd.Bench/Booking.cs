using System.Net.Http.Json;

namespace Cpd.Bench;

/// <summary>One person's answer when they are booked over HTTP.</summary>
sealed record Answer(Guid PersonId, string Outcome, Guid? BookingId, string? Reference, int? Position, string? Why);

/// <summary>Booking as a program does it: JSON with a key.</summary>
static class Booking {
    public static Task<HttpResponseMessage> Post(HttpClient client, Guid sessionId, IEnumerable<Guid> people, CancellationToken ct) =>
        client.PostAsJsonAsync($"/api/v1/sessions/{sessionId}/bookings", new { personIds = people }, ct);

    public static async Task<IReadOnlyList<Answer>> Answers(HttpResponseMessage response, CancellationToken ct) =>
        (await response.Content.ReadFromJsonAsync<IReadOnlyList<Answer>>(ct))!;

    /// <summary>The answers of an acknowledged booking; null when it was not acknowledged (refused as a whole, failed, or the connection broke).</summary>
    public static async Task<IReadOnlyList<Answer>?> Try(HttpClient client, Guid sessionId, IEnumerable<Guid> people, CancellationToken ct) {
        try {
            using var response = await Post(client, sessionId, people, ct);
            return response.IsSuccessStatusCode ? await Answers(response, ct) : null;
        } catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException) {
            return null;
        }
    }
}
