using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cpd.People.Files;

/// <summary>
/// A page that takes a file. It reads the form itself, part by part, so that the file is staged while it arrives; the framework's form
/// reader would first keep all of it. Therefore the token is looked at here too, and stands first in the form.
/// </summary>
/// <remarks>Pages of this sort also need IgnoreAntiforgeryToken(Order = 1001), LeaveFormUnread and a RequestSizeLimit a little above <see cref="SizeLimit"/>.</remarks>
internal abstract class UploadPage(CurrentUser me, KeptAnswers answers, IAntiforgery antiforgery) : CpdPage {
    internal const long SizeLimit = 50 * 1024 * 1024;
    internal const long RequestLimit = SizeLimit + 64 * 1024;
    const int FieldLimit = 4 * 1024;

    /// <summary>The name of the field with the file.</summary>
    private protected abstract string FileField { get; }

    /// <summary>The framework's own binders, on the fields that came before the file.</summary>
    private protected abstract Task Bind(IValueProvider fields);

    /// <summary>What the form shows besides what was typed.</summary>
    private protected virtual Task Load(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Stages the file, or says why not; gives what was made of it.</summary>
    private protected abstract Task<Outcome<Guid>> Stage(string? fileName, Stream? file, CancellationToken ct);

    /// <summary>What else tells this form from another, beside the file's content.</summary>
    private protected abstract string Fields { get; }

    private protected abstract string At(Guid import);

    /// <summary>Undoes <see cref="Stage"/>: the same form was sent twice, and only now is it known.</summary>
    private protected abstract Task Discard(Guid import, CancellationToken ct);

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (!MediaTypeHeaderValue.TryParse(Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary) return await Untrusted(ct);
        var form = new MultipartReader(boundary, Request.Body) { BodyLengthLimit = SizeLimit };
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try {
            while (await form.ReadNextSectionAsync(ct) is { } part) {
                if (part.GetContentDispositionHeader() is not { } disposition) continue;
                if (!disposition.IsFileDisposition()) {
                    if (fields.Count > 20 || part.AsFormDataSection() is not { } field) return await Untrusted(ct);
                    fields[field.Name] = await Text(field.Section.Body, ct);
                    continue;
                }
                if (!await IsTrusted(fields)) return await Untrusted(ct);
                await Read(fields);
                var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
                // A form without a chosen file still sends a part, without a name.
                var file = string.IsNullOrEmpty(HeaderUtilities.RemoveQuotes(name).Value) ? null : part.Body;
                return await Upload(fields, HeaderUtilities.RemoveQuotes(name).Value, file, ct);
            }
        } catch (Exception e) when (e is InvalidDataException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }) {
            await Load(ct);
            return Refused(Outcome.Invalid(FileField, "The file must be smaller than 50 MB"));
        }
        if (!await IsTrusted(fields)) return await Untrusted(ct);
        await Read(fields);
        return await Upload(fields, null, null, ct);
    }

    /// <summary>The form itself again: the error page could not be shown, since it would read the form that is half read.</summary>
    async Task<IActionResult> Untrusted(CancellationToken ct) {
        await Load(ct);
        return Refused(Outcome.Invalid("", "We could not tell that this form came from this page. Send it again."));
    }

    async Task<IActionResult> Upload(Dictionary<string, string> fields, string? fileName, Stream? file, CancellationToken ct) {
        using var hash = SHA256.Create();
        // Left to itself at the end: disposing it would flush the part of the form, which can't be.
        var hashed = file is null ? null : new CryptoStream(file, hash, CryptoStreamMode.Read, leaveOpen: true);
        var outcome = await Stage(fileName, hashed, ct);
        if (outcome.Refusal is { } refusal) {
            // To the end, or the browser would show a broken connection instead of the page.
            await Request.Body.CopyToAsync(Stream.Null, ct);
            await Load(ct);
            return Refused(refusal);
        }
        // Whatever the reader left over belongs to the fingerprint.
        await hashed!.CopyToAsync(Stream.Null, ct);
        return Redirect(await First(fields, fileName, hash.Hash!, outcome.Value, ct));
    }

    /// <summary>Where to go: to the import that was made when this very form was sent before. The second is then discarded; until now nobody could know that it is one.</summary>
    async Task<string> First(Dictionary<string, string> fields, string? fileName, byte[] content, Guid import, CancellationToken ct) {
        var mine = At(import);
        if (!fields.TryGetValue(Once.Field, out var token)) return mine;
        var sent = SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Fields}\n{fileName}\n"), .. content]);
        var first = await answers.First(Attempt.OfForm(me.PersonId, token, sent), new Answer(StatusCodes.Status302Found, null, mine, null, null, []), ct);
        if (first.Location == mine) return mine;
        await Discard(import, ct);
        return first.Location!;
    }

    async Task<bool> IsTrusted(Dictionary<string, string> fields) {
        if (fields.GetValueOrDefault("__RequestVerificationToken") is { } token) Request.Headers["RequestVerificationToken"] = token;
        return Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(HttpContext);
    }

    async Task Read(Dictionary<string, string> fields) {
        var typed = new FormCollection(fields.ToDictionary(f => f.Key, f => new Microsoft.Extensions.Primitives.StringValues(f.Value)));
        await Bind(new FormValueProvider(BindingSource.Form, typed, CultureInfo.InvariantCulture));
    }

    static async Task<string> Text(Stream body, CancellationToken ct) {
        var buffer = new byte[FieldLimit];
        var length = await body.ReadAtLeastAsync(buffer, FieldLimit, throwOnEndOfStream: false, ct);
        return length == FieldLimit ? throw new InvalidDataException() : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
