using Cpd.People.Contracts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Web;

namespace Cpd.Placements;

/// <summary>A programme of this academic year for each authority of the demonstration, with two of the hosts there are.</summary>
internal static class PlacementsDemo {
    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        var today = London.Day(book.Today.UtcDateTime);
        var year = today.Month >= 9 ? today.Year : today.Year - 1;
        string[] towns = ["thurrock", "blackpool", "bradford"];
        for (var i = 0; i < towns.Length; i++) {
            if (!book.Actors.TryGetValue(towns[i] + "-officer", out var officer)) continue;
            var hosts = await book.Ask(officer, new ListOrganisations(OrganisationKind.PlacementHost), ct);
            if (hosts.Count == 0) return;
            var programme = await book.Do(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, "Early years work placements",
                "College students spend their placement hours with a local host, in a baby room, a family hub or a library.", year, 315), ct);
            await book.Do(officer, new AddHost.Command(programme, hosts[i % hosts.Count].Id, "Baby room", 2), ct);
            await book.Do(officer, new AddHost.Command(programme, hosts[(i + 1) % hosts.Count].Id, "Stay and play sessions", 4), ct);
        }
    }
}
