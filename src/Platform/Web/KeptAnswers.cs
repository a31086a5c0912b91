using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cpd.Platform.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Platform.Web;

/// <summary>
/// One intention of one caller, however often it is sent. <paramref name="Id"/> says which, <paramref name="Request"/> what was asked for.
/// <paramref name="Seal"/> opens the answer that was given; it comes from the key, so what is stored cannot be read without it.
/// </summary>
public sealed record Attempt(Guid Id, byte[] Request, byte[] Seal) {
    /// <summary>A program's: its key counts for one request, and another request under it is a mistake.</summary>
    internal static Attempt OfProgram(string caller, string key, byte[] request) => Of("program", caller, key, request);

    /// <summary>A form's. What was sent belongs to the attempt: a form that was changed after it had been sent is another one.</summary>
    public static Attempt OfForm(Guid personId, string token, byte[] request) => Of("form", personId.ToString(), $"{token}\n{Convert.ToHexString(request)}", request);

    static Attempt Of(string kind, string caller, string key, byte[] request) {
        var secret = Encoding.UTF8.GetBytes($"{kind}\n{caller}\n{key}");
        return new(new Guid(SHA256.HashData([.. "id\n"u8, .. secret]).AsSpan(0, 16), bigEndian: true), request, HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "answer"u8.ToArray()));
    }
}

/// <summary>An answer as it can be given again. <paramref name="Policy"/> is the content security policy, whose nonce stands in the page.</summary>
public sealed record Answer(int Status, string? ContentType, string? Location, string? Policy, string? Banner, byte[] Body) {
    /// <summary>Said of an answer that is given again, as Stripe does.</summary>
    public const string Replayed = "Idempotent-Replayed";

    internal static Answer Of(HttpContext context, MemoryStream body) => new(context.Response.StatusCode, context.Response.ContentType, Or(context.Response.Headers.Location),
        body.Length > 0 ? Or(context.Response.Headers.ContentSecurityPolicy) : null, TempData(context).Peek("Banner") as string, body.ToArray());

    internal async Task Give(HttpContext context) {
        var (response, headers) = (context.Response, context.Response.Headers);
        headers[Replayed] = "true";
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = null;
        headers.Location = Location;
        if (Policy is not null) headers.ContentSecurityPolicy = Policy;
        if (Banner is not null) {
            var told = TempData(context);
            told["Banner"] = Banner;
            told.Save();
        }
        if (Body.Length > 0) await response.Body.WriteAsync(Body, context.RequestAborted);
    }

    static string? Or(Microsoft.Extensions.Primitives.StringValues value) => value.Count == 0 ? null : value.ToString();

    static ITempDataDictionary TempData(HttpContext context) => context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context);
}

/// <summary>The answers given to attempts, for 24 hours. An answer is stored in the transaction of its effect: there is never one without the other.</summary>
public sealed class KeptAnswers(Db db, TimeProvider clock) {
    /// <summary>How long an answer is given again; after that its key counts as new.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    internal const int LargestBody = 1024 * 1024;

    const string Select = "SELECT Id, Request, Sealed FROM platform_KeptAnswer WHERE Id = @Id AND ExpiresAt > @Now";
    const string DeleteExpired = "DELETE FROM platform_KeptAnswer WHERE Id = @Id AND ExpiresAt <= @Now";
    const string Insert = "INSERT INTO platform_KeptAnswer (Id, Request, Sealed, ExpiresAt) VALUES (@Id, @Request, @Sealed, @ExpiresAt)";

    /// <summary>What was answered to this attempt, and whether it was the same request; null when there is nothing yet.</summary>
    internal async Task<(Answer Answer, bool IsSame)?> Find(Attempt attempt, CancellationToken ct) {
        if (await db.One<Row>(Select, new { attempt.Id, Now }, ct) is not { } row) return null;
        return (Open(row.Sealed, attempt), row.Request.AsSpan().SequenceEqual(attempt.Request));
    }

    /// <summary>Stores the answer in the transaction that is open. The row is the claim: of two equal attempts at once, the second fails here and takes its effect back.</summary>
    /// <exception cref="AnswerTooLargeException">It is more than is kept.</exception>
    internal async Task Keep(Attempt attempt, Answer answer, CancellationToken ct) {
        if (answer.Body.Length > LargestBody) throw new AnswerTooLargeException();
        await db.Execute(DeleteExpired, new { attempt.Id, Now }, ct);
        await db.Execute(Insert, new { attempt.Id, attempt.Request, Sealed = Close(answer, attempt), ExpiresAt = Now + Lifetime }, ct);
    }

    /// <summary>
    /// Stores an answer whose effect is there already, and gives the one that counts: another, if an equal attempt was answered before. For
    /// what cannot be one transaction, such as an upload; the caller then takes its own effect back.
    /// </summary>
    public async Task<Answer> First(Attempt attempt, Answer answer, CancellationToken ct) {
        try {
            await db.Write(() => Keep(attempt, answer, ct), ct);
            return answer;
        } catch (Exception e) when (db.IsUniqueViolation(e)) {
            // Read as a write is, which waits until the other is on disk.
            return (await db.Write(() => Find(attempt, ct), _ => true, ct))?.Answer ?? answer;
        }
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    static string Close(Answer answer, Attempt attempt) {
        var plain = JsonSerializer.SerializeToUtf8Bytes(answer);
        var (nonce, tag, text) = (RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize), new byte[AesGcm.TagByteSizes.MaxSize], new byte[plain.Length]);
        using var aes = new AesGcm(attempt.Seal, tag.Length);
        aes.Encrypt(nonce, plain, text, tag);
        return Convert.ToBase64String([.. nonce, .. tag, .. text]);
    }

    static Answer Open(string stored, Attempt attempt) {
        var bytes = Convert.FromBase64String(stored).AsSpan();
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var plain = new byte[bytes.Length - nonce - tag];
        using var aes = new AesGcm(attempt.Seal, tag);
        aes.Decrypt(bytes[..nonce], bytes[(nonce + tag)..], bytes.Slice(nonce, tag), plain);
        return JsonSerializer.Deserialize<Answer>(plain)!;
    }

    sealed record Row {
        public Guid Id { get; init; }
        public byte[] Request { get; init; } = [];
        public string Sealed { get; init; } = "";
    }
}

/// <summary>An answer is larger than what is kept, so its effect is not made either.</summary>
sealed class AnswerTooLargeException() : Exception("The answer to a request that may be repeated is more than 1 MB.");
