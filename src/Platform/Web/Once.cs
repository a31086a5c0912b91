using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Cpd.Platform.Web;

/// <summary>
/// What is sent twice is done once, and answered twice alike: a program's request with an Idempotency-Key (the IETF's draft of that header), and
/// a form with the token that stands in every form of somebody signed in. The effect and the answer are one transaction, so a process that
/// dies in between leaves neither, and nothing that has to be cleared before the request can be sent again.
/// </summary>
public sealed class Once(RequestDelegate next) {
    public const string Header = "Idempotency-Key";
    /// <summary>The form's field that holds its token.</summary>
    public const string Field = "__once";
    public const int LongestKey = 255;
    const int LargestRequest = 1024 * 1024;

    // Only for a quick answer: what another host has in hand is settled by the key's row.
    readonly ConcurrentDictionary<Guid, bool> inHand = [];

    public Task InvokeAsync(HttpContext context, Db db, CurrentUser me, KeptAnswers answers) {
        var request = context.Request;
        // Public pages are let through: signing in has no caller yet, and begins its session on a connection of its own, which must not wait for this one.
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || !me.IsSignedIn
                || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<PublicAttribute>() is not null ? next(context)
            : request.IsApi() ? request.Headers.TryGetValue(Header, out var keys) ? Program(context, db, answers, keys) : next(context)
            : endpoint.Metadata.GetMetadata<LeaveFormUnreadAttribute>() is null && request.HasFormContentType ? Form(context, db, me, answers) : next(context);
    }

    async Task Program(HttpContext context, Db db, KeptAnswers answers, StringValues keys) {
        if (Key(keys) is not { } key) {
            await Refuse(context, 400, "The Idempotency-Key can't be used", $"Send one {Header} of 1 to {LongestKey} letters, digits and signs, such as a UUID, in quotation marks or without.");
            return;
        }
        using var body = new MemoryStream();
        if (!await ReadInto(body, context)) {
            await Refuse(context, 413, "The request is too large", $"With an {Header}, a request may have at most 1 MB.");
            return;
        }
        var caller = context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
        var attempt = Attempt.OfProgram(caller, key, Fingerprint(context.Request, hash => hash.AppendData(body.GetBuffer(), 0, (int)body.Length)));
        if (await answers.Find(attempt, context.RequestAborted) is { } found) {
            await (found.IsSame ? found.Answer.Give(context) : RefuseOther(context));
            return;
        }
        if (!inHand.TryAdd(attempt.Id, true)) {
            context.Response.Headers.RetryAfter = "1";
            await Refuse(context, 409, "This request is still being worked on", $"A request with the same {Header} has not been answered yet. Send it again in a second, and you get its answer.");
            return;
        }
        try {
            context.Request.Body = body;
            await Run(context, db, answers, attempt, keepsRefusals: true);
        } catch (AnswerTooLargeException) {
            await Refuse(context, 422, "The answer would be too large to keep", $"Nothing has been done. Ask for less at a time, or send the request without an {Header}.");
        } finally {
            inHand.TryRemove(attempt.Id, out _);
        }
    }

    async Task Form(HttpContext context, Db db, CurrentUser me, KeptAnswers answers) {
        IFormCollection form;
        try {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
        } catch (InvalidDataException) {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        } catch (BadHttpRequestException e) {
            // Larger than the server takes: the caller's fault, not a bug to be logged.
            context.Response.StatusCode = e.StatusCode;
            return;
        }
        // A form without a token (it was open since before somebody signed in) is sent as ever: what was typed counts for more.
        if (form[Field] is not [{ Length: > 0 and <= LongestKey } token]) {
            await next(context);
            return;
        }
        var attempt = Attempt.OfForm(me.PersonId, token, Fingerprint(context.Request, hash => Add(hash, form)));
        if (await answers.Find(attempt, context.RequestAborted) is { } found) await found.Answer.Give(context);
        else await Run(context, db, answers, attempt, keepsRefusals: false);
    }

    /// <param name="keepsRefusals">Whether an answer is kept that changed nothing. A form's is not: its token stays good for the form put right.</param>
    async Task Run(HttpContext context, Db db, KeptAnswers answers, Attempt attempt, bool keepsRefusals) {
        var ct = context.RequestAborted;
        var outside = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        context.Response.Body = body;
        Answer? mine = null;
        (Answer Answer, bool IsSame)? twin = null;
        try {
            var wrote = await db.Hold(async () => {
                body.SetLength(0);
                if (keepsRefusals) context.Request.Body.Position = 0;
                await next(context);
                await context.Response.BodyWriter.FlushAsync(ct);
                mine = Answer.Of(context, body);
                if (db.IsWriting) await answers.Keep(attempt, mine, ct);
                return db.IsWriting;
            }, ct);
            if (!wrote) {
                // It may have been refused because its twin was done meanwhile ("is there already"): then the twin's answer is the answer.
                twin = await answers.Find(attempt, ct);
                if (twin is null && keepsRefusals && mine!.Status is < 500 and not (401 or 403 or 429)) await db.Write(() => answers.Keep(attempt, mine, ct), ct);
            }
        } catch (Exception e) when (db.IsUniqueViolation(e)) {
            // Read as a write is, which waits until the twin is on disk: they may have shared a commit that has not ended.
            twin = await db.Write(() => answers.Find(attempt, ct), _ => true, ct);
            if (twin is null) throw;
        } finally {
            context.Features.Set(outside);
        }
        if (twin is { IsSame: false }) await RefuseOther(context);
        else if (twin is { } done) await done.Answer.Give(context);
        else if (body.Length > 0) await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), ct);
    }

    /// <summary>The key as the draft writes it, in quotation marks, or bare as most programs send it. Null when it is neither.</summary>
    static string? Key(StringValues values) {
        if (values is not [{ } value]) return null;
        var key = value.Trim();
        if (key is ['"', .. var quoted, '"']) {
            var plain = new StringBuilder();
            for (var i = 0; i < quoted.Length; i++) {
                if (quoted[i] == '"') return null;
                if (quoted[i] == '\\' && (++i == quoted.Length || quoted[i] is not ('"' or '\\'))) return null;
                plain.Append(quoted[i]);
            }
            key = plain.ToString();
        } else if (key.AsSpan().IndexOfAny("\" ,;") >= 0) {
            return null;
        }
        return key.Length is > 0 and <= LongestKey && key.All(c => c is >= ' ' and <= '~') ? key : null;
    }

    static async Task<bool> ReadInto(MemoryStream body, HttpContext context) {
        if (context.Request.ContentLength > LargestRequest) return false;
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0) {
            if (body.Length + read > LargestRequest) return false;
            body.Write(buffer, 0, read);
        }
        body.Position = 0;
        return true;
    }

    static byte[] Fingerprint(HttpRequest request, Action<IncrementalHash> content) {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, request.Method);
        Add(hash, request.PathBase + request.Path);
        Add(hash, request.QueryString.Value ?? "");
        content(hash);
        return hash.GetHashAndReset();
    }

    /// <summary>Each text with its length before it, so that no two forms run together into one.</summary>
    static void Add(IncrementalHash hash, string text) {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    static void Add(IncrementalHash hash, IFormCollection form) {
        foreach (var (name, values) in form.OrderBy(f => f.Key, StringComparer.Ordinal)) {
            Add(hash, name);
            hash.AppendData(BitConverter.GetBytes(values.Count));
            foreach (var value in values) Add(hash, value ?? "");
        }
        foreach (var file in form.Files) {
            Add(hash, file.Name);
            Add(hash, file.FileName);
            using var content = file.OpenReadStream();
            hash.AppendData(SHA256.HashData(content));
        }
    }

    static Task RefuseOther(HttpContext context) => Refuse(context, 422, "This Idempotency-Key belongs to another request",
        $"In the last 24 hours the key came with another method, address or body. Use a new {Header} for each new request.");

    static Task Refuse(HttpContext context, int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail).ExecuteAsync(context);
}
