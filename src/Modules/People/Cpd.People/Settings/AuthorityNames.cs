using System.Text;

namespace Cpd.People.Settings;

/// <summary>Finds the authority that a label means: its name, official name, ONS code, DfE number or a known other spelling. Never guesses.</summary>
internal static class AuthorityNames {
    static readonly Dictionary<string, ReferenceAuthority> Known = Build();

    /// <summary>Null for a label that is not known (a spelling, an abolished county, "Not Recorded"): a person must decide.</summary>
    internal static ReferenceAuthority? Match(string? label) =>
        label is null ? null : Known.GetValueOrDefault(Normalise(label));

    /// <summary>Lower case, "&amp;" as "and", apostrophes dropped, other punctuation and every run of space as one space.</summary>
    internal static string Normalise(string label) {
        var key = new StringBuilder(label.Length);
        var gap = false;
        void Add(char c) {
            if (gap && key.Length > 0) {
                key.Append(' ');
            }
            gap = false;
            key.Append(c);
        }
        foreach (var c in label) {
            if (char.IsLetterOrDigit(c)) {
                Add(char.ToLowerInvariant(c));
            } else if (c == '&') {
                gap = true;
                Add('a');
                key.Append("nd");
                gap = true;
            } else if (c is not ('\'' or '’')) {
                gap = true;
            }
        }
        return key.ToString();
    }

    static Dictionary<string, ReferenceAuthority> Build() {
        var known = new Dictionary<string, ReferenceAuthority>(StringComparer.Ordinal);
        void Add(string label, ReferenceAuthority authority) {
            var key = Normalise(label);
            if (!known.TryAdd(key, authority) && known[key] != authority) {
                throw new InvalidOperationException($"'{label}' is given for both {known[key].Name} and {authority.Name}");
            }
        }
        foreach (var authority in Reference.Authorities) {
            Add(authority.Name, authority);
            Add(authority.OfficialName, authority);
            Add(authority.OnsCode, authority);
            Add(authority.DfeNumber, authority);
        }
        var byCode = Reference.Authorities.ToDictionary(authority => authority.OnsCode);
        foreach (var (name, code) in Reference.AuthorityNames) {
            Add(name, byCode[code]);
        }
        foreach (var old in Reference.AuthorityCodes) {
            Add(old.OnsCodeOld, byCode[old.OnsCodeNow]);
        }
        return known;
    }
}
