using Cpd.Platform.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Platform.Evaluations;

/// <summary>A page that asks the questions of an evaluation; _Questions shows them.</summary>
public abstract class AnswerPage : CpdPage {
    [BindProperty] public List<TypedAnswer> Answers { get; set; } = [];

    public sealed class TypedAnswer {
        public Guid QuestionId { get; set; }
        public int? Choice { get; set; }
        public string? Words { get; set; }
    }

    /// <summary>What is asked now.</summary>
    public IReadOnlyList<Question> Questions { get; private set; } = [];

    public static IReadOnlyList<SelectListItem> Choices(Question question) => [.. question.Choices.Select((c, i) => new SelectListItem(c, $"{i + 1}"))];

    /// <summary>What was sent, before <see cref="Ask"/> puts it beside the questions.</summary>
    protected IReadOnlyList<GivenAnswer> Given => [.. Answers.Select(a => new GivenAnswer(a.QuestionId, a.Choice, a.Words))];

    /// <summary>The questions may have changed since the page was opened: what was typed stays with its question.</summary>
    protected void Ask(IReadOnlyList<Question> questions) {
        Questions = questions;
        if (Answers.Select(a => a.QuestionId).SequenceEqual(questions.Select(q => q.Id))) return;
        foreach (var key in ModelState.Keys.Where(k => k.StartsWith(nameof(Answers), StringComparison.Ordinal)).ToList()) ModelState.Remove(key);
        var typed = Answers.GroupBy(a => a.QuestionId).ToDictionary(g => g.Key, g => g.First());
        Answers = [.. questions.Select(q => typed.GetValueOrDefault(q.Id) ?? new TypedAnswer { QuestionId = q.Id })];
    }
}
