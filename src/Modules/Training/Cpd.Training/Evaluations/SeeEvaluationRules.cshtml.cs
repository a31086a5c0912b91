using System.ComponentModel.DataAnnotations;
using Cpd.People.Contracts;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Cpd.Training.Evaluations;

/// <summary>A row of the form; what is left wholly empty does not count, and so a question is taken away.</summary>
internal sealed class TypedQuestion {
    public Guid? Id { get; set; }
    public QuestionKind? Kind { get; set; }
    public string? Words { get; set; }
    public string? Short { get; set; }
    internal bool IsEmpty => string.IsNullOrWhiteSpace(Words) && (Id is not null || string.IsNullOrWhiteSpace(Short));
}

/// <summary>The questions of an authority.</summary>
[Requires(TrainingPermissions.ChangeEvaluation)]
internal sealed class SeeEvaluationRulesPage(IMediator mediator, CurrentUser me) : CpdPage {
    /// <summary>Whose questions: an officer of one authority need not say.</summary>
    [BindProperty(SupportsGet = true)] public Guid? AuthorityId { get; set; }
    [BindProperty] public int Version { get; set; }
    [BindProperty, Display(Name = "How long people can answer")] public int? OpenDays { get; set; }
    [BindProperty, Display(Name = "The months")] public int? ImpactMonths { get; set; }
    [BindProperty] public List<TypedQuestion> Questions { get; set; } = [];
    /// <summary>Sent by the button that asks for a row for another question.</summary>
    [BindProperty] public bool AnotherQuestion { get; set; }

    /// <summary>Null until an authority is chosen.</summary>
    internal SeeEvaluationRules.View? Found { get; private set; }
    internal IReadOnlyList<SelectListItem> Authorities { get; private set; } = [];
    internal static IReadOnlyList<SelectListItem> Kinds => [.. Enum.GetValues<QuestionKind>().Select(k => new SelectListItem(Question.KindWords(k), k.ToString()))];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) {
        if (await Load(ct) is { } refusal) return Refused(refusal);
        if (Found is null) return Page();
        (Version, OpenDays, ImpactMonths) = (Found.Version, Found.OpenDays, Found.ImpactMonths);
        Questions = [.. Found.Questions.Select(q => new TypedQuestion { Id = q.Id, Kind = q.Kind, Words = q.Words, Short = q.Short })];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) {
        if (await Load(ct) is { } unseen) return Refused(unseen);
        if (AnotherQuestion) {
            Questions.Add(new());
            foreach (var entry in ModelState.Values) entry.Errors.Clear();
            return Page();
        }
        if (Unreadable) return Refused(new Invalid([]));
        var given = Questions.Select((q, i) => (Question: q, Row: i)).Where(q => !q.Question.IsEmpty).ToList();
        var outcome = await mediator.Send(new SetEvaluationRules.Command(AuthorityId ?? Guid.Empty, Version, OpenDays, ImpactMonths, [.. given.Select(q => new SetEvaluationRules.Asked(q.Question.Id, q.Question.Kind, q.Question.Words, q.Question.Short))]), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal is Invalid invalid ? new Invalid([.. invalid.Errors.Select(e => e with { Field = OnForm(e.Field, [.. given.Select(q => q.Row)]) })]) : refusal);
        Banner("The questions have been saved. Whoever answers from now on is asked these.");
        return Redirect(TrainingLinks.EvaluationRules + "?authorityId=" + AuthorityId);
    }

    /// <summary>The field with the number of its row on the form, where rows that are left empty count too.</summary>
    static string OnForm(string field, IReadOnlyList<int> rows) {
        if (!field.StartsWith("Questions[", StringComparison.Ordinal)) return field;
        var end = field.IndexOf(']', StringComparison.Ordinal);
        var number = int.Parse(field["Questions[".Length..end], System.Globalization.CultureInfo.InvariantCulture);
        return $"Questions[{(number < rows.Count ? rows[number] : number)}{field[end..]}";
    }

    async Task<Refusal?> Load(CancellationToken ct) {
        var reach = me.Reach(TrainingPermissions.ChangeEvaluation);
        var mine = (await mediator.Send(new ListAuthorities(), ct)).Where(a => reach.All || reach.Authorities.Contains(a.Id)).ToList();
        if (mine.Count > 1) Authorities = [.. mine.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        AuthorityId ??= mine.Count == 1 ? mine[0].Id : null;
        if (AuthorityId is not { } authority) return null;
        var outcome = await mediator.Send(new SeeEvaluationRules.Query(authority), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        return null;
    }
}
