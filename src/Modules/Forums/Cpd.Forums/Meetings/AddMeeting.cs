using Cpd.Forums.Series;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Forums.Meetings;

/// <summary>An officer sets the date of a forum's next meeting: it is public at once, and members are invited if it lies ahead.</summary>
internal static class AddMeeting {
    internal sealed record Command(Guid SeriesId, DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, string? Venue, string? Topics) : MeetingFields(HeldOn, StartsAt, EndsAt, Venue, Topics), IRequest<Outcome<Guid>>, IWrite {
        public string Term { get; init; } = "";
        /// <summary>A full meeting of the forum that this one is held again: who waits for a place there is told so.</summary>
        public Guid? SecondOf { get; init; }
    }

    internal sealed class Validator : MeetingRules<Command> {
        public Validator() => RuleFor(c => c.Term).MaximumLength(60).WithMessage("The name of the term must be 60 characters or fewer");
    }

    internal sealed class Handler(Db db, Publishing publishing, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Places, Topics, Term, State, CancelReason, Version)
            VALUES (@Id, @SeriesId, @StartsAt, @EndsAt, @Mode, @Venue, @JoiningLink, @Places, @Topics, @Term, 'Published', '', 1)
            """;

        const string SelectFirst = Meeting.Select + "WHERE m.Id = @SecondOf AND m.SeriesId = @SeriesId AND m.State = 'Published'";

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var series = await OneSeries.Living(db, me, request.SeriesId, cancellationToken);
            if (series.Refusal is { } refusal) return refusal;
            var first = request.SecondOf is null ? null : await db.One<Meeting>(SelectFirst, new { request.SecondOf, request.SeriesId }, cancellationToken);
            if (request.SecondOf is not null && first is null) return Outcome.NotFound;
            var id = Ids.New(clock);
            var meeting = new {
                Id = id, request.SeriesId, Mode = (request.Mode ?? series.Value.Mode).ToString(), Venue = request.Venue?.Trim() ?? "", JoiningLink = request.JoiningLink?.Trim() ?? "", request.Places, Topics = request.Topics?.Trim() ?? "", request.Term,
                StartsAt = request.Starts, EndsAt = request.Ends,
            };
            try {
                await db.Execute(Insert, meeting, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.HeldOn), "The forum meets at that time already");
            }
            // What has been held is written down, not invited to.
            if (request.Starts > clock.GetUtcNow().UtcDateTime) await publishing.Tell([id], cancellationToken, first);
            return id;
        }
    }

    internal sealed record Body(DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, MeetingMode? Mode, string? Venue, string? JoiningLink, int? Places, string? Topics, string? Term, Guid? SecondOf);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/meetings", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.HeldOn, body.StartsAt, body.EndsAt, body.Venue, body.Topics) {
                Mode = body.Mode, JoiningLink = body.JoiningLink, Places = body.Places, Term = body.Term ?? "", SecondOf = body.SecondOf,
            }, ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{made}", new { id = made })))
        .WithName("AddMeeting").WithSummary("Sets a meeting of a forum, public at once; members are invited if it lies ahead. It has the places that are said; as many may come as like where nothing is. With secondOf, a full meeting that it is held again, those who wait there are told so. Day and times are those of London.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
