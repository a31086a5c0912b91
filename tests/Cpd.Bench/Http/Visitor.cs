using System.Net;
using System.Text.RegularExpressions;
using Cpd.Bench.Data;

namespace Cpd.Bench.Http;

/// <summary>Somebody with a browser: keeps cookies, and sends forms with the token of the page on which they stand.</summary>
sealed partial class Visitor(HostProcess host) : IDisposable {
    readonly HttpClient client = host.Client();
    readonly Dictionary<string, string> cookies = [];

    /// <summary>What their browser sends with each request once they are signed in.</summary>
    public string Session => $"__Host-session={cookies["__Host-session"]}";

    public async Task SignIn(string email, CancellationToken ct) {
        using var answer = await Post("/sign-in", token => new FormUrlEncodedContent([new("Email", email), new("Password", DataSet.Password), new("__RequestVerificationToken", token)]), ct);
        if (!cookies.ContainsKey("__Host-session")) throw new InvalidOperationException($"{email} could not sign in: {answer.StatusCode}.");
    }

    public async Task<string> Get(string path, CancellationToken ct) {
        using var answer = await Send(new(HttpMethod.Get, path), ct);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(ct);
    }

    /// <summary>Opens a page and sends what <paramref name="form"/> makes with its token, to the page or to one of its handlers.</summary>
    public async Task<HttpResponseMessage> Post(string path, Func<string, HttpContent> form, CancellationToken ct, string handler = "") {
        var token = WebUtility.HtmlDecode(Token().Match(await Get(path, ct)).Groups[1].Value);
        return await Send(new(HttpMethod.Post, path + handler) { Content = form(token) }, ct);
    }

    async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken ct) {
        using (request) {
            if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
            var answer = await client.SendAsync(request, ct);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
                if (cookie.Split(';')[0].Split('=', 2) is [var name, var value]) cookies[name] = value;
            return answer;
        }
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
