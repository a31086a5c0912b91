using Cpd.Forums.Meetings;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Polls;

/// <summary>An officer writes down a question with its choices for a meeting; nobody else sees it until it is opened.</summary>
internal static class AddPoll {
    internal sealed record Command(Guid MeetingId, string? Question, IReadOnlyList<string>? Choices) : IRequest<Outcome<Guid>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Question).NotEmpty().WithMessage("Enter the question").MaximumLength(300).WithMessage("The question must be 300 characters or fewer");
            RuleFor(c => c.Choices).Must(c => c is { Count: >= 2 and <= 10 }).WithMessage("Enter between 2 and 10 choices")
                .Must(c => c is null || c.All(w => !string.IsNullOrWhiteSpace(w) && w.Length <= 200)).WithMessage("Each choice must be between 1 and 200 characters")
                .Must(c => c is null || c.Select(w => (w ?? "").Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == c.Count).WithMessage("Enter each choice once");
        }
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = "INSERT INTO forums_Poll (Id, MeetingId, Question, State, Votes) VALUES (@Id, @MeetingId, @Question, 'Ready', 0)";
        const string InsertChoice = "INSERT INTO forums_PollChoice (PollId, Number, Words, Votes) VALUES (@PollId, @Number, @Words, 0)";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            if (await Held.Managed(db, me, request.MeetingId, cancellationToken) is not { } meeting) return Outcome.NotFound;
            if (meeting.State == Publication.Cancelled) return Outcome.Conflict("The meeting has been called off, so it has no polls.");
            var id = Ids.New(clock);
            await db.Execute(Insert, new { Id = id, request.MeetingId, Question = request.Question!.Trim() }, cancellationToken);
            await db.Execute(InsertChoice, request.Choices!.Select((words, i) => new { PollId = id, Number = i + 1, Words = words.Trim() }).ToList(), cancellationToken);
            return id;
        }
    }

    internal sealed record Body(string? Question, IReadOnlyList<string>? Choices);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/meetings/{id:guid}/polls", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.Question, body.Choices), ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{id}/polls", new { id = made })))
        .WithName("AddPoll").WithSummary("Writes down a question with 2 to 10 choices for a meeting.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
