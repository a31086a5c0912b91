using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Web;
using MediatR;

namespace Cpd.Training.Catalogue;

/// <summary>What the catalogue can be narrowed to: authorities that publish courses, and the topics of published courses, by name.</summary>
internal static class ListFilterChoices {
    internal sealed record Query : IRequest<View>;

    internal sealed record View(IReadOnlyList<AuthorityCard> Authorities, IReadOnlyList<string> Topics);

    internal sealed class Handler(Db db, IMediator mediator, BriefMemory memory) : IRequestHandler<Query, View> {
        const string SelectAuthorities = "SELECT DISTINCT AuthorityId FROM training_Course WHERE State = 'Published'";
        // Few topics of many courses: the names come from the index alone, and for each one published course is enough. CROSS JOIN keeps
        // SQLite from beginning with all published courses.
        const string SelectTopics = """
            SELECT k.TopicKey, k.Topic
            FROM (SELECT TopicKey, MIN(Topic) AS Topic FROM training_CourseTopic GROUP BY TopicKey) k
            WHERE EXISTS (SELECT 1 FROM training_CourseTopic t CROSS JOIN training_Course c WHERE t.TopicKey = k.TopicKey AND c.Id = t.CourseId AND c.State = 'Published')
            ORDER BY k.TopicKey
            """;

        // The same for everyone, and found only by looking at every published course.
        public Task<View> Handle(Query request, CancellationToken cancellationToken) => memory.Get<View>(async () => {
            var publishing = (await db.List<Guid>(SelectAuthorities, null, cancellationToken)).ToHashSet();
            var topics = await db.List<Row>(db.Page(SelectTopics), new { Skip = 0, Take = 200 }, cancellationToken);
            return new([.. (await mediator.Send(new ListAuthorities(), cancellationToken)).Where(a => publishing.Contains(a.Id))], [.. topics.Select(t => t.Topic)]);
        }, cancellationToken);
    }

    sealed record Row {
        public string TopicKey { get; init; } = "";
        public string Topic { get; init; } = "";
    }
}
