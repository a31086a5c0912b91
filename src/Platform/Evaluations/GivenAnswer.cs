using System.Security.Cryptography;
using Cpd.Platform.Messaging;
using FluentValidation;

namespace Cpd.Platform.Evaluations;

/// <summary>What somebody says to a question of an evaluation.</summary>
/// <param name="Choice">Of the question's choices, from 1.</param>
/// <param name="Words">For a question that is answered in words; may be left out.</param>
public sealed record GivenAnswer(Guid QuestionId, int? Choice, string? Words);

/// <summary>An answer as it is kept: with the others of the same person, without the person.</summary>
public sealed record NamelessAnswer(Guid ResponseId, Guid QuestionId, int? Choice, string? Words);

/// <summary>How a form of answers is checked and made nameless.</summary>
public static class GivenAnswers {
    /// <summary>Of what is answered in words, in characters.</summary>
    public const int Longest = 2000;

    public static void MustBeAnswers<T>(this IRuleBuilder<T, IReadOnlyList<GivenAnswer>?> rule) => rule
        .Must(a => a is null || a.All(x => x is not null) && a.DistinctBy(x => x.QuestionId).Count() == a.Count).WithMessage("Answer each question once")
        .ForEach(each => each.ChildRules(a => a.RuleFor(x => x.Words).MaximumLength(Longest).WithMessage("Your answer must be 2,000 characters or fewer")));

    /// <summary>What is still to be chosen, in the order of the questions; empty when the form is whole.</summary>
    public static IReadOnlyList<FieldError> Missing(this IReadOnlyList<GivenAnswer> given, IReadOnlyList<Question> questions) => [.. questions.Where(q => q.Kind != QuestionKind.Text)
        .Select(q => (Question: q, Place: given.TakeWhile(g => g.QuestionId != q.Id).Count()))
        .Where(q => q.Place == given.Count || given[q.Place].Choice is not { } chosen || chosen < 1 || chosen > q.Question.Choices.Count)
        .Select(q => new FieldError(q.Place < given.Count ? $"Answers[{q.Place}].Choice" : "Answers", $"Select an answer: {q.Question.Words}"))];

    /// <summary>What there is to keep of a whole form. All answers carry one id, which is not one of our own: those tell the time, and that would tell whose it is.</summary>
    public static IReadOnlyList<NamelessAnswer> Nameless(this IReadOnlyList<GivenAnswer> given, IReadOnlyList<Question> questions) {
        var response = new Guid(RandomNumberGenerator.GetBytes(16));
        var inWords = questions.Where(q => q.Kind == QuestionKind.Text).Select(q => q.Id).ToHashSet();
        return [.. given.Select(g => inWords.Contains(g.QuestionId) ? new NamelessAnswer(response, g.QuestionId, null, string.IsNullOrWhiteSpace(g.Words) ? null : g.Words.Trim()) : new NamelessAnswer(response, g.QuestionId, g.Choice, null))
            .Where(a => a.Choice is not null || a.Words is not null)];
    }
}
