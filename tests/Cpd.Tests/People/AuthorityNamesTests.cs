using System.Globalization;
using Cpd.People;
using Cpd.People.Settings;

namespace Cpd.Tests.People;

public sealed class AuthorityNamesTests {
    [Theory]
    [InlineData("Thurrock", "E06000034")]
    [InlineData("  THURROCK\u00A0council ", "E06000034")]
    [InlineData("e06000034", "E06000034")]
    [InlineData("883", "E06000034")]
    [InlineData("Southend on Sea", "E06000033")]
    [InlineData("Southend-on-Sea City Council", "E06000033")]
    [InlineData("Southend-on-Sea Borough Council", "E06000033")]
    [InlineData("Bournemouth, Christchurch & Poole", "E06000058")]
    [InlineData("Hammersmith&Fulham", "E09000013")]
    [InlineData("St Helens", "E08000013")]
    [InlineData("St. Helens", "E08000013")]
    [InlineData("Durham", "E06000047")]
    [InlineData("Bristol", "E06000023")]
    [InlineData("Kingston upon Hull", "E06000010")]
    [InlineData("Herefordshire", "E06000019")]
    [InlineData("E08000016", "E08000038")]
    [InlineData("373", "E08000039")]
    [InlineData("E10000023", "E06000065")]
    public void Match_KnownLabel_GivesTheAuthority(string label, string code) => Assert.Equal(code, AuthorityNames.Match(label)?.OnsCode);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Not Recorded")]
    [InlineData("Cumbria")]
    [InlineData("E10000006")]
    [InlineData("Northamptonshire")]
    [InlineData("Thurock")]
    [InlineData("North")]
    [InlineData("Council")]
    [InlineData("Newcastle-under-Lyme")]
    [InlineData("0883")]
    public void Match_AnythingElse_IsNotGuessed(string? label) => Assert.Null(AuthorityNames.Match(label));

    [Fact]
    public void Reference_Holds153DistinctAuthoritiesInForce() {
        Assert.Equal(153, Reference.Authorities.Count);
        Assert.Equal(153, Reference.Authorities.DistinctBy(authority => authority.OnsCode).Count());
        Assert.Equal(153, Reference.Authorities.DistinctBy(authority => authority.DfeNumber).Count());
        Assert.Equal(153, Reference.Authorities.DistinctBy(authority => authority.Name).Count());
        Assert.Equal(9, Reference.Authorities.Select(authority => authority.Region).Distinct().Count());
        Assert.All(Reference.Authorities, authority => {
            Assert.Matches("^E(06|08|09|10)[0-9]{6}$", authority.OnsCode);
            Assert.Matches("^[0-9]{3}$", authority.DfeNumber);
            Assert.Null(authority.To);
            Assert.Equal(authority.Name, string.Join(' ', authority.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        });
    }

    [Fact]
    public void Reference_OtherSpellings_AreOfKnownAuthoritiesAndNew() {
        var names = Reference.Authorities.SelectMany(authority => new[] { authority.Name, authority.OfficialName }).Select(AuthorityNames.Normalise).ToHashSet();
        Assert.NotEmpty(Reference.AuthorityNames);
        Assert.All(Reference.AuthorityNames, other => {
            Assert.True(names.Add(AuthorityNames.Normalise(other.Name)), $"{other.Name} is already known");
            Assert.Equal(other.OnsCode, AuthorityNames.Match(other.Name)?.OnsCode);
        });
    }

    [Fact]
    public void Reference_ReplacedCodes_EndBeforeTheirSuccessorBegins() {
        Assert.NotEmpty(Reference.AuthorityCodes);
        Assert.All(Reference.AuthorityCodes, old => {
            Assert.DoesNotContain(Reference.Authorities, authority => authority.OnsCode == old.OnsCodeOld);
            Assert.Equal(old.To.AddDays(1), AuthorityNames.Match(old.OnsCodeOld)!.From);
            Assert.True(old.From < old.To);
        });
    }

    [Fact]
    public void Reference_BankHolidays_AreWhatTheRuleGives() {
        List<DateOnly> expected = [];
        for (var year = 2024; year <= 2028; year++) {
            var easter = Easter(year);
            List<DateOnly> fixedDays = [new(year, 1, 1), new(year, 12, 25), new(year, 12, 26)];
            expected.AddRange([easter.AddDays(-2), easter.AddDays(1), Monday(year, 5, first: true), Monday(year, 5, first: false), Monday(year, 8, first: false)]);
            foreach (var day in fixedDays) {
                var taken = day;
                // A holiday at the weekend moves to the next weekday that is not one already.
                while (taken.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || expected.Contains(taken)) {
                    taken = taken.AddDays(1);
                }
                expected.Add(taken);
            }
        }
        Assert.Equal(expected.Order(), Reference.BankHolidays.Select(day => day.Date));
        Assert.All(Reference.BankHolidays, day => Assert.NotEmpty(day.Name));
        Assert.Equal("2026-12-28", Reference.BankHolidays.Single(day => day.Date.Year == 2026 && day.Name.StartsWith("Boxing", StringComparison.Ordinal))
            .Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    static DateOnly Monday(int year, int month, bool first) {
        var days = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(day => new DateOnly(year, month, day)).Where(day => day.DayOfWeek == DayOfWeek.Monday);
        return first ? days.First() : days.Last();
    }

    // Gregorian Easter by the anonymous algorithm (Meeus, Jones, Butcher).
    static DateOnly Easter(int year) {
        int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
        return new DateOnly(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    }
}
