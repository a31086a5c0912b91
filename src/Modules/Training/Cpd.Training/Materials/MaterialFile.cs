namespace Cpd.Training.Materials;

/// <summary>Which files may go with a session: kinds that hold no program, and only if their first bytes are those of their kind.</summary>
internal static class MaterialFile {
    internal const int LongestMegabytes = 10;
    internal const int Longest = LongestMegabytes * 1024 * 1024;
    internal const string Kinds = "PDF, Word, PowerPoint, Excel, OpenDocument, PNG, JPEG or plain text";
    /// <summary>For the file dialogue; the server looks itself.</summary>
    internal const string Accept = ".pdf,.docx,.pptx,.xlsx,.odt,.odp,.ods,.png,.jpg,.jpeg,.txt";

    const string Office = "application/vnd.openxmlformats-officedocument.";
    const string Open = "application/vnd.oasis.opendocument.";
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
    internal static string Name(string given) {
        var name = Path.GetFileName(given.Replace('\\', '/').Trim());
        return name.Length > 150 ? name[^150..] : name;
    }

    /// <summary>What is wrong with a file; null when nothing is.</summary>
    internal static string? Problem(string name, byte[] content) =>
        content.Length == 0 ? "The file is empty"
        : content.Length > Longest ? $"The file must be smaller than {LongestMegabytes} MB"
        : !Known.TryGetValue(Path.GetExtension(name), out var kind) ? $"The file must be a {Kinds} file"
        : !content.AsSpan().StartsWith(kind.Begins) || (kind.Begins.Length == 0 && content.AsSpan().Contains((byte)0)) ? $"The file is not what its name says: {Path.GetExtension(name).ToLowerInvariant()}"
        : null;

    /// <summary>As what it is sent; never as a page or a program.</summary>
    internal static string Type(string name) => Known.TryGetValue(Path.GetExtension(name), out var kind) ? kind.Type : "application/octet-stream";

    internal static string Words(int size) => size < 1024 * 1024 ? $"{Math.Max(1, size / 1024)} KB" : $"{size / (1024 * 1024)} MB";
}
