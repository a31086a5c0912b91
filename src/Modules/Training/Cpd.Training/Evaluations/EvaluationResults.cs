using Cpd.Platform.Data;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Evaluations;

/// <summary>What people said some months later.</summary>
/// <param name="Answers">How many said whether something has changed.</param>
/// <param name="Percent">How many of a hundred say that it has; null when too few have answered.</param>
internal sealed record Impact(int Answers, int? Percent);

/// <summary>The answers of sessions, counted.</summary>
internal static class EvaluationResults {
    internal sealed record Counted {
        public Guid SessionId { get; init; }
        public Guid QuestionId { get; init; }
        public int Choice { get; init; }
        public int Answers { get; init; }
    }

    /// <summary>A session with how many attended and so were asked, and how many have answered.</summary>
    internal sealed record Held {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public int Asked { get; init; }
        public int Answered { get; init; }
        public int ImpactAnswered { get; init; }
        public int ImpactChanged { get; init; }
    }

    internal const string HeldColumns = """
        SELECT s.Id, s.StartsAt, s.EndsAt,
            (SELECT COUNT(*) FROM training_Evaluation e WHERE e.SessionId = s.Id AND e.WithdrawnAt IS NULL) AS Asked,
            (SELECT COUNT(DISTINCT a.ResponseId) FROM training_EvaluationAnswer a WHERE a.SessionId = s.Id) AS Answered,
            (SELECT COUNT(*) FROM training_Evaluation e WHERE e.SessionId = s.Id AND e.WithdrawnAt IS NULL AND e.ImpactAnsweredAt IS NOT NULL) AS ImpactAnswered,
            (SELECT COUNT(*) FROM training_Evaluation e WHERE e.SessionId = s.Id AND e.WithdrawnAt IS NULL AND e.ImpactChanged = 1) AS ImpactChanged
        FROM training_Session s

        """;
    const string SelectCounts = """
        SELECT SessionId, QuestionId, Choice, COUNT(*) AS Answers
        FROM training_EvaluationAnswer
        WHERE SessionId IN @Ids AND Choice IS NOT NULL
        GROUP BY SessionId, QuestionId, Choice
        """;

    internal static IReadOnlyList<Result> Of(IReadOnlyList<Question> questions, IEnumerable<Counted> counted) => EvaluationTally.Of(questions, counted.Select(c => (c.QuestionId, c.Choice, c.Answers)));

    internal static async Task<IReadOnlyList<Counted>> Count(Db db, IEnumerable<Guid> sessionIds, CancellationToken ct) =>
        sessionIds.ToList() is { Count: > 0 } ids ? await db.List<Counted>(SelectCounts, new { Ids = db.Ids(ids) }, ct) : [];

    /// <summary>The sessions that are counted together: those that are not too small and, if they are not too few together, the small ones. Else the difference to the sum would show what the few said.</summary>
    internal static IReadOnlyList<Held> Together(IReadOnlyList<Held> sessions, Func<Held, int> answers) =>
        sessions.Where(s => answers(s) < EvaluationTally.Fewest).Sum(answers) is 0 or >= EvaluationTally.Fewest ? sessions : [.. sessions.Where(s => answers(s) >= EvaluationTally.Fewest)];

    internal static Impact Impact(IReadOnlyList<Held> sessions) {
        var together = Together(sessions, s => s.ImpactAnswered);
        var all = together.Sum(s => s.ImpactAnswered);
        return all < EvaluationTally.Fewest ? new(sessions.Sum(s => s.ImpactAnswered), null) : new(all, EvaluationTally.Percent(together.Sum(s => s.ImpactChanged), all));
    }
}

/// <summary>Results as a file for spreadsheets: a row for each choice of each question, and for each answer in words.</summary>
internal sealed record ResultsFile(string Name, IReadOnlyList<ResultsFile.Row> Rows) : IActionResult, IResult {
    internal sealed record Row(string Course, DateOnly? Session, string Question, string Answer, int? Count, int? Percent);

    /// <summary>The rows of results; a question with too few answers has one that says so.</summary>
    internal static IEnumerable<Row> Of(string course, DateOnly? session, IEnumerable<Result> results) => results.SelectMany(r => r.Percent is null
        ? [new Row(course, session, r.Words, $"Not shown: fewer than {EvaluationTally.Fewest} answers", r.Answers, null)]
        : r.Choices.Select(c => new Row(course, session, r.Words, c.Choice, c.Count, EvaluationTally.Percent(c.Count, r.Answers))));

    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public async Task ExecuteAsync(HttpContext httpContext) {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}.csv\"";
        response.ContentType = "text/csv; charset=utf-8";
        await using var csv = new CsvWriter(response.BodyWriter);
        await csv.RowAsync(["Course", "Session", "Question", "Answer", "Count", "Percent"], ct);
        foreach (var row in Rows) await csv.Text(row.Course).Date(row.Session).Text(row.Question).Text(row.Answer).Number(row.Count).Number(row.Percent).EndRowAsync(ct);
    }
}
