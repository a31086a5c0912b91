using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>Courses and sessions to begin a test with, made through the application's own commands.</summary>
static class TrainingGiven {
    internal static AddCourse.Command Course(Guid authorityId, string title = "Babbling Babies") => new() {
        AuthorityId = authorityId, Title = title, Summary = "How babies learn to talk.", LearningOutcomes = "Name the stages of early talk\nPlan for talk", Mode = CourseMode.InPerson,
        Minutes = 150, ParticipatoryMinutes = 60, Topics = "Speech and language",
    };

    internal static TypedDate Date(DateOnly on, int from = 10, int to = 12) => new() { On = on, From = new TimeOnly(from, 0), To = new TimeOnly(to, 30) };

    /// <summary>A published course with one published session, in ten days unless said otherwise.</summary>
    internal static async Task<(Guid CourseId, Guid SessionId)> Session(this CpdApp app, Actor officer, int places = 16, string title = "Babbling Babies", int inDays = 10, Func<AddSession.Command, AddSession.Command>? with = null) {
        var course = await app.Send(officer, Course(officer.Grants[0].OrganisationId, title));
        await app.Send(officer, new PublishCourse.Command(course));
        var command = new AddSession.Command { CourseId = course, Dates = [Date(London.Today(app.Clock).AddDays(inDays))], Places = places, VenueName = "Civic Hall", VenueAddress = "New Road, Grays RM17 6SL" };
        var session = await app.Send(officer, with is null ? command : with(command));
        await app.Send(officer, new PublishSession.Command(session));
        return (course, session);
    }
}
