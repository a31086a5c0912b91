namespace Cpd.Platform.Web;

/// <summary><c>health</c>: asks the service on this machine whether it is ready. For containers, which hold no other program to ask with.</summary>
static class HealthCommand {
    public static BareCommand Command => new("health", "health                           ask the service on this machine whether it is ready", async (site, _, _, ct) => {
        var listening = (site.Configuration["urls"] ?? "http://localhost:5080").Split(';')[0];
        // Listening on every address is asked on this machine's own.
        var address = listening.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal).TrimEnd('/');
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try {
            using var response = await client.GetAsync(new Uri($"{address}/health/ready"), ct);
            Console.WriteLine(await response.Content.ReadAsStringAsync(ct));
            return response.IsSuccessStatusCode ? 0 : 1;
        } catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException) {
            await Console.Error.WriteLineAsync($"{address} does not answer: {e.Message}");
            return 1;
        }
    });
}
