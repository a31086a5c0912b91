using Cpd.Accreditation.Ledger;
using Cpd.Forums.Contracts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;

namespace Cpd.Tests.Accreditation;

/// <summary>Forum attendance in the ledger: one entry for a participant, all of it participatory, whatever arrives how often and in which order.</summary>
public sealed class WhenForumAttendanceConfirmedTests(CpdApp app) : IClassFixture<CpdApp> {
    async Task<(Cpd.Platform.Web.Actor Who, ForumAttendanceConfirmed Event)> Attended() {
        var authority = await app.Given.Authority();
        var who = await app.Given.Practitioner(await app.Given.Setting(authority));
        return (who, new(Ids.New(app.Clock), 1, who.PersonId, null, Ids.New(app.Clock), Ids.New(app.Clock), authority, "Birth to three forum", false, AgeRanges.BirthToTwo, app.Now.AddDays(-7), app.Now.AddDays(-7).AddMinutes(90), 90, app.Now));
    }

    Task<ListMyCpd.View> Record(Cpd.Platform.Web.Actor who) => app.Ask(who, new ListMyCpd.Query(null, null, AgeRanges.None, new Paging(1)));

    [Fact]
    public async Task Event_DeliveredTwice_HasOneEffect() {
        var (who, attended) = await Attended();
        await app.Tell(attended);
        await app.TellAgain();
        await app.Tell(attended, attended);
        var entry = Assert.Single((await Record(who)).Found.Items);
        Assert.Equal(("Birth to three forum", "Thurrock", new DateOnly(2026, 9, 28), 90, 90), (entry.Title, entry.Source, entry.HappenedOn, entry.Minutes, entry.ParticipatoryMinutes));
        Assert.Null(entry.CertificateNumber);
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @ParticipantId", new { attended.ParticipantId }));
        Assert.Equal(0, await app.Count("accreditation_Certificate", "CauseId = @ParticipantId", new { attended.ParticipantId }));
    }

    [Fact]
    public async Task Event_Corrections_OnlyTheHighestCounts() {
        var (who, attended) = await Attended();
        await app.Tell(attended with { Revision = 3, Minutes = 60 });
        await app.Tell(attended, attended with { Revision = 2, Minutes = 0 });
        Assert.Equal(60, Assert.Single((await Record(who)).Found.Items).ParticipatoryMinutes);
        await app.Tell(attended with { Revision = 4, Minutes = 0 });
        Assert.Empty((await Record(who)).Found.Items);
        await app.Tell(attended with { Revision = 5, Minutes = 45, IsOnline = true });
        Assert.Equal(45, Assert.Single((await Record(who)).Found.Items).Minutes);
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @ParticipantId AND Mode = 'LiveOnline'", new { attended.ParticipantId }));
    }
}
