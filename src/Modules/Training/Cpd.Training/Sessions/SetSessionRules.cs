using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Reminders;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Sessions;

/// <summary>
/// An officer says who may have the places of a session: at most so many for each setting, of all roles or of one, until a day; places
/// set aside for other authorities until a day; and by which day there must be how many people. Whoever fits by the new rules is served.
/// </summary>
internal static class SetSessionRules {
    /// <param name="JobRole">Null for all roles.</param>
    /// <param name="Until">The last day on which it holds; null for always.</param>
    internal sealed record Limit(JobRole? JobRole, int? Most, DateOnly? Until);

    /// <param name="Until">The last day on which they are set aside.</param>
    internal sealed record Aside(Guid? AuthorityId, int? Places, DateOnly? Until);

    internal sealed record Command(Guid Id, IReadOnlyList<Limit>? Limits, IReadOnlyList<Aside>? Quotas, int? LeastPeople, DateOnly? DecideOn) : IRequest<Outcome<Done>>, IWrite;

    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, string CourseTitle, DateTime StartsAt, IReadOnlyList<Limit> Limits, IReadOnlyList<Aside> Quotas, int? LeastPeople, DateOnly? DecideOn);

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleForEach(c => c.Limits).ChildRules(l => l.RuleFor(x => x.Most).NotNull().WithMessage("Enter the most places of one setting").InclusiveBetween(1, 5000).WithMessage("The most places of one setting must be between 1 and 5,000"));
            RuleFor(c => c.Limits).Must(l => l is null || l.Select(x => x.JobRole).Distinct().Count() == l.Count).WithMessage("Name each role once");
            RuleForEach(c => c.Quotas).ChildRules(q => {
                q.RuleFor(x => x.AuthorityId).NotNull().WithMessage("Select the local authority");
                q.RuleFor(x => x.Places).NotNull().WithMessage("Enter how many places are set aside").InclusiveBetween(1, 5000).WithMessage("The places set aside must be between 1 and 5,000");
                q.RuleFor(x => x.Until).NotNull().WithMessage("Enter the last day on which they are set aside");
            });
            RuleFor(c => c.Quotas).Must(q => q is null || q.Select(x => x.AuthorityId).Distinct().Count() == q.Count).WithMessage("Name each local authority once").Must(q => q is null || q.Count <= 20).WithMessage("Set places aside for at most 20 local authorities");
            RuleFor(c => c.LeastPeople).InclusiveBetween(1, 5000).WithMessage("The minimum number must be between 1 and 5,000").Must((c, least) => least is not null || c.DecideOn is null).WithMessage("Enter the minimum number of people");
            RuleFor(c => c.DecideOn).Must((c, on) => on is not null || c.LeastPeople is null).WithMessage("Enter the day on which you decide");
        }
    }

    const string Select = """
        SELECT s.Id, s.State, s.StartsAt, s.Places, s.LeastPeople, s.DecideAt, c.Title
        FROM training_Session s
        JOIN training_Course c ON c.Id = s.CourseId
        WHERE s.Id = @Id AND (@All = 1 OR s.AuthorityId IN @Authorities)
        """;

    internal sealed class Handler(Db db, IMediator mediator, Allotment allotment, SessionRounds rounds, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Update = """
            UPDATE training_Session SET Ruled = @Ruled, LeastPeople = @LeastPeople, DecideAt = @DecideAt, Version = Version + 1
            WHERE Id = @Id AND State <> 'Cancelled' AND StartsAt > @Now
            """;
        const string DeleteLimits = "DELETE FROM training_PlaceLimit WHERE SessionId = @Id";
        const string DeleteQuotas = "DELETE FROM training_Quota WHERE SessionId = @Id";
        const string InsertLimit = "INSERT INTO training_PlaceLimit (SessionId, JobRole, Most, Until) VALUES (@SessionId, @JobRole, @Most, @Until)";
        const string InsertQuota = "INSERT INTO training_Quota (SessionId, AuthorityId, Places, ReleasesAt) VALUES (@SessionId, @AuthorityId, @Places, @ReleasesAt)";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            var scope = new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) };
            if (await db.One<Row>(Select, scope, cancellationToken) is not { } session) return Outcome.NotFound;
            var (limits, quotas) = (request.Limits ?? [], request.Quotas ?? []);
            var known = (await mediator.Send(new ListAuthorities(), cancellationToken)).Select(a => a.Id).ToHashSet();
            for (var i = 0; i < quotas.Count; i++)
                if (!known.Contains(quotas[i].AuthorityId!.Value)) return Outcome.Invalid($"Quotas[{i}].AuthorityId", "Select the local authority");
            if (quotas.Sum(q => q.Places!.Value) > session.Places) return Outcome.Invalid("Quotas", $"More places are set aside than the {session.Places} there are");
            var now = clock.GetUtcNow().UtcDateTime;
            if (request.DecideOn > London.Day(session.StartsAt)) return Outcome.Invalid(nameof(request.DecideOn), "Decide before the session starts");
            if (await db.Execute(Update, new {
                request.Id, Ruled = limits.Count + quotas.Count > 0, request.LeastPeople, DecideAt = request.DecideOn is { } on ? London.StartOf(on) : (DateTime?)null, Now = now,
            }, cancellationToken) == 0) return Outcome.Conflict("The session has been cancelled or has started, so its rules can no longer be changed.");
            await db.Execute(DeleteLimits, scope, cancellationToken);
            await db.Execute(DeleteQuotas, scope, cancellationToken);
            if (limits.Count > 0) await db.Execute(InsertLimit, limits.Select(l => new { SessionId = request.Id, JobRole = l.JobRole?.ToString() ?? "", Most = l.Most!.Value, Until = After(l.Until) }).ToList(), cancellationToken);
            if (quotas.Count > 0) await db.Execute(InsertQuota, quotas.Select(q => new { SessionId = request.Id, q.AuthorityId, Places = q.Places!.Value, ReleasesAt = After(q.Until)!.Value }).ToList(), cancellationToken);
            if (session.State == Publication.Published) {
                await allotment.Settle(request.Id, "The rules of the session were changed", null, cancellationToken);
                await rounds.Plan(request.Id, cancellationToken);
            }
            return Outcome.Done;
        }

        static DateTime? After(DateOnly? day) => day is { } last ? London.StartOf(last.AddDays(1)) : null;
    }

    internal sealed class Reader(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string SelectLimits = "SELECT JobRole, Most, Until FROM training_PlaceLimit WHERE SessionId = @Id ORDER BY JobRole";
        const string SelectQuotas = "SELECT AuthorityId, Places, ReleasesAt FROM training_Quota WHERE SessionId = @Id ORDER BY ReleasesAt, AuthorityId";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            var reach = me.Reach(TrainingPermissions.ManageCourses);
            if (await db.One<Row>(Select, new { request.Id, All = reach.All ? 1 : 0, Authorities = db.Ids(reach.Authorities) }, cancellationToken) is not { } session) return Outcome.NotFound;
            var limits = await db.List<WaitingList.LimitRow>(SelectLimits, request, cancellationToken);
            var quotas = await db.List<WaitingList.QuotaRow>(SelectQuotas, request, cancellationToken);
            return new View(session.Id, session.Title, session.StartsAt, [.. limits.Select(l => new Limit(WaitingList.Role(l.JobRole), l.Most, Last(l.Until)))],
                [.. quotas.Select(q => new Aside(q.AuthorityId, q.Places, Last(q.ReleasesAt)))], session.LeastPeople, session.DecideAt is { } at ? London.Day(at) : null);
        }

        static DateOnly? Last(DateTime? until) => until is { } at ? London.Day(at.AddTicks(-1)) : null;
    }

    internal sealed record Body(IReadOnlyList<Limit>? Limits, IReadOnlyList<Aside>? Quotas, int? LeastPeople, DateOnly? DecideOn);

    internal static void Map(IEndpointRouteBuilder api) {
        api.MapGet("/sessions/{id:guid}/rules", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
            .WithName("SeeSessionRules").WithSummary("Limits for settings, places set aside for authorities, and the minimum number of a session. Days are the last on which a rule holds.").Produces<View>().ProducesProblem(404)
            .Requires(TrainingPermissions.ManageCourses);
        api.MapPut("/sessions/{id:guid}/rules", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Limits, body.Quotas, body.LeastPeople, body.DecideOn), ct)).ToHttp())
            .WithName("SetSessionRules").WithSummary("Changes a session's limits for settings, places set aside for authorities, and minimum number. What is left out is taken away.")
            .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
            .Requires(TrainingPermissions.ManageCourses);
    }

    sealed record Row {
        public Guid Id { get; init; }
        public Publication State { get; init; }
        public DateTime StartsAt { get; init; }
        public int Places { get; init; }
        public int? LeastPeople { get; init; }
        public DateTime? DecideAt { get; init; }
        public string Title { get; init; } = "";
    }
}
