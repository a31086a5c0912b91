using Cpd.People.Contracts;
using Cpd.Placements.Programmes;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Hosts;

/// <summary>A host's project for whoever answers for it: what it covers and how many it takes when.</summary>
internal static class OpenProject {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, Guid ProgrammeId, string ProgrammeName, string HostName, string Project, ProjectState State, string? Reason, int Capacity, bool GivesInduction, int Version,
        IReadOnlyList<SeeSetUp.Part> Parts, IReadOnlyList<int> Weekdays, IReadOnlyList<SeeSetUp.Theme> Themes, IReadOnlyList<Guid> Covers, IReadOnlyList<Room> Rooms);

    internal sealed record Room {
        public int Weekday { get; init; }
        public int DayPart { get; init; }
        public int Capacity { get; init; }
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT h.Id, h.ProgrammeId, p.Name AS ProgrammeName, h.OrganisationId, h.Project, h.State, h.Reason, h.Capacity, h.GivesInduction, h.Version, p.OpensOn
            FROM placements_ProgrammeHost h
            JOIN placements_Programme p ON p.Id = h.ProgrammeId
            WHERE h.Id = @Id AND {Within.Projects}
            """;
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @ProgrammeId ORDER BY Number";
        const string SelectThemes = "SELECT Id, Name, ByInduction FROM placements_Theme WHERE ProgrammeId = @ProgrammeId AND ByInduction = 0 ORDER BY Number, Id";
        const string SelectCovers = "SELECT ThemeId FROM placements_ProjectTheme WHERE ProjectId = @Id";
        const string SelectRooms = "SELECT Weekday, DayPart, Capacity FROM placements_Room WHERE ProjectId = @Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.AnswerForHost), request), cancellationToken) is not { } h) return Outcome.NotFound;
            var host = Words.NameOf(await mediator.Send(new FindOrganisations([h.OrganisationId]), cancellationToken));
            return new View(h.Id, h.ProgrammeId, h.ProgrammeName, host, h.Project, h.State, h.Reason, h.Capacity, h.GivesInduction, h.Version,
                await db.List<SeeSetUp.Part>(SelectParts, h, cancellationToken), [.. Enumerable.Range(1, 7).Where(d => (h.OpensOn & 1 << (d - 1)) != 0)],
                await db.List<SeeSetUp.Theme>(SelectThemes, h, cancellationToken), await db.List<Guid>(SelectCovers, h, cancellationToken), await db.List<Room>(SelectRooms, h, cancellationToken));
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/projects/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("OpenPlacementProject").WithSummary("A host's project: whether it takes part, the themes it covers, and how many students it takes at once; rooms say where that differs by weekday and part of the day.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.AnswerForHost);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid ProgrammeId { get; init; }
        public string ProgrammeName { get; init; } = "";
        public Guid OrganisationId { get; init; }
        public string Project { get; init; } = "";
        public ProjectState State { get; init; }
        public string? Reason { get; init; }
        public int Capacity { get; init; }
        public bool GivesInduction { get; init; }
        public int Version { get; init; }
        public int OpensOn { get; init; }
    }
}
