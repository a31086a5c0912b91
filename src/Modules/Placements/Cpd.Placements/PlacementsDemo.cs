using Cpd.People.Contracts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Web;

namespace Cpd.Placements;

/// <summary>A programme of this academic year for each authority of the demonstration, with two projects of its own host; an authority without one asks another's.</summary>
internal static class PlacementsDemo {
    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        var today = London.Day(book.Today.UtcDateTime);
        var year = today.Month >= 9 ? today.Year : today.Year - 1;
        foreach (var town in (string[])["thurrock", "blackpool", "bradford"]) {
            if (!book.Actors.TryGetValue(town + "-officer", out var officer)) continue;
            var hosts = await book.Ask(officer, new ListOrganisations(OrganisationKind.PlacementHost), ct);
            if (hosts.Count == 0) return;
            var host = book.Actors.TryGetValue(town + "-host", out var contact) ? contact.Grants[0].OrganisationId : hosts[0].Id;
            var programme = await book.Do(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, "Early years work placements",
                "College students spend their placement hours with a local host: in a baby room, at stay and play sessions, with health visitors.", year, 315), ct);
            await book.Do(officer, new AddHost.Command(programme, host, "Baby room", 2), ct);
            await book.Do(officer, new AddHost.Command(programme, host, "Stay and play sessions", 4), ct);
        }
    }
}
