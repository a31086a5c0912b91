using Cpd.Platform.Messaging;

namespace Cpd.People.SettingImports;

/// <summary>Uploading → Waiting (to be checked) → Checked → Committed or Discarded; Failed when the file could not be read to its end.</summary>
internal enum ImportState { Uploading, Waiting, Checked, Committed, Discarded, Failed }

/// <summary>What is to become of a row of the file. Elsewhere: of an authority that is not the importer's. Unknown: its authority's name means nothing to us.</summary>
internal enum Verdict { Staged, New, Changed, Unchanged, Closed, Refused, Elsewhere, Unknown }

/// <summary>A setting, as a row of the file would have it or as it is known.</summary>
internal sealed record SettingFacts {
    public string? Name { get; init; }
    public string? ProviderType { get; init; }
    public string? Subtype { get; init; }
    public string? Status { get; init; }
    public int? Places { get; init; }
    public string? Address { get; init; }
    public string? Town { get; init; }
    public string? Postcode { get; init; }
    public DateOnly? RegisteredOn { get; init; }
    public Guid? AuthorityId { get; init; }
    public DateOnly? ClosedOn { get; init; }
}

/// <summary>The rules by which a row of the file meets what is known.</summary>
internal static class SettingImport {
    internal const string Attribution = "Contains public sector information licensed under the Open Government Licence v3.0.";

    static readonly HashSet<string> Closing = new(["Closed", "Resigned", "Cancelled", "Removed", "Inactive", "Lapsed", "Left", "Deregistered"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What the setting becomes, what that is to be called, and which of its facts change. What the file leaves blank stays as it is known:
    /// many lists have fewer columns, and a blank must not wipe anything out.
    /// </summary>
    /// <param name="asAt">The day on which the file was true.</param>
    internal static (Verdict Verdict, SettingFacts Becomes, IReadOnlyList<string> Changes) Judge(SettingFacts row, SettingFacts? known, DateOnly asAt) {
        var status = row.Status is { } written ? char.ToUpperInvariant(written[0]) + written[1..].ToLowerInvariant()
            : known is { ClosedOn: null } ? known.Status! : "Active";
        var becomes = new SettingFacts {
            Name = row.Name, ProviderType = row.ProviderType, AuthorityId = row.AuthorityId, Status = status,
            Subtype = row.Subtype ?? known?.Subtype ?? "", Places = row.Places ?? known?.Places, Address = row.Address ?? known?.Address ?? "",
            Town = row.Town ?? known?.Town ?? "", Postcode = row.Postcode ?? known?.Postcode ?? "", RegisteredOn = row.RegisteredOn ?? known?.RegisteredOn,
            ClosedOn = Closing.Contains(status) ? known?.ClosedOn ?? asAt : null,
        };
        if (known is null) return (Verdict.New, becomes, []);
        List<string> changes = [];
        void Compare(string words, object? now, object? then) { if (!Equals(now, then)) changes.Add(words); }
        Compare("name", becomes.Name, known.Name);
        Compare("local authority", becomes.AuthorityId, known.AuthorityId);
        Compare("type", becomes.ProviderType, known.ProviderType);
        Compare("subtype", becomes.Subtype, known.Subtype);
        Compare("status", becomes.Status, known.Status);
        Compare("places", becomes.Places, known.Places);
        Compare("address", becomes.Address, known.Address);
        Compare("town", becomes.Town, known.Town);
        Compare("postcode", becomes.Postcode, known.Postcode);
        Compare("registration date", becomes.RegisteredOn, known.RegisteredOn);
        var verdict = becomes.ClosedOn is not null && known.ClosedOn is null ? Verdict.Closed : changes.Count > 0 ? Verdict.Changed : Verdict.Unchanged;
        return (verdict, becomes, changes);
    }
}

/// <summary>Wakes the checker when a file has been uploaded.</summary>
internal sealed class ImportSignal : Signal;
