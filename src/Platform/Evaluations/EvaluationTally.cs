namespace Cpd.Platform.Evaluations;

/// <summary>How often a choice was made.</summary>
public sealed record Chosen(string Choice, int Count);

/// <summary>What was answered to one question.</summary>
/// <param name="Answers">How many answered it.</param>
/// <param name="Percent">How many of a hundred spoke for what is evaluated; null when too few answered to be broken down.</param>
/// <param name="Choices">Each choice with its count; empty when too few answered.</param>
#pragma warning disable CA1720 // The word that programs know it by.
public sealed record Result(Guid QuestionId, string Words, string Short, int Answers, int? Percent, IReadOnlyList<Chosen> Choices);
#pragma warning restore CA1720

/// <summary>How answers become results. Where fewer than five answered nothing is broken down, so that nobody is found out by what they said.</summary>
public static class EvaluationTally {
    public const int Fewest = 5;

    /// <summary>A result for each question that is answered by choosing and has answers, in the order of the questions.</summary>
    /// <param name="counted">How often each choice, numbered from 1, was made; a choice may come in several parts.</param>
    public static IReadOnlyList<Result> Of(IReadOnlyList<Question> questions, IEnumerable<(Guid QuestionId, int Choice, int Answers)> counted) {
        var counts = counted.ToLookup(c => c.QuestionId);
        return [.. questions.Where(q => q.Kind != QuestionKind.Text && counts.Contains(q.Id)).Select(q => {
            var all = counts[q.Id].Sum(c => c.Answers);
            if (all < Fewest) return new Result(q.Id, q.Words, q.Short, all, null, []);
            var choices = q.Choices.Select((words, i) => new Chosen(words, counts[q.Id].Where(c => c.Choice == i + 1).Sum(c => c.Answers))).ToList();
            return new Result(q.Id, q.Words, q.Short, all, Percent(choices.Take(q.Favourable).Sum(c => c.Count), all), choices);
        })];
    }

    /// <summary>Rounded, but 100 only for all and 0 only for none.</summary>
    public static int Percent(int part, int all) => part == all ? 100 : part == 0 ? 0 : Math.Clamp((int)Math.Round(100.0 * part / all, MidpointRounding.AwayFromZero), 1, 99);
}
