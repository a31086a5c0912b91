using System.Globalization;
using Cpd.Platform.Web;

namespace Cpd.People;

internal enum AuthorityKind { County, Unitary, Metropolitan, LondonBorough, CityCorporation }

/// <summary>An English authority with children's services.</summary>
/// <param name="OnsCode">The nine-character ONS code in force; the key.</param>
/// <param name="DfeNumber">Three digits; it outlives a change of the ONS code.</param>
/// <param name="From">When the ONS code came into force, not when the council was founded.</param>
/// <param name="To">The last day of the code; null = in force.</param>
internal sealed record ReferenceAuthority(
    string OnsCode, string DfeNumber, string Name, string OfficialName, AuthorityKind Kind, string Region, DateOnly From, DateOnly? To);

/// <summary>An ONS code that is no longer used, all of whose area passed to the authority of the code used now.</summary>
internal sealed record ReplacedCode(string OnsCodeOld, string OnsCodeNow, DateOnly From, DateOnly To);

internal sealed record BankHoliday(DateOnly Date, string Name);

/// <summary>Public facts shipped with the product. What an authority may change is copied from here into its own data.</summary>
internal static class Reference {
    static readonly Lazy<IReadOnlyList<ReferenceAuthority>> LazyAuthorities = new(() => Load("authorities", row => new ReferenceAuthority(
        row[0], row[1], row[2], row[3], Enum.Parse<AuthorityKind>(row[4]), row[5], Date(row[6]), row[7].Length == 0 ? null : Date(row[7]))));
    static readonly Lazy<IReadOnlyList<(string Name, string OnsCode)>> LazyNames = new(() => Load("authority-names", row => (row[0], row[1])));
    static readonly Lazy<IReadOnlyList<ReplacedCode>> LazyCodes = new(() => Load("authority-codes", row =>
        new ReplacedCode(row[0], row[1], Date(row[2]), Date(row[3]))));
    static readonly Lazy<IReadOnlyList<BankHoliday>> LazyHolidays = new(() => Load("bank-holidays", row => new BankHoliday(Date(row[0]), row[1])));

    /// <summary>The 153, by ONS code.</summary>
    internal static IReadOnlyList<ReferenceAuthority> Authorities => LazyAuthorities.Value;

    /// <summary>Other names in use for an authority, beside its name and official name.</summary>
    internal static IReadOnlyList<(string Name, string OnsCode)> AuthorityNames => LazyNames.Value;

    /// <summary>Codes replaced since 2009. An area that was split (Cumbria, Northamptonshire, the county of Dorset) has no single successor and is not here.</summary>
    internal static IReadOnlyList<ReplacedCode> AuthorityCodes => LazyCodes.Value;

    /// <summary>England and Wales, by date.</summary>
    internal static IReadOnlyList<BankHoliday> BankHolidays => LazyHolidays.Value;

    static List<T> Load<T>(string file, Func<IReadOnlyList<string>, T> make) {
        using var stream = typeof(Reference).Assembly.GetManifestResourceStream($"Reference/{file}.csv")!;
        using var reader = new StreamReader(stream);
        return [.. new CsvReader(reader).Read().Skip(1).Select(row => make(row.Cells))];
    }

    static DateOnly Date(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
