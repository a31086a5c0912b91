using Cpd.People.Contracts;
using Cpd.Platform.Data;
using MediatR;

namespace Cpd.Training.Courses;

/// <summary>What a course has several of: rows of its audience and its topics, written whenever it is written.</summary>
internal static class CourseParts {
    internal const string InsertAudience = "INSERT INTO training_CourseAudience (CourseId, JobRole) VALUES (@CourseId, @JobRole)";
    internal const string InsertTopic = "INSERT INTO training_CourseTopic (CourseId, Topic, TopicKey) VALUES (@CourseId, @Topic, @TopicKey)";
    const string SelectAudience = "SELECT JobRole FROM training_CourseAudience WHERE CourseId = @Id ORDER BY JobRole";
    internal const string SelectTopics = "SELECT Topic FROM training_CourseTopic WHERE CourseId = @Id ORDER BY TopicKey";

    // Dapper reads enums from text only as members of a row, not as the row itself.
    internal static async Task<IReadOnlyList<JobRole>> ReadAudience(Db db, Guid id, CancellationToken ct) =>
        [.. (await db.List<string>(SelectAudience, new { Id = id }, ct)).Select(Enum.Parse<JobRole>)];

    internal static IReadOnlyList<object> Audience(Guid id, CourseFields course) =>
        [.. course.Audience.Distinct().Select(j => new { CourseId = id, JobRole = j.ToString() })];

    internal static IReadOnlyList<object> Topics(Guid id, CourseFields course) =>
        [.. course.TopicList.Select(t => new { CourseId = id, Topic = t, TopicKey = WordKey.Of(t) })];

    internal static async Task<bool> ProviderExists(IMediator mediator, CourseFields course, CancellationToken ct) => course.TrainingProviderId is not { } id
        || (await mediator.Send(new FindOrganisations([id]), ct)).Any(o => o.Kind == OrganisationKind.TrainingProvider);
}
