using Cpd.Forums.Meetings;
using Cpd.Forums.Papers;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Routing;
namespace Cpd.Forums.Polls;

/// <summary>Written down, open for votes, or over.</summary>
internal enum PollState { Ready, Open, Closed }

/// <summary>The polls of a meeting, in the order in which they were written. Officers see how the votes stand at any time; whoever votes, once a poll is closed.</summary>
internal static class SeePolls {
    /// <summary>For the officers of the forum.</summary>
    internal sealed record Query(Guid MeetingId) : IRequest<Outcome<View>>;

    /// <summary>For its members and those who are at the meeting; polls that are not open yet are left out.</summary>
    /// <param name="Token">From a message; without one it is whoever is signed in.</param>
    internal sealed record Mine(Guid MeetingId, string? Token = null) : IRequest<Outcome<View>>;

    internal sealed record View(Held Meeting, IReadOnlyList<Poll> Polls);

    /// <param name="Votes">How many have voted.</param>
    /// <param name="HasVoted">The reader has.</param>
    internal sealed record Poll(Guid Id, string Question, PollState State, int Votes, bool HasVoted, IReadOnlyList<Choice> Choices) {
        internal IReadOnlyList<SelectListItem> Items => [.. Choices.Select(c => new SelectListItem(c.Words, $"{c.Number}"))];
    }

    /// <param name="Votes">Null while the reader may not know.</param>
    /// <param name="Percent">Of all votes, rounded; null while the reader may not know, and where nobody has voted.</param>
    internal sealed record Choice(int Number, string Words, int? Votes, int? Percent);

    internal sealed class Handler(Db db, PapersToken tokens, CurrentUser me) : IRequestHandler<Query, Outcome<View>>, IRequestHandler<Mine, Outcome<View>> {
        const string SelectPolls = """
            SELECT p.Id, p.Question, p.State, p.Votes, CASE WHEN EXISTS (SELECT 1 FROM forums_PollVoter v WHERE v.PollId = p.Id AND v.PersonId = @PersonId) THEN 1 ELSE 0 END AS HasVoted
            FROM forums_Poll p
            WHERE p.MeetingId = @MeetingId AND (@All = 1 OR p.State <> 'Ready')
            ORDER BY p.Id
            """;
        const string SelectChoices = """
            SELECT c.PollId, c.Number, c.Words, c.Votes
            FROM forums_PollChoice c
            JOIN forums_Poll p ON p.Id = c.PollId
            WHERE p.MeetingId = @MeetingId
            ORDER BY c.PollId, c.Number
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) =>
            await Held.Managed(db, me, request.MeetingId, cancellationToken) is { } meeting ? await View(meeting, me.PersonId, asOfficer: true, cancellationToken) : Outcome.NotFound;

        public async Task<Outcome<View>> Handle(Mine request, CancellationToken cancellationToken) {
            var (meetingId, personId) = request.Token is null ? (request.MeetingId, me.PersonId) : tokens.Read(request.Token) is { } named ? (named.MeetingId, named.PersonId) : default;
            return await Held.Joined(db, personId, meetingId, cancellationToken) is { } meeting ? await View(meeting, personId, asOfficer: false, cancellationToken) : Outcome.NotFound;
        }

        async Task<View> View(Held meeting, Guid readerId, bool asOfficer, CancellationToken ct) {
            var polls = await db.List<Row>(SelectPolls, new { MeetingId = meeting.Id, PersonId = readerId, All = asOfficer ? 1 : 0 }, ct);
            var choices = polls.Count == 0 ? null : (await db.List<ChoiceRow>(SelectChoices, new { MeetingId = meeting.Id }, ct)).ToLookup(c => c.PollId);
            return new(meeting, [.. polls.Select(p => new Poll(p.Id, p.Question, p.State, p.Votes, p.HasVoted, [.. choices![p.Id].Select(c =>
                asOfficer || p.State == PollState.Closed ? new Choice(c.Number, c.Words, c.Votes, p.Votes == 0 ? null : EvaluationTally.Percent(c.Votes, p.Votes)) : new Choice(c.Number, c.Words, null, null))]))]);
        }

        sealed record Row {
            public Guid Id { get; init; }
            public string Question { get; init; } = "";
            public PollState State { get; init; }
            public int Votes { get; init; }
            public bool HasVoted { get; init; }
        }

        sealed record ChoiceRow {
            public Guid PollId { get; init; }
            public int Number { get; init; }
            public string Words { get; init; } = "";
            public int Votes { get; init; }
        }
    }

    internal sealed record Answer(Guid MeetingId, IReadOnlyList<Poll> Polls);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/meetings/{id:guid}/polls", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp(v => Results.Ok(new Answer(v.Meeting.Id, v.Polls))))
            .WithName("SeePolls").WithSummary("The polls of a meeting with how their votes stand.").Produces<Answer>().ProducesProblem(404)
            .Requires(ForumsPermissions.ManageForums);
        api.MapGet("/meetings/{id:guid}/open-polls", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Mine(id), ct)).ToHttp(v => Results.Ok(new Answer(v.Meeting.Id, v.Polls))))
            .WithName("SeeMyPolls").WithSummary("The polls of a meeting at which you may vote: open ones without how the votes stand, closed ones with it.").Produces<Answer>().ProducesProblem(404)
            .Requires(ForumsPermissions.TakePart);
    }
}
