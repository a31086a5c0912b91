using Cpd.Accreditation.Contracts;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Training.Catalogue;

/// <summary>Anyone may open a published course: what it teaches, for whom, who accredits it, and its sessions ahead, soonest first.</summary>
internal static class OpenCourse {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    /// <param name="Sessions">The next 50.</param>
    internal sealed record View(
        Guid Id, string Title, string Summary, string LearningOutcomes, Guid AuthorityId, string AuthorityName, string? TrainingProviderName, CourseMode Mode, AgeRanges AgeRanges, int Minutes, int ParticipatoryMinutes,
        int PricePence, IReadOnlyList<JobRole> Audience, IReadOnlyList<string> Topics, IReadOnlyList<Accreditation> Accreditations, IReadOnlyList<Session> Sessions);

    internal sealed record Accreditation(string AccreditorName, string SchemeName, string Reference, DateOnly ValidTo);

    internal sealed record Session {
        public Guid Id { get; init; }
        public DateTime StartsAt { get; init; }
        public DateTime EndsAt { get; init; }
        public string VenueName { get; init; } = "";
        public int Places { get; init; }
        public int PlacesLeft { get; init; }
        public int WaitingCount { get; init; }
        public DateTime? OpensAt { get; init; }
        public DateTime? ClosesAt { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, TimeProvider clock) : IRequestHandler<Query, Outcome<View>> {
        const string Select = """
            SELECT Id, AuthorityId, TrainingProviderId, Title, Summary, LearningOutcomes, AgeRanges, Mode, Minutes, ParticipatoryMinutes, PricePence
            FROM training_Course
            WHERE Id = @Id AND State = 'Published'
            """;
        const string SelectSessions = """
            SELECT Id, StartsAt, EndsAt, VenueName, Places, Places - PlacesTaken AS PlacesLeft, WaitingCount, OpensAt, ClosesAt
            FROM training_Session
            WHERE CourseId = @Id AND State = 'Published' AND StartsAt > @Now
            ORDER BY StartsAt, Id
            """;

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, new { request.Id }, cancellationToken) is not { } c) return Outcome.NotFound;
            var authority = (await mediator.Send(new ListAuthorities(), cancellationToken)).FirstOrDefault(a => a.Id == c.AuthorityId)?.Name ?? "";
            var provider = c.TrainingProviderId is { } id ? await mediator.Send(new FindOrganisations([id]), cancellationToken) is [var organisation, ..] ? organisation.Name : null : null;
            var accredited = await mediator.Send(new FindAccreditations([c.Id], London.Today(clock)), cancellationToken);
            return new View(c.Id, c.Title, c.Summary, c.LearningOutcomes, c.AuthorityId, authority, provider, c.Mode, c.AgeRanges, c.Minutes, c.ParticipatoryMinutes, c.PricePence,
                await CourseParts.ReadAudience(db, request.Id, cancellationToken),
                await db.List<string>(CourseParts.SelectTopics, new { request.Id }, cancellationToken),
                [.. accredited.OrderBy(a => a.AccreditorName, StringComparer.Ordinal).Select(a => new Accreditation(a.AccreditorName, a.SchemeName, a.Reference, a.ValidTo))],
                await db.List<Session>(db.Page(SelectSessions), new { request.Id, Now = clock.GetUtcNow().UtcDateTime, Skip = 0, Take = 50 }, cancellationToken));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/courses/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenCourse").WithSummary("A published course with its sessions ahead. Times are UTC.").Produces<View>().ProducesProblem(404)
        .IsPublic();

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public Guid? TrainingProviderId { get; init; }
        public string Title { get; init; } = "";
        public string Summary { get; init; } = "";
        public string LearningOutcomes { get; init; } = "";
        public AgeRanges AgeRanges { get; init; }
        public CourseMode Mode { get; init; }
        public int Minutes { get; init; }
        public int ParticipatoryMinutes { get; init; }
        public int PricePence { get; init; }
    }
}
