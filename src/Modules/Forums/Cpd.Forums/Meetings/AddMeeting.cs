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
    }

    internal sealed class Validator : MeetingRules<Command> {
        public Validator() => RuleFor(c => c.Term).MaximumLength(60).WithMessage("The name of the term must be 60 characters or fewer");
    }

    internal sealed class Handler(Db db, Publishing publishing, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Guid>> {
        const string Insert = """
            INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version)
            VALUES (@Id, @SeriesId, @StartsAt, @EndsAt, @Mode, @Venue, @JoiningLink, @Topics, @Term, 'Published', '', 1)
            """;

        public async Task<Outcome<Guid>> Handle(Command request, CancellationToken cancellationToken) {
            var series = await OneSeries.Living(db, me, request.SeriesId, cancellationToken);
            if (series.Refusal is { } refusal) return refusal;
            var id = Ids.New(clock);
            var meeting = new {
                Id = id, request.SeriesId, Mode = (request.Mode ?? series.Value.Mode).ToString(), Venue = request.Venue?.Trim() ?? "", JoiningLink = request.JoiningLink?.Trim() ?? "", Topics = request.Topics?.Trim() ?? "", request.Term,
                StartsAt = request.Starts, EndsAt = request.Ends,
            };
            try {
                await db.Execute(Insert, meeting, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.HeldOn), "The forum meets at that time already");
            }
            // What has been held is written down, not invited to.
            if (request.Starts > clock.GetUtcNow().UtcDateTime) await publishing.Tell([id], cancellationToken);
            return id;
        }
    }

    internal sealed record Body(DateOnly? HeldOn, TimeOnly? StartsAt, TimeOnly? EndsAt, MeetingMode? Mode, string? Venue, string? JoiningLink, string? Topics, string? Term);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/meetings", async (Guid id, Body body, IMediator mediator, CancellationToken ct) =>
            (await mediator.Send(new Command(id, body.HeldOn, body.StartsAt, body.EndsAt, body.Venue, body.Topics) { Mode = body.Mode, JoiningLink = body.JoiningLink, Term = body.Term ?? "" }, ct)).ToHttp(made => Results.Created($"/api/v1/meetings/{made}", new { id = made })))
        .WithName("AddMeeting").WithSummary("Sets a meeting of a forum, public at once; members are invited if it lies ahead. Day and times are those of London.").Produces(201).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
