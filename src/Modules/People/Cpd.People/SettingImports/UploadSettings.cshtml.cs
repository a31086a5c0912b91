using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cpd.People.SettingImports;

/// <summary>
/// Reads the form itself, part by part, so that the file is staged while it arrives. The framework's form reader would first keep all of
/// it; therefore the token is looked at here too, and stands first in the form.
/// </summary>
[Requires(PeoplePermissions.ChangeSettings)]
[IgnoreAntiforgeryToken(Order = 1001), LeaveFormUnread, RequestSizeLimit(UploadSettings.SizeLimit + 64 * 1024)]
internal sealed class UploadSettingsPage(IMediator mediator, CurrentUser me, KeptAnswers answers, IAntiforgery antiforgery) : CpdPage {
    const int FieldLimit = 4 * 1024;

    public Guid? AuthorityId { get; set; }
    [Display(Name = "The date of the list")] public DateOnly? AsAt { get; set; }
    /// <summary>Only the field's name: a property of a file's own type would be bound, and the form read for it.</summary>
    public string? SettingsFile { get; set; }

    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => await Load(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (!MediaTypeHeaderValue.TryParse(Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary) return await Untrusted(ct);
        var form = new MultipartReader(boundary, Request.Body) { BodyLengthLimit = UploadSettings.SizeLimit };
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
            return Refused(Outcome.Invalid(nameof(SettingsFile), "The file must be smaller than 50 MB"));
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
        var command = new UploadSettings.Command(AuthorityId, AsAt, fileName, hashed);
        // A date that is none is said beside its field; the validator then only sees that there is none.
        var outcome = await mediator.Send(command, ct);
        if (outcome.Refusal is { } refusal) {
            // To the end, or the browser would show a broken connection instead of the page.
            await Request.Body.CopyToAsync(Stream.Null, ct);
            await Load(ct);
            return Refused(refusal);
        }
        // Whatever the reader left over belongs to the fingerprint.
        await hashed!.CopyToAsync(Stream.Null, ct);
        return Redirect(await First(fields, command, hash.Hash!, PeopleLinks.Import(outcome.Value), outcome.Value, ct));
    }

    /// <summary>Where to go: to the import that was made when this very form was sent before. The second is then discarded; until now nobody could know that it is one.</summary>
    async Task<string> First(Dictionary<string, string> fields, UploadSettings.Command command, byte[] content, string mine, Guid importId, CancellationToken ct) {
        if (!fields.TryGetValue(Once.Field, out var token)) return mine;
        var sent = SHA256.HashData([.. Encoding.UTF8.GetBytes($"{command.AuthorityId}\n{command.AsAt:O}\n{command.FileName}\n"), .. content]);
        var first = await answers.First(Attempt.OfForm(me.PersonId, token, sent), new Answer(StatusCodes.Status302Found, null, mine, null, null, []), ct);
        if (first.Location == mine) return mine;
        await mediator.Send(new DiscardImport.Command(importId), ct);
        return first.Location!;
    }

    async Task<bool> IsTrusted(Dictionary<string, string> fields) {
        if (fields.GetValueOrDefault("__RequestVerificationToken") is { } token) Request.Headers["RequestVerificationToken"] = token;
        return Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(HttpContext);
    }

    /// <summary>The framework's own binders, on the fields that came before the file.</summary>
    async Task Read(Dictionary<string, string> fields) {
        var typed = new FormCollection(fields.ToDictionary(f => f.Key, f => new Microsoft.Extensions.Primitives.StringValues(f.Value)));
        await TryUpdateModelAsync(this, "", new FormValueProvider(BindingSource.Form, typed, CultureInfo.InvariantCulture), m => m.PropertyName is nameof(AuthorityId) or nameof(AsAt));
    }

    static async Task<string> Text(Stream body, CancellationToken ct) {
        var buffer = new byte[FieldLimit];
        var length = await body.ReadAtLeastAsync(buffer, FieldLimit, throwOnEndOfStream: false, ct);
        return length == FieldLimit ? throw new InvalidDataException() : Encoding.UTF8.GetString(buffer, 0, length);
    }

    async Task Load(CancellationToken ct) {
        var reach = me.Reach(PeoplePermissions.ChangeSettings);
        if (!reach.All && reach.Authorities.Count == 1) return;
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id));
        Authorities = [new(reach.All ? "All local authorities" : "Choose a local authority", ""), .. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
    }
}
