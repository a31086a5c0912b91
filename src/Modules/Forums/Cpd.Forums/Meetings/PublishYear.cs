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

/// <summary>
/// An officer sets the meetings of a whole year in one act. All of them are published, and every member is invited in one message; or they are kept as drafts, which only
/// officers see, until they are published together.
/// </summary>
internal static class PublishYear {
    internal sealed record Command(Guid SeriesId, TimeOnly? StartsAt, TimeOnly? EndsAt, string? Venue, IReadOnlyList<Day> Meetings) : IRequest<Outcome<int>>, IWrite {
        public MeetingMode? Mode { get; init; }
        public string? JoiningLink { get; init; }
        /// <summary>How many each of them takes in all; null for as many as like.</summary>
        public int? Places { get; init; }
        public string? Topics { get; init; }
        /// <summary>Kept until somebody publishes them.</summary>
        public bool AsDrafts { get; init; }
    }

    /// <param name="Term">What the authority calls it.</param>
    /// <param name="On">Null for a term without a meeting.</param>
    internal sealed record Day(string? Term, DateOnly? On);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Meetings).Cascade(CascadeMode.Stop).Must(m => m.All(d => d is not null) && m.Any(d => d.On is not null)).WithMessage("Enter at least one date")
                .Must(m => m.Where(d => d.On is not null).DistinctBy(d => d.On).Count() == m.Count(d => d.On is not null)).WithMessage("Enter each date once")
                .Must(m => m.Count <= 20).WithMessage("Enter 20 meetings or fewer").Must(m => m.All(d => d.Term is null or { Length: <= 60 })).WithMessage("The name of a term must be 60 characters or fewer");
            RuleFor(c => c.StartsAt).NotNull().WithMessage("Enter the time it starts, like 9:30am");
            RuleFor(c => c.EndsAt).NotNull().WithMessage("Enter the time it ends, like 11:30am")
                .GreaterThan(c => c.StartsAt).When(c => c.StartsAt is not null && c.EndsAt is not null, ApplyConditionTo.CurrentValidator).WithMessage("The meetings must end after they start");
            RuleFor(c => c.Mode).IsInEnum().WithMessage("Select how it meets");
            RuleFor(c => c.Venue).NotEmpty().When(c => c.Mode != MeetingMode.LiveOnline, ApplyConditionTo.CurrentValidator).WithMessage("Enter where it meets").MaximumLength(300).WithMessage("Where it meets must be 300 characters or fewer");
            RuleFor(c => c.JoiningLink).Must(Link.IsGood).WithMessage("The joining link must begin with https:// and be 500 characters or fewer");
            RuleFor(c => c.Places).InclusiveBetween(1, Room.Most).WithMessage(Room.Sentence);
            RuleFor(c => c.Topics).MaximumLength(1000).WithMessage("The topics must be 1,000 characters or fewer");
        }
    }

    internal sealed class Handler(Db db, Publishing publishing, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const string Insert = """
            INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Places, Topics, Term, State, CancelReason, Version)
            VALUES (@Id, @SeriesId, @StartsAt, @EndsAt, @Mode, @Venue, @JoiningLink, @Places, @Topics, @Term, @State, '', 1)
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            var series = await OneSeries.Living(db, me, request.SeriesId, cancellationToken);
            if (series.Refusal is { } refusal) return refusal;
            var now = clock.GetUtcNow().UtcDateTime;
            var rows = request.Meetings.Where(m => m.On is not null).OrderBy(m => m.On).Select(m => new {
                Id = Ids.New(clock), request.SeriesId, StartsAt = London.ToUtc(m.On!.Value, request.StartsAt!.Value), EndsAt = London.ToUtc(m.On.Value, request.EndsAt!.Value), Mode = (request.Mode ?? series.Value.Mode).ToString(),
                Venue = request.Venue?.Trim() ?? "", JoiningLink = request.JoiningLink?.Trim() ?? "", request.Places, Topics = request.Topics?.Trim() ?? "", Term = m.Term?.Trim() ?? "", State = request.AsDrafts ? "Draft" : "Published",
            }).ToList();
            if (rows[0].StartsAt <= now) return Outcome.Invalid(nameof(request.Meetings), "Each date must be ahead");
            try {
                await db.Execute(Insert, rows, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Meetings), "The forum meets at one of these times already");
            }
            if (!request.AsDrafts) await publishing.Tell([.. rows.Select(r => r.Id)], cancellationToken);
            return rows.Count;
        }
    }

    internal sealed record Body(TimeOnly? StartsAt, TimeOnly? EndsAt, MeetingMode? Mode, string? Venue, string? JoiningLink, int? Places, string? Topics, IReadOnlyList<Day>? Meetings, bool AsDrafts);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/forums/{id:guid}/year", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.StartsAt, body.EndsAt, body.Venue, body.Meetings ?? []) {
            Mode = body.Mode, JoiningLink = body.JoiningLink, Places = body.Places, Topics = body.Topics, AsDrafts = body.AsDrafts,
        }, ct)).ToHttp())
        .WithName("PublishForumYear").WithSummary("Publishes the meetings of a year in one act and invites every member once; or keeps them as drafts. Gives how many. Each has the places that are said; as many may come as like where nothing is. Days and times are those of London.")
        .Produces<int>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(ForumsPermissions.ManageForums);
}
