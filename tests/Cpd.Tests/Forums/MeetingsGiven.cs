using Cpd.Forums;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Series;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Tests.Forums;

/// <summary>A forum with members and a meeting to do something at.</summary>
sealed class MeetingsGiven(CpdApp app) {
    /// <summary>4pm to 5.30pm in London on the Thursday after the tests begin.</summary>
    internal static readonly DateOnly Day = new(2026, 10, 8);
    internal static readonly DateTimeOffset Starts = new(2026, 10, 8, 15, 0, 0, TimeSpan.Zero);

    internal sealed record Made(Actor Officer, Guid Authority, Guid Series, Guid Meeting, IReadOnlyList<Actor> Members) {
        internal Actor Member => Members[0];
    }

    internal async Task<Made> Forum(string name, int members = 1, string authority = "Thurrock", ForumRole? role = null) {
        var authorityId = await app.Given.Authority(authority);
        var officer = await app.Given.Officer(authorityId);
        var series = await app.Send(officer, new AddSeries.Command(authorityId, name, "Practitioners share what works.", AgeRanges.BirthToTwo));
        var people = new List<Actor>();
        for (var i = 0; i < members; i++) people.Add(await Member(officer, series, authorityId, $"{name} {(char)('A' + i)}", role));
        return new(officer, authorityId, series, await Meeting(officer, series, Day), people);
    }

    internal async Task<Actor> Member(Actor officer, Guid series, Guid authority, string name, ForumRole? role = null) {
        var person = await app.Given.Practitioner(await app.Given.Setting(authority), name);
        await app.Send(officer, new AddMember.Command(series, person.PersonId, role));
        return person;
    }

    internal Task<Guid> Meeting(Actor officer, Guid series, DateOnly day) => app.Send(officer, new AddMeeting.Command(series, day, new TimeOnly(16, 0), new TimeOnly(17, 30), "Library", "Talk"));

    /// <summary>The messages whose subject begins so that went to somebody, or to anybody.</summary>
    internal async Task<IReadOnlyList<string>> Mails(string subject, Actor? to = null) {
        var address = to is null ? null : await app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @PersonId", new { to.PersonId }, default));
        return [.. (await app.DrainMail()).Where(m => m.Contains(subject, StringComparison.Ordinal) && (address is null || m.Contains(address, StringComparison.Ordinal)))];
    }
}
