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

    internal sealed class ByIds(Db db) : IRequestHandler<FindCourses, IReadOnlyList<CourseCard>> {
        public async Task<IReadOnlyList<CourseCard>> Handle(FindCourses request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(SelectByIds, new { Ids = db.Ids(request.Ids) }, cancellationToken));
    }

    internal sealed class Found(Db db) : IRequestHandler<SearchCourses, IReadOnlyList<CourseCard>> {
        public async Task<IReadOnlyList<CourseCard>> Handle(SearchCourses request, CancellationToken cancellationToken) =>
            Cards(await db.List<Row>(db.Page(SelectFound), new { Pattern = WordKey.Holding(request.Text), Skip = 0, Take = 50 }, cancellationToken));
    }

    static IReadOnlyList<CourseCard> Cards(IReadOnlyList<Row> rows) => [.. rows.Select(r => new CourseCard(r.Id, r.Title, r.AuthorityId, r.TrainingProviderId, r.Minutes))];

    sealed record Row {
        public Guid Id { get; init; }
        public string Title { get; init; } = "";
        public Guid AuthorityId { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public int Minutes { get; init; }
    }
}
