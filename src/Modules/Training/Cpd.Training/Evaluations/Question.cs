using Cpd.Platform.Data;

namespace Cpd.Training.Evaluations;

/// <summary>The questions of an authority, and the usual ones of those that have said nothing.</summary>
internal static class Questions {
    /// <summary>How long people can answer where their authority has said nothing, in days after the register was settled.</summary>
    internal const int UsualDays = 14;
    /// <summary>After how many months people are asked what has changed where their authority has said nothing.</summary>
    internal const int UsualMonths = 3;

    /// <summary>Their ids stand for their words: whoever changes the words of one gives it a new id.</summary>
    internal static IReadOnlyList<Question> Usual { get; } = [
        Of("0199c6a0-0000-7000-8000-000000000001", QuestionKind.YesNo, "Would you recommend this course to a colleague?", "would recommend it"),
        Of("0199c6a0-0000-7000-8000-000000000002", QuestionKind.YesNo, "Did the trainer know the subject well?", "found the trainer knowledgeable"),
        Of("0199c6a0-0000-7000-8000-000000000003", QuestionKind.YesNo, "Did the session meet its learning outcomes?", "say it met its outcomes"),
        Of("0199c6a0-0000-7000-8000-000000000004", QuestionKind.YesNo, "Will you change something in your practice because of it?", "will change their practice"),
        Of("0199c6a0-0000-7000-8000-000000000005", QuestionKind.Text, "What was most useful, and what should be better?", ""),
    ];

    const string SelectLive = "SELECT Id, Kind, Words, Short FROM training_EvaluationQuestion WHERE AuthorityId = @AuthorityId AND EndedAt IS NULL ORDER BY Number, Id";
    const string SelectAll = "SELECT Id, Kind, Words, Short FROM training_EvaluationQuestion WHERE AuthorityId = @AuthorityId ORDER BY CASE WHEN EndedAt IS NULL THEN 0 ELSE 1 END, Number, Id";

    /// <summary>What is asked now, in order.</summary>
    internal static async Task<IReadOnlyList<Question>> Live(Db db, Guid authorityId, CancellationToken ct) =>
        await db.List<Question>(SelectLive, new { AuthorityId = authorityId }, ct) is { Count: > 0 } own ? own : Usual;

    /// <summary>What is asked now, then what was asked before.</summary>
    internal static async Task<IReadOnlyList<Question>> All(Db db, Guid authorityId, CancellationToken ct) {
        var own = await db.List<Question>(SelectAll, new { AuthorityId = authorityId }, ct);
        return [.. own, .. Usual.Where(u => own.All(o => o.Id != u.Id))];
    }

    static Question Of(string id, QuestionKind kind, string words, string @short) => new() { Id = Guid.Parse(id), Kind = kind, Words = words, Short = @short };
}
