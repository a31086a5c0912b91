using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Cpd.People.Access;

/// <summary>
/// How passwords are kept, and which are taken. Length is what counts: 10 to 200 characters, none of the well-known ones, no rules
/// about kinds of character (NIST SP 800-63B, OWASP ASVS 5.0 6.2).
/// </summary>
internal sealed class Passwords {
    internal const int Shortest = 10;
    internal const int Longest = 200;
    internal const string Hint = "Use 10 characters or more. Three random words are easy to remember and hard to guess.";

    static readonly Lazy<HashSet<string>> Common = new(LoadCommon);
    readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    readonly string nobodys;

    public Passwords() => nobodys = Hash("a password that nobody has");

    internal string Hash(string password) => hasher.HashPassword(this, password.Normalize(NormalizationForm.FormKC));

    /// <summary>Takes as long for nobody (a null hash) as for somebody.</summary>
    internal bool Verify(string? hash, string password) =>
        hasher.VerifyHashedPassword(this, hash ?? nobodys, password.Normalize(NormalizationForm.FormKC)) != PasswordVerificationResult.Failed && hash is not null;

    /// <summary>Why a password is not taken, as a sentence for the person who chose it; null when it is.</summary>
    internal static string? Problem(string? password) =>
        string.IsNullOrEmpty(password) ? "Enter a password"
        : password.Length < Shortest ? $"Password must be {Shortest} characters or more"
        : password.Length > Longest ? $"Password must be {Longest} characters or fewer"
        : IsCommon(password) ? "Choose a password that is harder to guess: this one is too common"
        : null;

    // What people put around a common word (a year, an exclamation mark) and what they write for its letters are tried first by whoever guesses.
    static bool IsCommon(string password) {
        var letters = new StringBuilder();
        foreach (var c in NameKey.Of(password)) if (char.IsLetterOrDigit(c)) letters.Append(c);
        var whole = letters.ToString();
        var bare = whole.Trim('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return whole.Length == 0 || bare.Length < 3 && IsSequence(whole) || IsSequence(bare) || Forms(whole).Concat(Forms(bare)).Any(IsMadeOfCommon);
    }

    static IEnumerable<string> Forms(string text) =>
        [text, text.Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('7', 't')];

    /// <summary>One common word, or the same one again and again.</summary>
    static bool IsMadeOfCommon(string text) {
        for (var times = 1; times <= 4 && text.Length > 0; times++) {
            if (text.Length % times != 0) continue;
            var part = text[..(text.Length / times)];
            if (Common.Value.Contains(part) && string.Concat(Enumerable.Repeat(part, times)) == text) return true;
        }
        return false;
    }

    /// <summary>Up to three different characters, or a run along the alphabet, the digits or the keyboard, in either direction.</summary>
    static bool IsSequence(string text) {
        if (text.Length == 0) return false;
        if (text.Distinct().Count() <= 3) return true;
        const string runs = "abcdefghijklmnopqrstuvwxyz 01234567890123456789 qwertyuiopasdfghjklzxcvbnm 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik";
        return runs.Contains(text, StringComparison.Ordinal) || runs.Contains(new string([.. text.Reverse()]), StringComparison.Ordinal);
    }

    static HashSet<string> LoadCommon() {
        using var reader = new StreamReader(typeof(Passwords).Assembly.GetManifestResourceStream("Reference/common-passwords.txt")!);
        var words = reader.ReadToEnd().Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').ToHashSet(StringComparer.Ordinal);
        foreach (var authority in Reference.Authorities) {
            foreach (var name in (string[])[authority.Name, authority.OfficialName]) words.Add(new string([.. NameKey.Of(name).Where(char.IsLetterOrDigit)]));
        }
        return words;
    }
}
