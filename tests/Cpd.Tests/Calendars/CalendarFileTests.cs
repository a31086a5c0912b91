using System.Text;
using Cpd.Platform.Calendars;

namespace Cpd.Tests.Calendars;

public sealed class CalendarFileTests {
    static readonly DateTime Now = Utc("2026-03-01T09:00:00Z");
    static readonly CalendarParty Organiser = new("CPD for early years", "training@example.gov.uk"), Guest = new("Zoë \"Z\" O’Brien; Ltd, a:b", "zoe@example.org");

    static DateTime Utc(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);

    static CalendarEntry Entry(string start = "2026-06-04T09:00:00Z", string end = "2026-06-04T11:30:00Z", string summary = "Babbling Babies", bool cancelled = false) =>
        new("0198-1@cpd", Utc(start), Utc(end), summary, "Reference: 7K3M-9QXT\nhttps://cpd.example/bookings/1", "Civic Hall, New Road", "https://cpd.example/bookings/1?a=b,c;d", 3, Utc("2026-02-27T10:11:12Z"), cancelled);

    [Theory]
    [InlineData("2026-01-15T10:00:00Z", "2026-01-15T12:30:00Z", "2026-01-15T10:00:00")] // GMT
    [InlineData("2026-06-04T09:00:00Z", "2026-06-04T11:30:00Z", "2026-06-04T10:00:00")] // BST
    [InlineData("2026-03-29T00:30:00Z", "2026-03-29T02:00:00Z", "2026-03-29T00:30:00")] // over the hour that is skipped
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29T09:00:00Z", "2026-03-28T23:00:00")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z", "2026-03-29T02:00:00")] // the first moment of BST
    [InlineData("2026-10-24T22:30:00Z", "2026-10-25T03:00:00Z", "2026-10-24T23:30:00")] // over the hour that comes twice
    [InlineData("2026-10-25T00:30:00Z", "2026-10-25T04:00:00Z", "2026-10-25T00:30:00Z")] // in it, the first time and the second: only UTC is certain
    [InlineData("2026-10-25T01:30:00Z", "2026-10-25T04:00:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("2026-10-24T23:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T00:30:00")]
    [InlineData("2026-10-25T02:00:00Z", "2026-10-25T04:00:00Z", "2026-10-25T02:00:00")]
    [InlineData("2000-02-29T10:00:00Z", "2000-02-29T11:00:00Z", "2000-02-29T10:00:00")]
    [InlineData("2099-07-01T08:00:00Z", "2099-07-01T09:00:00Z", "2099-07-01T09:00:00")]
    public async Task Publish_AnyTimeOfTheYear_IsReadAsTheSameMoment(string start, string end, string local) {
        var file = await ICal.Read(CalendarFile.Publish([Entry(start, end)], Now));
        var only = Assert.Single(file.Events);
        Assert.Equal(Utc(start), only.Start.At.UtcDateTime);
        Assert.Equal(Utc(end), only.End.At.UtcDateTime);
        Assert.Equal(local, only.Start.Local);
        Assert.Equal(local.EndsWith('Z') ? null : "Europe/London", only.Start.Zone);
        Assert.Equal(["Europe/London"], file.Zones);
    }

    [Fact]
    public async Task Publish_SeveralDates_HoldsEachWithWhatAFileNeedsAndInvitesNobody() {
        var file = await ICal.Read(CalendarFile.Publish([Entry(), Entry(cancelled: true) with { Uid = "0198-2@cpd" }], Now));
        Assert.Equal("PUBLISH", file.Method);
        Assert.Equal(["0198-1@cpd", "0198-2@cpd"], file.Events.Select(e => e.Uid));
        Assert.Equal(["CONFIRMED", "CANCELLED"], file.Events.Select(e => e.Status));
        var first = file.Events[0];
        Assert.Equal((3, Now, Utc("2026-02-27T10:11:12Z")), (first.Sequence, first.Stamp.At.UtcDateTime, first.Modified.At.UtcDateTime));
        Assert.Equal("Reference: 7K3M-9QXT\nhttps://cpd.example/bookings/1", first.Description);
        Assert.Equal(("Civic Hall, New Road", "https://cpd.example/bookings/1?a=b,c;d"), (first.Location, first.Url));
        Assert.Null(first.Organizer);
    }

    [Theory]
    [InlineData("Zoë’s course, part; one\\two ☂ ", 10)]
    [InlineData("👩🏽‍🏫", 30)]
    [InlineData("é", 200)]
    [InlineData("a", 300)]
    [InlineData("名", 99)]
    [InlineData("\\n;,", 60)]
    public async Task Publish_LongAndAwkwardText_ComesBackAsItWas(string piece, int times) {
        // Begun at every place of a line, so that each character comes to stand at the fold once.
        foreach (var shift in (int[])[0, 1, 2, 3]) {
            var summary = new string('x', shift) + string.Concat(Enumerable.Repeat(piece, times)) + "\r\nBEGIN:VEVENT";
            var file = await ICal.Read(CalendarFile.Publish([Entry(summary: summary)], Now));
            Assert.Equal(summary.ReplaceLineEndings("\n"), Assert.Single(file.Events).Summary);
        }
    }

    [Fact]
    public async Task Publish_ControlCharactersAndLoneLineEnds_AreLeftOutOrEscaped() {
        var file = await ICal.Read(CalendarFile.Publish([Entry(summary: "a\0b\u001bc\td\re\nf\u0085g")], Now));
        Assert.Equal("abc\td\ne\nf\ng", Assert.Single(file.Events).Summary);
    }

    [Theory]
    [InlineData(false, "REQUEST", "CONFIRMED")]
    [InlineData(true, "CANCEL", "CANCELLED")]
    public async Task Invite_StandsOrEnds_AsksOnePersonOnly(bool cancelled, string method, string status) {
        var part = CalendarFile.Invite(Entry(cancelled: cancelled), Organiser, Guest);
        Assert.Equal(method, part.Method);
        var file = await ICal.Read(part.Text);
        var only = Assert.Single(file.Events);
        Assert.Equal((method, status, "mailto:training@example.gov.uk"), (file.Method, only.Status, only.Organizer));
        Assert.Equal(new ICalGuest("mailto:zoe@example.org", "Zoë 'Z' O’Brien; Ltd, a:b", "ACCEPTED", "FALSE"), Assert.Single(only.Attendees));
    }

    [Fact]
    public async Task Feed_NothingInIt_IsStillACalendar() {
        var text = CalendarFile.Feed("CPD, early; years", []);
        var file = await ICal.Read(text);
        // ical.js leaves a text of a name it does not know as it stands.
        Assert.Equal((@"CPD\, early\; years", "PT1H", "PT1H"), (file.Name, file.Refresh, file.Ttl));
        Assert.Empty(file.Events);
    }

    [Fact]
    public async Task Feed_SameEntries_AreTheSameTextAndStampedWithTheirChange() {
        var text = CalendarFile.Feed("CPD", [Entry()]);
        Assert.Equal(text, CalendarFile.Feed("CPD", [Entry()]));
        var only = Assert.Single((await ICal.Read(text)).Events);
        Assert.Equal(only.Modified, only.Stamp);
    }

    [Fact]
    public async Task Read_FileThatBreaksARule_IsRefused() {
        var good = CalendarFile.Publish([Entry()], Now);
        foreach (var bad in (string[])[
            good.Replace("\r\n", "\n", StringComparison.Ordinal), good.Replace("SUMMARY:", "SUMMARY:" + new string('x', 70), StringComparison.Ordinal), good.Replace("UID:", "X-UID:", StringComparison.Ordinal),
            good.Replace("TZID:Europe/London", "TZID:Europe/Paris", StringComparison.Ordinal), good.Replace("METHOD:PUBLISH", "METHOD:REQUEST", StringComparison.Ordinal), good.Replace(";TZID=Europe/London", "", StringComparison.Ordinal),
            good.Replace("END:VEVENT\r\n", "", StringComparison.Ordinal)])
            await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => ICal.Read(bad));
    }

    [Fact]
    public void Links_OfAnEntry_CarryTimesAndEscapedText() {
        var entry = Entry(summary: "Talk & play, 50%");
        Assert.StartsWith("https://calendar.google.com/calendar/render?action=TEMPLATE&text=Talk%20%26%20play%2C%2050%25&dates=20260604T090000Z/20260604T113000Z&ctz=Europe%2FLondon", CalendarLinks.Google(entry), StringComparison.Ordinal);
        Assert.Contains("&startdt=2026-06-04T09%3A00%3A00Z&enddt=2026-06-04T11%3A30%3A00Z&", CalendarLinks.Outlook(entry, work: true), StringComparison.Ordinal);
        Assert.Equal("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fcpd.example%2Fcalendar%2Fx.ics", CalendarLinks.SubscribeGoogle("https://cpd.example/calendar/x.ics"));
        Assert.True(Encoding.UTF8.GetByteCount(CalendarLinks.Outlook(entry, work: false)) < 2000);
    }
}
