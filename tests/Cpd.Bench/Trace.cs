using System.Globalization;
using System.Text.RegularExpressions;

namespace Cpd.Bench;

/// <summary>
/// Reads what strace wrote of a host and finds the bookings that were answered before they were on disk. A booking is known by its
/// reference, which stands in the pages of the log and in the answer. It is on disk when a sync of the log that began after the
/// commit frame of its transaction was written has ended; several bookings may share one sync. Only then may its answer begin.
/// </summary>
static partial class Trace {
    public static readonly IReadOnlyList<string> Command = ["strace", "-f", "-y", "-q", "-s", "65536", "--seccomp-bpf", "-e", "signal=none",
        "-e", "trace=pwrite64,pwritev,write,writev,fsync,fdatasync,sendto,sendmsg,sendmmsg"];

    /// <param name="Answered">References that went out in an answer.</param>
    /// <param name="TooSoon">Those of them that were not on disk by then.</param>
    /// <param name="Syncs">Syncs of the log.</param>
    public sealed record Findings(int Answered, int TooSoon, int Syncs);

    public static Findings Read(string file, HashSet<string> references) {
        var known = references.GetAlternateLookup<ReadOnlySpan<char>>();
        var written = new HashSet<string>();    // in frames of a transaction that is not committed yet
        var committed = new HashSet<string>();  // its commit frame is in the log
        var synced = new HashSet<string>();
        var (answered, tooSoon) = (new HashSet<string>(), new HashSet<string>());
        var syncs = 0;
        var commits = false;
        var pending = new Dictionary<string, Call>();

        foreach (var line in File.ReadLines(file)) {
            var match = Entered().Match(line);
            if (match.Success) {
                var call = new Call(match.Groups["call"].Value, match.Groups["path"].Value, line);
                call.Begin = call switch {
                    { IsSync: true } => [.. committed],
                    { IsLog: true } => References(line, known),
                    _ => [],
                };
                if (call.IsLog && !call.IsSync) {
                    // A frame is a header of 24 bytes and a page; bytes 4 to 7 of the header are not zero in the last frame of a transaction.
                    if (Header(line) is { } header) commits = (header[4] | header[5] | header[6] | header[7]) != 0;
                    else written.UnionWith(call.Begin);
                } else if (call.IsSend) {
                    foreach (var reference in References(line, known))
                        if (answered.Add(reference) && !synced.Contains(reference)) tooSoon.Add(reference);
                }
                if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal)) pending[match.Groups["pid"].Value] = call;
                else Left(call, line);
            } else if (Resumed().Match(line) is { Success: true } resumed && pending.Remove(resumed.Groups["pid"].Value, out var call)) {
                Left(call, line);
            }
        }
        return new(answered.Count, tooSoon.Count, syncs);

        void Left(Call call, string line) {
            if (!call.IsLog || !Succeeded().IsMatch(line)) return;
            if (call.IsSync) {
                syncs++;
                synced.UnionWith(call.Begin);
            } else if (commits && Header(call.Line) is null) {
                committed.UnionWith(written);
                written.Clear();
                commits = false;
            }
        }
    }

    static List<string> References(string line, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known) {
        var found = new List<string>();
        foreach (var match in Reference().EnumerateMatches(line))
            if (known.TryGetValue(line.AsSpan(match.Index, match.Length), out var reference)) found.Add(reference);
        return found;
    }

    /// <summary>The 24 bytes of a frame's header; null when something else was written.</summary>
    static byte[]? Header(string line) {
        if (!FrameHeader().IsMatch(line)) return null;
        var (bytes, at) = (new List<byte>(24), line.IndexOf('"', StringComparison.Ordinal) + 1);
        while (line[at] != '"') {
            if (line[at] != '\\') {
                bytes.Add((byte)line[at++]);
            } else if (line[++at] is >= '0' and <= '7') {
                var value = 0;
                for (var digits = 0; digits < 3 && line[at] is >= '0' and <= '7'; digits++) value = value * 8 + (line[at++] - '0');
                bytes.Add((byte)value);
            } else {
                bytes.Add((byte)(line[at++] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'v' => '\v', 'f' => '\f', var c => c }));
            }
        }
        return bytes.Count == 24 ? [.. bytes] : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"A frame's header has {bytes.Count} bytes: {line}"));
    }

    [GeneratedRegex(@"^(?<pid>\d+)\s+(?<call>\w+)\(\d+<(?<path>[^>]*)>")]
    private static partial Regex Entered();
    [GeneratedRegex(@"^(?<pid>\d+)\s+<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();
    [GeneratedRegex(@"\)\s+= \d+$")]
    private static partial Regex Succeeded();
    [GeneratedRegex(@", 24, \d+(\)| <unfinished)")]
    private static partial Regex FrameHeader();
    // Four and four of the alphabet that references are made of.
    [GeneratedRegex("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")]
    private static partial Regex Reference();

    sealed record Call(string Name, string Path, string Line) {
        public bool IsLog => Path.EndsWith("-wal", StringComparison.Ordinal);
        public bool IsSync => IsLog && (Name is "fsync" or "fdatasync");
        public bool IsSend => Path.StartsWith("socket:", StringComparison.Ordinal) || Path.StartsWith("TCP", StringComparison.Ordinal);
        /// <summary>What it is about, as things stood when it began.</summary>
        public IReadOnlyList<string> Begin { get; set; } = [];
    }
}
