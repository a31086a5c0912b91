using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;

namespace Cpd.Tests.Forums;

/// <summary>The named cases as the demonstration shows them, with their figures.</summary>
public sealed class MeetingsDemoTests(DemoApp app) : IClassFixture<DemoApp> {
    Task<Guid> Meeting(string forum, string authority, string which) => app.Database(db => db.One<Guid>(
        "SELECT m.Id FROM forums_Meeting m JOIN forums_Series s ON s.Id = m.SeriesId JOIN people_Authority a ON a.Id = s.AuthorityId WHERE s.Name = @forum AND a.Name = @authority AND " + which + " ORDER BY m.StartsAt", new { forum, authority }, default));

    [Fact]
    public async Task Southend_BoardOfThirtyFiveChampions_HadItsQuorumOfParents() {
        var meeting = await Meeting("YourFamily board", "Southend-on-Sea", "m.RegisterClosedAt IS NOT NULL");
        var page = await (await app.SignIn("SystemAdministrator")).Get(ForumsLinks.Register(meeting));
        Assert.Equal(35, page.Document.QuerySelectorAll("#door-taps li").Length);
        var quorum = page.Document.QuerySelector("section[aria-labelledby=quorum]")!.TextContent;
        Assert.Contains("People in all: 6 of at least 5", quorum, StringComparison.Ordinal);
        Assert.Contains("Parents: 6 of at least 3", quorum, StringComparison.Ordinal);
        Assert.DoesNotContain("Not met", quorum, StringComparison.Ordinal);
        Assert.Contains(", Parent, who counts", quorum, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_PollsOfNineteenAmong138_AreKept() {
        var meeting = await Meeting("Baby network", "Thurrock", "EXISTS (SELECT 1 FROM forums_Poll p WHERE p.MeetingId = m.Id)");
        var polls = (await app.Key("AuthorityOfficer").GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{meeting}/polls")).GetProperty("polls").EnumerateArray().ToList();
        Assert.Equal([19, 19], polls.Select(p => p.GetProperty("votes").GetInt32()));
        Assert.Equal([11, 5, 3], polls.Single(p => p.GetProperty("choices").GetArrayLength() == 3).GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("votes").GetInt32()));
        Assert.Equal(138, await app.Count("forums_Member f JOIN forums_Meeting m ON m.SeriesId = f.SeriesId", "m.Id = @meeting AND f.Until IS NULL", new { meeting }));
    }

    [Fact]
    public async Task Thurrock_BirthToThree_HasItsAgendaAndItsHoursAreParticipatory() {
        var held = await app.Count("forums_Meeting m JOIN forums_Series s ON s.Id = m.SeriesId JOIN people_Authority a ON a.Id = s.AuthorityId", "s.Name = 'Birth to three forum' AND a.Name = 'Thurrock' AND m.RegisterClosedAt IS NOT NULL");
        Assert.InRange(held, 3, 6);
        var meeting = await Meeting("Birth to three forum", "Thurrock", "m.RegisterClosedAt IS NOT NULL");
        var agenda = await (await app.SignIn("AuthorityOfficer")).Get(ForumsLinks.KeepAgenda(meeting));
        Assert.Equal(["Speech and language", "Babbling Babies"], agenda.Document.QuerySelectorAll("main ol h2").Select(h => h.TextContent));
        await app.DrainOutbox();
        var practitioner = app.Account("Practitioner").GetProperty("personId").GetGuid();
        // An hour of each meeting, for they leave before its end.
        Assert.Equal((held, held * 60), await app.Database(async db => (await db.One<int>("SELECT COUNT(*) FROM accreditation_Entry WHERE PersonId = @practitioner AND Title = 'Birth to three forum' AND WithdrawnAt IS NULL", new { practitioner }, default),
            await db.One<int>("SELECT SUM(ParticipatoryMinutes) FROM accreditation_Entry WHERE PersonId = @practitioner AND Title = 'Birth to three forum' AND WithdrawnAt IS NULL", new { practitioner }, default))));
    }
}
