using Cpd.Forums.Meetings;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Forums;

/// <summary>Two forums for each authority of the demonstration, meeting once a term.</summary>
internal static class ForumsDemo {
    static readonly (string Name, string Summary, AgeRanges Ages, string Topics)[] Forums = [
        ("Birth to three forum", "Baby-room and toddler-room practitioners share what works and hear what is new.", AgeRanges.BirthToTwo | AgeRanges.TwoToThree, "Speech and language; Babbling Babies"),
        ("Leaders and managers forum", "Leaders of settings meet the early years team: changes to the framework, funding and training.", AgeRanges.None, "Inspection; funding; training in the coming term"),
    ];

    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        foreach (var town in (string[])["thurrock", "blackpool", "bradford"]) {
            if (!book.Actors.TryGetValue(town + "-officer", out var officer)) continue;
            foreach (var (name, summary, ages, topics) in Forums) {
                var series = await book.Do(officer, new AddSeries.Command(officer.Grants[0].OrganisationId, name, summary, ages), ct);
                foreach (var days in (int[])[-200, -70, 45, 140]) {
                    var day = London.Day(book.Today.UtcDateTime.AddDays(days));
                    await book.Do(officer, new AddMeeting.Command(series, day, new TimeOnly(16, 0), new TimeOnly(17, 30), "Civic Centre (demo)", topics), ct);
                }
            }
        }
    }
}
