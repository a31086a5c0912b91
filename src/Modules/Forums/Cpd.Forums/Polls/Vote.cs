using Cpd.Forums.Meetings;
using Cpd.Forums.Papers;
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

/// <summary>A member of the forum, or somebody at the meeting, votes once in an open poll. That they voted is kept; what they chose is only counted.</summary>
internal static class Vote {
    /// <param name="Token">From a message; without one it is whoever is signed in.</param>
    internal sealed record Command(Guid PollId, int? Choice, string? Token = null) : IRequest<Outcome<Done>>, IWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Choice).NotNull().WithMessage("Select your answer");
    }

    internal sealed class Handler(Db db, PapersToken tokens, CurrentUser me) : IRequestHandler<Command, Outcome<Done>> {
        const string SelectMeeting = "SELECT MeetingId FROM forums_Poll WHERE Id = @PollId AND State <> 'Ready'";
        // First the poll's own row: it holds off whoever closes it until this vote is in.
        const string Claim = "UPDATE forums_Poll SET Votes = Votes + 1 WHERE Id = @PollId AND State = 'Open'";
        const string Enter = "INSERT INTO forums_PollVoter (PollId, PersonId) SELECT @PollId, @PersonId WHERE NOT EXISTS (SELECT 1 FROM forums_PollVoter v WHERE v.PollId = @PollId AND v.PersonId = @PersonId)";
        const string Count = "UPDATE forums_PollChoice SET Votes = Votes + 1 WHERE PollId = @PollId AND Number = @Choice";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var named = request.Token is null ? null : tokens.Read(request.Token);
            if (request.Token is not null && named is null) return Outcome.NotFound;
            var person = named?.PersonId ?? me.PersonId;
            if (await db.One<Guid?>(SelectMeeting, request, cancellationToken) is not { } meeting || named is { } by && by.MeetingId != meeting || await Held.Joined(db, person, meeting, cancellationToken) is null) return Outcome.NotFound;
            if (await db.Execute(Claim, request, cancellationToken) == 0) return Outcome.Conflict("The poll is closed.");
            if (await db.Execute(Enter, new { request.PollId, PersonId = person }, cancellationToken) == 0) return Outcome.Conflict("You have voted already. Each person has one vote.");
            return await db.Execute(Count, new { request.PollId, request.Choice }, cancellationToken) == 1 ? Outcome.Done : Outcome.Invalid(nameof(request.Choice), "Select your answer");
        }
    }

    internal sealed record Body(int? Choice);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/polls/{id:guid}/votes", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Choice), ct)).ToHttp())
        .WithName("Vote").WithSummary("Votes in an open poll of a meeting of your forum: choice is the number of one of its choices. Once.").Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.TakePart);
}
