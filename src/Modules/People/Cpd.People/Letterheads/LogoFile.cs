using System.Buffers.Binary;

namespace Cpd.People.Letterheads;

/// <summary>Which pictures may stand over messages: PNG or JPEG, which every mail program shows and which hold no program, small, and whole from their first bytes to their last.</summary>
internal sealed record LogoFile(string ContentType, int Width, int Height) {
    internal const int LongestKilobytes = 100;
    internal const int Longest = LongestKilobytes * 1024;
    const int Widest = 1200, Smallest = 16;

    static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    static ReadOnlySpan<byte> PngEnd => [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>What is wrong with a file; null when nothing is.</summary>
    internal static string? Problem(byte[] content) =>
        content.Length == 0 ? "The logo file is empty"
        : content.Length > Longest ? $"The logo must be smaller than {LongestKilobytes} KB"
        : Read(content) is not { } picture ? "The logo must be a PNG or JPEG picture"
        : picture.Width > Widest || picture.Height > Widest ? $"The logo must be at most {Widest} pixels wide and high"
        : picture.Width < Smallest || picture.Height < Smallest ? $"The logo must be at least {Smallest} pixels wide and high"
        : null;

    /// <summary>What the picture says of itself; null when it is none of these.</summary>
    internal static LogoFile? Read(ReadOnlySpan<byte> content) => OfPng(content) ?? OfJpeg(content);

    static LogoFile? OfPng(ReadOnlySpan<byte> content) =>
        content.Length > 40 && content.StartsWith(Png) && content.EndsWith(PngEnd) && content[12..16].SequenceEqual("IHDR"u8)
            ? new("image/png", Side(BinaryPrimitives.ReadUInt32BigEndian(content[16..])), Side(BinaryPrimitives.ReadUInt32BigEndian(content[20..]))) : null;

    /// <summary>A JPEG is a row of segments; one of those that begin a frame says how large it is.</summary>
    static LogoFile? OfJpeg(ReadOnlySpan<byte> content) {
        if (content.Length < 4 || content[0] != 0xFF || content[1] != 0xD8 || content[^2] != 0xFF || content[^1] != 0xD9) return null;
        for (var at = 2; at + 9 < content.Length && content[at] == 0xFF; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..])) {
            var marker = content[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return new("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]));
            // Here the picture itself begins, and no frame has said its size.
            if (marker == 0xDA) break;
        }
        return null;
    }

    static int Side(uint pixels) => (int)Math.Min(pixels, int.MaxValue);
}
