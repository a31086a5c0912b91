using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Cpd.Tests.Calendars;

/// <summary>What ical.js, somebody else's parser, makes of a calendar file.</summary>
sealed record ICalFile(IReadOnlyList<string> Problems, string Method, string Version, string Prodid, string? Name, string? Refresh, string? Ttl, IReadOnlyList<string> Zones, IReadOnlyList<ICalEvent> Events);

sealed record ICalEvent(string Uid, int Sequence, string Status, string Summary, string? Description, string? Location, string? Url, ICalTime Start, ICalTime End, ICalTime Stamp, ICalTime Modified, string? Organizer, IReadOnlyList<ICalGuest> Attendees);

/// <param name="At">After the file's own rule of the zone.</param>
sealed record ICalTime(DateTimeOffset At, string? Zone, string Local);

sealed record ICalGuest(string Value, string Cn, string Partstat, string Rsvp);

static class ICal {
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Parses a file; fails the test when the parser refuses it or it breaks a rule of RFC 5545 or 5546 that a parser lets pass.</summary>
    internal static async Task<ICalFile> Read(string text) {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), "read.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8 };
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, $"ical.js refuses the file: {await errors}\n{text}");
        var file = JsonSerializer.Deserialize<ICalFile>(await output, Web)!;
        Assert.True(file.Problems.Count == 0, string.Join('\n', file.Problems) + "\n" + text);
        Assert.Equal("2.0", file.Version);
        return file;
    }

    static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
