namespace Cpd.Platform.Messages;

/// <summary>
/// What this process has handed over and not yet written to the database: outcomes are written a batch at a time, and a process that dies
/// in between would send the whole batch again. One file, one id after the other, written before anything else is done; the page cache keeps it when
/// the process is killed. It is locked while its process lives: whoever finds one that is not, takes over from the dead.
/// </summary>
sealed class SentJournal : IDisposable {
    const string Ending = ".sent";
    readonly Lock gate = new();
    readonly FileStream file;
    int unwritten;

    SentJournal(FileStream file) => this.file = file;

    internal static SentJournal Open(string folder, Guid claimant) {
        Directory.CreateDirectory(folder);
        return new(new FileStream(Path.Combine(folder, claimant.ToString("N") + Ending), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
    }

    /// <summary>This message has been taken.</summary>
    internal void Note(Guid id) {
        lock (gate) {
            unwritten++;
            file.Write(id.ToByteArray(bigEndian: true));
        }
    }

    /// <summary>So many of those noted are in the database; once all are, the journal is empty again.</summary>
    internal void Written(int count) {
        lock (gate) {
            unwritten -= count;
            if (unwritten == 0) file.SetLength(0);
        }
    }

    /// <summary>What processes that are dead have left in this folder. Dispose what is given: it is locked meanwhile.</summary>
    internal static IEnumerable<Legacy> Left(string folder) {
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.GetFiles(folder, "*" + Ending)) {
            if (!Guid.TryParse(Path.GetFileNameWithoutExtension(path), out var claimant)) continue;
            FileStream left;
            try {
                left = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            } catch (IOException) {
                // It lives, or another host has found it first.
                continue;
            }
            yield return new(claimant, left);
        }
    }

    public void Dispose() {
        lock (gate) {
            // Whatever is not in the database stays for the next process to find.
            if (unwritten == 0) File.Delete(file.Name);
            file.Dispose();
        }
    }

    internal sealed class Legacy(Guid claimant, FileStream file) : IDisposable {
        internal Guid Claimant => claimant;

        internal IReadOnlyList<Guid> Sent() {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            // The last may be cut short.
            return [.. bytes.Chunk(16).Where(b => b.Length == 16).Select(b => new Guid(b, bigEndian: true))];
        }

        internal void Forget() => File.Delete(file.Name);

        public void Dispose() => file.Dispose();
    }
}
