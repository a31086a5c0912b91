namespace Cpd.Platform.Evaluations;

/// <summary>How a question is answered.</summary>
public enum QuestionKind { YesNo, Agreement, Text }

/// <summary>A question of an evaluation. Its words never change; other words are another question.</summary>
public sealed record Question {
    public Guid Id { get; init; }
    public QuestionKind Kind { get; init; }
    public string Words { get; init; } = "";
    /// <summary>What the results say after a percentage: "would recommend it". Empty for free text.</summary>
#pragma warning disable CA1720 // The word that programs and tables know it by.
    public string Short { get; init; } = "";
#pragma warning restore CA1720

    /// <summary>What can be chosen, numbered from 1.</summary>
    public IReadOnlyList<string> Choices => Kind switch { QuestionKind.YesNo => YesNo, QuestionKind.Agreement => Agreement, _ => [] };

    /// <summary>So many of the first choices speak for what is evaluated.</summary>
    public int Favourable => Kind == QuestionKind.YesNo ? 1 : 2;

    static readonly string[] YesNo = ["Yes", "No"];
    static readonly string[] Agreement = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"];

    public static string KindWords(QuestionKind kind) => kind switch { QuestionKind.YesNo => "Yes or no", QuestionKind.Agreement => "Agree or disagree", _ => "In their own words" };
}
