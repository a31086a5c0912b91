using Cpd.People.Contracts;
using Cpd.People.Persons;
using Cpd.Platform.Web;

namespace Cpd.People;

/// <summary>The 35 parent champions of Southend, from among whom its boards and groups are chaired; they stand in the book as "champion-1" and so on.</summary>
internal static class SouthendDemo {
    internal const int Champions = 35;
    static readonly string[] FirstNames = ["Aoife", "Blessing", "Carys", "Dina", "Esme", "Femi", "Gwen"];
    static readonly string[] Surnames = ["Estuaryfield", "Pierhaven", "Shoeburn", "Cockleby", "Chalkwelling"];

    internal static async Task Fill(DemoBook book, Actor admin, Guid authorityId, CancellationToken ct) {
        for (var i = 1; i <= Champions; i++) {
            var name = $"{FirstNames[(i - 1) % FirstNames.Length]} {Surnames[(i - 1) / FirstNames.Length]}";
            var added = await book.Do(admin, new AddPerson.Command(name, $"champion{i:00}@example.org", null, AgeRanges.None, null, null, AuthorityId: authorityId), ct);
            book.Actors[$"champion-{i}"] = new Actor(added.PersonId, name, []);
        }
    }
}
