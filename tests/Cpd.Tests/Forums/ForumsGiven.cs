using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Series;
using Cpd.People.Calendar;
using Cpd.People.Contracts;
using Cpd.Platform.Web;

namespace Cpd.Tests.Forums;

/// <summary>Forums, members and meetings to begin a test with, made through the application's own commands.</summary>
static class ForumsGiven {
    internal static Task<Guid> Forum(this CpdApp app, Actor officer, string name, Func<AddSeries.Command, AddSeries.Command>? with = null) {
        var command = new AddSeries.Command(officer.Grants[0].OrganisationId, name, "What works.", AgeRanges.None);
        return app.Send(officer, with is null ? command : with(command));
    }

    /// <summary>Somebody of a setting who is added to a forum; they are told by email.</summary>
    internal static async Task<Actor> Member(this CpdApp app, Actor officer, Guid series, Guid setting, string? name = null) {
        var person = await app.Given.Practitioner(setting, name);
        await app.Send(officer, new AddMember.Command(series, person.PersonId));
        return person;
    }

    /// <summary>From 4pm to 5:30pm in London.</summary>
    internal static Task<Guid> Meeting(this CpdApp app, Actor officer, Guid series, DateOnly on) =>
        app.Send(officer, new AddMeeting.Command(series, on, new TimeOnly(16, 0), new TimeOnly(17, 30), "Library, RM17 6SL", "Schemas"));

    /// <summary>The terms of 2026 to 2027: three, or six halves.</summary>
    internal static async Task Terms(this CpdApp app, Actor officer, bool halves = false) {
        (string, DateOnly, DateOnly)[] terms = halves
            ? [("Autumn 1", new(2026, 9, 2), new(2026, 10, 23)), ("Autumn 2", new(2026, 11, 2), new(2026, 12, 18)), ("Spring 1", new(2027, 1, 5), new(2027, 2, 12)), ("Spring 2", new(2027, 2, 22), new(2027, 3, 26)),
                ("Summer 1", new(2027, 4, 12), new(2027, 5, 28)), ("Summer 2", new(2027, 6, 7), new(2027, 7, 21))]
            : [("Autumn term", new(2026, 9, 2), new(2026, 12, 18)), ("Spring term", new(2027, 1, 5), new(2027, 3, 26)), ("Summer term", new(2027, 4, 12), new(2027, 7, 21))];
        foreach (var (label, from, to) in terms) await app.Send(officer, new AddTerm.Command(officer.Grants[0].OrganisationId, 2026, label, from, to));
    }
}
