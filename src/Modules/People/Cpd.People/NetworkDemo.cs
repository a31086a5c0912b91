using Cpd.People.Calendar;
using Cpd.People.Contracts;
using Cpd.People.Persons;
using Cpd.People.Settings;
using Cpd.Platform.Web;

namespace Cpd.People;

/// <summary>What the demonstration's forums need of People: the terms of its authorities, and 138 people of 35 authorities who meet in one network.</summary>
internal static class NetworkDemo {
    internal const int People = 138, Authorities = 35;
    static readonly string[] FirstNames = ["Ada", "Bram", "Cora", "Dylan", "Edie", "Finn", "Gita", "Hari", "Isla", "Jonah", "Kira", "Leon"];
    static readonly string[] Surnames = ["Ashcombeley", "Birchgather", "Cedarwhistle", "Dovecotting", "Eskmarrow", "Fallowquill", "Glenwick", "Heronsby", "Ironbough", "Jaycombe", "Knollfeather", "Lindenmere"];

    /// <summary>Three terms a school year, or six where the authority has its terms in halves; from the year before last to the one after this.</summary>
    internal static async Task Terms(DemoBook book, Actor officer, Guid authorityId, bool halves, CancellationToken ct) {
        var thisYear = book.Today.AddMonths(-8).Year;
        for (var year = thisYear - 2; year <= thisYear + 1; year++) {
            (string Label, DateOnly From, DateOnly To)[] terms = halves
                ? [("Autumn 1", new(year, 9, 2), new(year, 10, 23)), ("Autumn 2", new(year, 11, 2), new(year, 12, 18)), ("Spring 1", new(year + 1, 1, 5), new(year + 1, 2, 12)), ("Spring 2", new(year + 1, 2, 22), new(year + 1, 3, 26)),
                    ("Summer 1", new(year + 1, 4, 12), new(year + 1, 5, 28)), ("Summer 2", new(year + 1, 6, 7), new(year + 1, 7, 21))]
                : [("Autumn term", new(year, 9, 2), new(year, 12, 18)), ("Spring term", new(year + 1, 1, 5), new(year + 1, 3, 26)), ("Summer term", new(year + 1, 4, 12), new(year + 1, 7, 21))];
            foreach (var (label, from, to) in terms) await book.Do(officer, new AddTerm.Command(authorityId, year, label, from, to), ct);
        }
    }

    /// <summary>A nursery in each of 35 authorities, with three or four people who may join the network; whoever they are stands in the book as "network-1" and so on.</summary>
    internal static async Task Fill(DemoBook book, Actor admin, Guid first, IReadOnlyList<AuthorityCard> authorities, CancellationToken ct) {
        var day = London.Day(book.Today.AddYears(-2).UtcDateTime);
        var number = 0;
        foreach (var (authority, index) in authorities.Where(a => a.Id == first).Concat(authorities.Where(a => a.Id != first)).Take(Authorities).Select((a, i) => (a.Id, i))) {
            var setting = await book.Do(admin, new AddSetting.Command(authority, $"EY98{index:0000}", $"Network Nursery {index + 1} (demo)", ProviderTypes.All[0], 30, $"{index + 1} Network Street", "Example", "AB1 9ZZ"), ct);
            for (var i = 0; i < (People + index) / Authorities; i++) {
                var name = $"{FirstNames[number % FirstNames.Length]} {Surnames[number / FirstNames.Length % Surnames.Length]}";
                number++;
                var added = await book.Do(admin, new AddPerson.Command(name, $"network{number:000}@example.org", JobRole.Practitioner, AgeRanges.BirthToTwo, setting, day), ct);
                book.Actors[$"network-{number}"] = new Actor(added.PersonId, name, []);
            }
        }
    }
}
