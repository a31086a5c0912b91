using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Needs;

/// <summary>An officer says what is asked of those who are booked at a session: access, food, a crèche, and one question of their own. Nothing is asked unless they say so.</summary>
internal static class SetSessionQuestions {
    /// <param name="Question">In the officer's own words; empty for none.</param>
    internal sealed record Command(Guid SessionId, bool Access, bool Dietary, bool Creche, string? Question) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query(Guid SessionId) : IRequest<Outcome<View>>;

    internal sealed record View(Guid SessionId, string CourseTitle, DateTime StartsAt, bool Access, bool Dietary, bool Creche, string? Question);

    /// <summary>What a published session asks, in the words that people read.</summary>
    internal sealed record AskedQuery(Guid SessionId) : IRequest<IReadOnlyList<string>>;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.Question).MaximumLength(200).WithMessage("The question must be 200 characters or fewer");
    }

    const string SelectSession = """
        SELECT s.Id, s.StartsAt, c.Title
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.Id = @SessionId AND (@All = 1 OR s.AuthorityId IN @Authorities)
        """;
    const string SelectQuestions = "SELECT Kind, Question FROM training_SessionQuestion WHERE SessionId = @SessionId ORDER BY Kind";

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Command, Outcome<Done>>, IRequestHandler<Query, Outcome<View>>, IRequestHandler<AskedQuery, IReadOnlyList<string>> {
        // The session first, as everywhere: two officers write one after the other.
        const string Touch = "UPDATE training_Session SET Version = Version + 1 WHERE Id = @SessionId AND (@All = 1 OR AuthorityId IN @Authorities)";
        const string Delete = "DELETE FROM training_SessionQuestion WHERE SessionId = @SessionId";
        const string Insert = "INSERT INTO training_SessionQuestion (SessionId, Kind, Question) VALUES (@SessionId, @Kind, @Question)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.Execute(Touch, Scope(request.SessionId), cancellationToken) == 0) return Outcome.NotFound;
            var own = (request.Question ?? "").Trim();
            (NeedKind Kind, bool Asked, string Question)[] all = [
                (NeedKind.Access, request.Access, NeedWording.Question(NeedKind.Access)), (NeedKind.Dietary, request.Dietary, NeedWording.Question(NeedKind.Dietary)),
                (NeedKind.Creche, request.Creche, NeedWording.Question(NeedKind.Creche)), (NeedKind.Own, own.Length > 0, own),
            ];
            await db.Execute(Delete, new { request.SessionId }, cancellationToken);
            await db.Execute(Insert, all.Where(q => q.Asked).Select(q => new { request.SessionId, Kind = q.Kind.ToString(), q.Question }).ToList(), cancellationToken);
            return Outcome.Done;
        }

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Session>(SelectSession, Scope(request.SessionId), cancellationToken) is not { } session) return Outcome.NotFound;
            var asked = (await db.List<Asked>(SelectQuestions, request, cancellationToken)).ToDictionary(q => q.Kind, q => q.Question);
            return new View(session.Id, session.Title, session.StartsAt, asked.ContainsKey(NeedKind.Access), asked.ContainsKey(NeedKind.Dietary), asked.ContainsKey(NeedKind.Creche), asked.GetValueOrDefault(NeedKind.Own));
        }

        public async Task<IReadOnlyList<string>> Handle(AskedQuery request, CancellationToken cancellationToken) => [.. (await db.List<Asked>(SelectQuestions, request, cancellationToken)).OrderBy(q => q.Kind).Select(q => q.Question)];

        object Scope(Guid sessionId) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            return new { SessionId = sessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
        }
    }

    internal sealed record Body(bool Access, bool Dietary, bool Creche, string? Question);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/sessions/{id:guid}/questions", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("SeeSessionQuestions").WithSummary("What those who are booked at a session are asked.").Produces<View>().ProducesProblem(404)
            .Requires(TrainingPermissions.ManageCourses);
        api.MapPut("/sessions/{id:guid}/questions", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Access, body.Dietary, body.Creche, body.Question), ct)).ToHttp())
            .WithName("SetSessionQuestions").WithSummary("Says what those who are booked at a session are asked: access, food, a crèche, and one question of your own.")
            .Produces(204).ProducesValidationProblem().ProducesProblem(404)
            .Requires(TrainingPermissions.ManageCourses);
    }

    sealed record Session {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public string Title { get; init; } = "";
    }

    sealed record Asked {
        public NeedKind Kind { get; init; }
        public string Question { get; init; } = "";
    }
}
