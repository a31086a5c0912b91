using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Needs;

/// <summary>
/// What the people booked at a session need, for its officers and its trainer until 30 days after it: what they answered for this
/// session, or else what they let the service remember. Only of what the session asks.
/// </summary>
internal static class ListNeeds {
    internal const int DaysAfter = 30;

    internal sealed record Query(Guid SessionId) : IRequest<Outcome<View>>;

    /// <param name="Asked">The questions; none when the session asks nothing.</param>
    /// <param name="People">Who needs something, by name.</param>
    internal sealed record View(Guid SessionId, string CourseTitle, DateTime StartsAt, IReadOnlyList<string> Asked, IReadOnlyList<Person> People, bool IsOver);

    internal sealed record Person(Guid BookingId, string Name, string SettingName, IReadOnlyList<Need> Needs);

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string SelectSession = """
            SELECT s.Id, s.StartsAt, s.EndsAt, c.Title
            FROM training_Session s
            JOIN training_Course c ON c.Id = s.CourseId
            WHERE s.Id = @SessionId AND s.State <> 'Draft' AND (@All = 1 OR s.AuthorityId IN @Authorities OR s.TrainerPersonId = @Self)
            """;
        const string SelectNeeds = """
            SELECT b.Id, b.PersonId, b.SettingId, q.Kind, COALESCE(a.Answer, n.Answer, '') AS Answer
            FROM training_Booking b
            JOIN training_SessionQuestion q ON q.SessionId = b.SessionId
            LEFT JOIN training_BookingAnswer a ON a.BookingId = b.Id AND a.Kind = q.Kind
            LEFT JOIN training_PersonNeed n ON n.PersonId = b.PersonId AND n.Kind = q.Kind
            WHERE b.SessionId = @SessionId AND b.State = 'Booked' AND COALESCE(a.Answer, n.Answer, '') <> ''
            ORDER BY b.Id, q.Kind
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.SeeNeeds);
            var key = new { request.SessionId, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities), Self = reach.Self ?? Guid.Empty };
            if (await db.One<Session>(SelectSession, key, cancellationToken) is not { } session) return Outcome.NotFound;
            var asked = await mediator.Send(new SetSessionQuestions.AskedQuery(request.SessionId), cancellationToken);
            if (session.EndsAt.AddDays(DaysAfter) <= clock.GetUtcNow().UtcDateTime) return new View(session.Id, session.Title, session.StartsAt, asked, [], true);
            var rows = await db.List<Row>(SelectNeeds, new { request.SessionId }, cancellationToken);
            var names = (await mediator.Send(new FindPeople([.. rows.Select(r => r.PersonId).Distinct()]), cancellationToken)).ToDictionary(p => p.Id, p => p.Name);
            var settings = (await mediator.Send(new FindSettings([.. rows.Select(r => r.SettingId).OfType<Guid>().Distinct()]), cancellationToken)).ToDictionary(s => s.Id, s => s.Name);
            return new View(session.Id, session.Title, session.StartsAt, asked, [.. rows.GroupBy(r => r.Id).Select(g =>
                new Person(g.Key, names.GetValueOrDefault(g.First().PersonId, ""), settings.GetValueOrDefault(g.First().SettingId ?? Guid.Empty, ""), [.. g.Select(r => new Need(r.Kind, r.Answer)).OrderBy(n => n.Kind)]))
                .OrderBy(p => WordKey.Of(p.Name), StringComparer.Ordinal).ThenBy(p => p.BookingId)], false);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/sessions/{id:guid}/needs", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("ListNeeds").WithSummary("What the people booked at a session need, of what it asks; until 30 days after it. Times are UTC.").Produces<View>().ProducesProblem(404)
        .Requires(TrainingPermissions.SeeNeeds);

    sealed record Session {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string Title { get; init; } = "";
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Guid PersonId { get; init; }
        public Guid? SettingId { get; init; }
        public NeedKind Kind { get; init; }
        public string Answer { get; init; } = "";
    }
}
