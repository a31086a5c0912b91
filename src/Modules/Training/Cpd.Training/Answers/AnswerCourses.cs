using Cpd.Platform.Data;
using Cpd.Training.Contracts;
using MediatR;

namespace Cpd.Training.Answers;

/// <summary>Answers other modules' questions about courses.</summary>
internal static class AnswerCourses {
    const string SelectByIds = "SELECT Id, Title, AuthorityId, TrainingProviderId, Minutes FROM training_Course WHERE Id IN @Ids";
    const string SelectFound = """
        SELECT Id, Title, AuthorityId, TrainingProviderId, Minutes
        FROM training_Course
        WHERE State = 'Published' AND TitleKey LIKE @Pattern ESCAPE '!'
        ORDER BY TitleKey, Id
        """;

    const string SelectOn = """
        SELECT c.Id, c.Title, c.TitleKey, c.AuthorityId, c.TrainingProviderId, c.Minutes, t.TopicKey
        FROM training_Course c
        LEFT JOIN training_CourseTopic t ON t.CourseId = c.Id AND t.TopicKey IN @Keys
        WHERE c.State = 'Published' AND c.AuthorityId IN @Authorities
          AND (t.TopicKey IS NOT NULL OR c.TitleKey LIKE @A ESCAPE '!' OR c.TitleKey LIKE @B ESCAPE '!' OR c.TitleKey LIKE @C ESCAPE '!' OR c.TitleKey LIKE @D ESCAPE '!' OR c.TitleKey LIKE @E ESCAPE '!')
        ORDER BY c.TitleKey, c.Id
        """;

    internal sealed class ByIds(Db db) : IRequestHandler<FindCourses, IReadOnlyList<CourseCard>> {
        public async Task<IReadOnlyList<CourseCard>> Handle(FindCourses request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(SelectByIds, new { Ids = db.Ids(request.Ids) }, cancellationToken));
    }

    internal sealed class Found(Db db) : IRequestHandler<SearchCourses, IReadOnlyList<CourseCard>> {
        public async Task<IReadOnlyList<CourseCard>> Handle(SearchCourses request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(db.Page(SelectFound), new { Pattern = WordKey.Holding(request.Text), Skip = 0, Take = 50 }, cancellationToken));
    }

    internal sealed class OnThemes(Db db) : IRequestHandler<FindCoursesOn, IReadOnlyList<CourseOn>> {
        public async Task<IReadOnlyList<CourseOn>> Handle(FindCoursesOn request, CancellationToken cancellationToken) {
            // What holds no letter would stand in every title.
            var themes = request.Themes.Select(t => (Theme: t, Key: WordKey.Of(t))).Where(t => t.Key.Length > 0).ToList();
            if (themes.Count == 0 || request.AuthorityIds.Count == 0) return [];
            string Holding(int i) => i < themes.Count ? WordKey.Holding(themes[i].Theme) : "";
            var rows = await db.List<Row>(db.Page(SelectOn), new {
                Keys = themes.Select(t => t.Key).ToArray(), Authorities = db.Ids(request.AuthorityIds), A = Holding(0), B = Holding(1), C = Holding(2), D = Holding(3), E = Holding(4), Skip = 0, Take = 50,
            }, cancellationToken);
            return [.. rows.GroupBy(r => r.Id).Select(g => new CourseOn(themes.First(t => g.Any(r => r.TopicKey == t.Key || r.TitleKey.Contains(t.Key, StringComparison.Ordinal))).Theme, Card(g.First())))];
        }
    }

    static CourseCard Card(Row row) => new(row.Id, row.Title, row.AuthorityId, row.TrainingProviderId, row.Minutes);

    static IReadOnlyList<CourseCard> Cards(IReadOnlyList<Row> rows) => [.. rows.Select(Card)];

    sealed record Row {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public int Minutes { get; init; }
        public string TitleKey { get; init; } = "";
        public string? TopicKey { get; init; }
    }
}
