using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Cpd.Training.Needs;

/// <summary>One answer of the form.</summary>
internal sealed class TypedAnswer {
    public NeedKind Kind { get; set; }
    public string? Answer { get; set; }
}

[Requires(TrainingPermissions.Book)]
internal sealed class AnswerQuestionsPage(IMediator mediator) : CpdPage {
    /// <summary>The booking has just been made: after this comes its confirmation.</summary>
    [BindProperty(SupportsGet = true, Name = "made")] public bool Made { get; set; }
    [BindProperty] public List<TypedAnswer> Answers { get; set; } = [];
    [BindProperty] public bool Remember { get; set; }

    internal AnswerQuestions.View Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken ct) => await Load(id, ct) is { } refusal ? Refused(refusal) : Page();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken ct) {
        var typed = Answers;
        if (await Load(id, ct) is { } unseen) return Refused(unseen);
        // In the order of the questions, whatever was sent.
        Answers = [.. Found.Questions.Select(q => new TypedAnswer { Kind = q.Kind, Answer = typed.FirstOrDefault(a => a.Kind == q.Kind)?.Answer })];
        var outcome = await mediator.Send(new AnswerQuestions.Command(id, [.. Answers.Select(a => new Need(a.Kind, a.Answer))], Remember), ct);
        if (outcome.Refusal is { } refusal) return Refused(refusal);
        Banner("The answers have been saved.");
        return Redirect(TrainingLinks.Booking(id) + (Made ? "?made=true" : ""));
    }

    async Task<Refusal?> Load(Guid id, CancellationToken ct) {
        var outcome = await mediator.Send(new AnswerQuestions.Query(id), ct);
        if (outcome.Refusal is { } refusal) return refusal;
        Found = outcome.Value;
        Answers = [.. Found.Questions.Select(q => new TypedAnswer { Kind = q.Kind, Answer = q.Answer })];
        return null;
    }
}
