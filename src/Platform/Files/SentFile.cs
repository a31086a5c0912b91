using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Cpd.Platform.Files;

/// <summary>Which files people may send for others to read: kinds that hold no program, and only if their first bytes are those of their kind.</summary>
public static class SentFile {
    public const int LongestMegabytes = 10;
    /// <summary>In bytes.</summary>
    public const int Longest = LongestMegabytes * 1024 * 1024;
    /// <summary>In words, for hints and refusals.</summary>
    public const string Kinds = "PDF, Word, PowerPoint, Excel, OpenDocument, PNG, JPEG or plain text";
    /// <summary>For the file dialogue; the server looks itself.</summary>
    public const string Accept = ".pdf,.docx,.pptx,.xlsx,.odt,.odp,.ods,.png,.jpg,.jpeg,.txt";

    const string Office = "application/vnd.openxmlformats-officedocument.";
    const string Open = "application/vnd.oasis.opendocument.";
    const int Part = 512 * 1024;
    static readonly byte[] Zip = [0x50, 0x4B, 0x03, 0x04];
    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF];

    static readonly Dictionary<string, (string Type, byte[] Begins)> Known = new(StringComparer.OrdinalIgnoreCase) {
        [".pdf"] = ("application/pdf", "%PDF-"u8.ToArray()),
        [".docx"] = (Office + "wordprocessingml.document", Zip),
        [".pptx"] = (Office + "presentationml.presentation", Zip),
        [".xlsx"] = (Office + "spreadsheetml.sheet", Zip),
        [".odt"] = (Open + "text", Zip),
        [".odp"] = (Open + "presentation", Zip),
        [".ods"] = (Open + "spreadsheet", Zip),
        [".png"] = ("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        [".jpg"] = ("image/jpeg", Jpeg),
        [".jpeg"] = ("image/jpeg", Jpeg),
        [".txt"] = ("text/plain; charset=utf-8", []),
    };

    /// <summary>The name without a path, as people gave it; the end of one that is too long.</summary>
    public static string Name(string given) {
        var name = Path.GetFileName(given.Replace('\\', '/').Trim());
        return name.Length > 150 ? name[^150..] : name;
    }

    /// <summary>What is wrong with a file; null when nothing is.</summary>
    public static string? Problem(string name, byte[] content) =>
        content.Length == 0 ? "The file is empty"
        : content.Length > Longest ? $"The file must be smaller than {LongestMegabytes} MB"
        : !Known.TryGetValue(Path.GetExtension(name), out var kind) ? $"The file must be a {Kinds} file"
        : !content.AsSpan().StartsWith(kind.Begins) || (kind.Begins.Length == 0 && content.AsSpan().Contains((byte)0)) ? $"The file is not what its name says: {Path.GetExtension(name).ToLowerInvariant()}"
        : null;

    /// <summary>As what it is sent; never as a page or a program.</summary>
    public static string Type(string name) => Known.TryGetValue(Path.GetExtension(name), out var kind) ? kind.Type : "application/octet-stream";

    /// <summary>"Slides (PDF, 2 MB)"; only the title of what is no file.</summary>
    public static string Words(string title, string? fileName, int size) => fileName is null ? title : $"{title} ({Path.GetExtension(fileName).TrimStart('.').ToUpperInvariant()}, {Words(size)})";

    /// <summary>What a form sent; what is too long is not read, <see cref="Longest"/> is for the caller to look at first.</summary>
    public static async Task<byte[]?> Read(IFormFile? sent, CancellationToken ct) {
        if (sent is null or { Length: > Longest }) return null;
        var content = new byte[sent.Length];
        await using var stream = sent.OpenReadStream();
        await stream.ReadExactlyAsync(content, ct);
        return content;
    }

    /// <summary>The content as rows of at most half a megabyte, base64, so that no statement moves a whole file.</summary>
    public static IEnumerable<(int Number, string Content)> Parts(byte[] content) => content.Chunk(Part).Select((part, i) => (i, Convert.ToBase64String(part)));

    /// <summary>The file from its parts.</summary>
    /// <param name="part">The content of the part of this number, null after the last: one statement a part, for a read that stays open as long as somebody downloads holds back the database's log.</param>
    public static async IAsyncEnumerable<byte[]> Join(Func<int, Task<string?>> part, [EnumeratorCancellation] CancellationToken ct) {
        for (var number = 0; !ct.IsCancellationRequested && await part(number) is { } content; number++) yield return Convert.FromBase64String(content);
    }

    static string Words(int size) => size < 1024 * 1024 ? $"{Math.Max(1, size / 1024)} KB" : $"{size / (1024 * 1024)} MB";
}

/// <summary>A file on its way to a reader. It is kept and opened on the reader's own side, never shown as a page of this service.</summary>
/// <param name="Parts">Read while it is sent; once.</param>
public sealed record KeptFile(string FileName, int Size, IAsyncEnumerable<byte[]> Parts) : IActionResult {
    public async Task ExecuteResultAsync(ActionContext context) {
        var response = context.HttpContext.Response;
        response.ContentType = SentFile.Type(FileName);
        response.ContentLength = Size;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(FileName);
        response.Headers.ContentDisposition = disposition.ToString();
        await foreach (var part in Parts.WithCancellation(context.HttpContext.RequestAborted)) await response.Body.WriteAsync(part, context.HttpContext.RequestAborted);
    }
}
