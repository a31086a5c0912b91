using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cpd.Platform.Backups;

/// <summary>Why a backup or a restore was not done, in a sentence for whoever runs the program.</summary>
sealed class BackupRefused(string sentence) : Exception(sentence);

/// <summary>What a backup holds. Format is 1; Schema is the number of the database's newest migration; CreatedAt is UTC.</summary>
sealed record Manifest(int Format, string Product, int Schema, DateTime CreatedAt, IReadOnlyList<KeptFile> Files);

/// <param name="Path">In the archive, with forward slashes.</param>
/// <param name="Sha256">Of the file as it was, in lower-case hexadecimal.</param>
sealed record KeptFile(string Path, long Bytes, string Sha256);

/// <summary>
/// The archive: an ordinary zip whose comment, its last 64 characters, is the SHA-256 of all that stands before it. So no byte of it can
/// change unseen, and any program that reads zips still opens it.
/// </summary>
static class BackupFile {
    const int SealLength = 64;
    const string ManifestName = "manifest.json";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes files (name in the archive, where it lies) and a manifest into a new archive, and waits until it is on disk.</summary>
    public static async Task<Manifest> Write(string archive, Func<IReadOnlyList<KeptFile>, Manifest> manifest, IEnumerable<(string Name, string Source)> files, CancellationToken ct) {
        await using var stream = new FileStream(archive, Private(FileMode.CreateNew, FileAccess.ReadWrite));
        Manifest made;
        await using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true)) {
            zip.Comment = new string('0', SealLength);
            var kept = new List<KeptFile>();
            foreach (var (name, source) in files) {
                await using var from = File.OpenRead(source);
                await using var to = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
                var (bytes, hash) = await CopyHashed(from, to, long.MaxValue, ct);
                kept.Add(new(name, bytes, hash));
            }
            made = manifest(kept);
            await using var last = await zip.CreateEntry(ManifestName).OpenAsync(ct);
            await JsonSerializer.SerializeAsync(last, made, Json, ct);
        }
        stream.Position = 0;
        var (_, seal) = await CopyHashed(stream, Stream.Null, stream.Length - SealLength, ct);
        stream.Position = stream.Length - SealLength;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(seal), ct);
        stream.Flush(flushToDisk: true);
        return made;
    }

    /// <summary>Reads an archive through and compares every byte with what was written; with a folder, puts its files there.</summary>
    /// <exception cref="BackupRefused">It is no backup, or not as it was written.</exception>
    public static async Task<Manifest> Read(string archive, string? folder, CancellationToken ct) {
        if (!File.Exists(archive)) throw new BackupRefused($"There is no file {archive}.");
        await using var stream = File.OpenRead(archive);
        await CheckSeal(stream, archive, ct);
        stream.Position = 0;
        try {
            await using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            await using var first = await (zip.GetEntry(ManifestName) ?? throw new BackupRefused($"{archive} holds no manifest: it is not a backup of this service.")).OpenAsync(ct);
            var manifest = (await JsonSerializer.DeserializeAsync<Manifest>(first, Json, ct))!;
            if (manifest.Format != 1) throw new BackupRefused($"{archive} was made by a newer version of this service, {manifest.Product}. Restore it with that version.");
            foreach (var kept in manifest.Files) {
                var entry = zip.GetEntry(kept.Path) ?? throw new BackupRefused($"{kept.Path} is missing from {archive}.");
                await using var from = await entry.OpenAsync(ct);
                await using var to = folder is null ? Stream.Null : Create(folder, kept.Path);
                if (await CopyHashed(from, to, long.MaxValue, ct) != (kept.Bytes, kept.Sha256)) throw new BackupRefused($"{kept.Path} in {archive} is not as it was backed up.");
                if (to is FileStream file) file.Flush(flushToDisk: true);
            }
            return manifest;
        } catch (Exception e) when (e is InvalidDataException or JsonException) {
            throw new BackupRefused($"{archive} can't be read: {e.Message}");
        }
    }

    static async Task CheckSeal(FileStream stream, string archive, CancellationToken ct) {
        if (stream.Length <= SealLength) throw new BackupRefused($"{archive} is not a backup of this service, or it was cut short.");
        var (_, hash) = await CopyHashed(stream, Stream.Null, stream.Length - SealLength, ct);
        var seal = new byte[SealLength];
        await stream.ReadExactlyAsync(seal, ct);
        if (Encoding.ASCII.GetString(seal) != hash) throw new BackupRefused($"{archive} is damaged, was cut short or is not a backup of this service: its contents do not match its checksum.");
    }

    static FileStream Create(string folder, string path) {
        var target = Path.GetFullPath(Path.Combine(folder, path));
        if (!target.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new BackupRefused($"The backup names a file outside its folder: {path}.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return new FileStream(target, Private(FileMode.CreateNew, FileAccess.Write));
    }

    /// <summary>Backups hold personal data and keys: nobody but the account that runs the program may read them.</summary>
    static FileStreamOptions Private(FileMode mode, FileAccess access) {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    static async Task<(long Bytes, string Sha256)> CopyHashed(Stream from, Stream to, long atMost, CancellationToken ct) {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long bytes = 0;
        while (bytes < atMost && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, atMost - bytes)), ct) is > 0 and var read) {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            bytes += read;
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
