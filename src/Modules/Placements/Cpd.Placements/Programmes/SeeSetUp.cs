using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Programmes;

/// <summary>What an officer has laid down for a programme: when it is open, what is checked of students and what they must meet, and who may supervise.</summary>
internal static class SeeSetUp {
    internal sealed record Query(Guid Id) : IRequest<Outcome<View>>;

    internal sealed record View(Guid Id, Guid AuthorityId, string Name, string Summary, int AcademicYear, int MinutesPerStudent, IReadOnlyList<int> Weekdays, IReadOnlyList<Part> Parts, IReadOnlyList<Off> DaysOff,
        IReadOnlyList<Named> Checks, IReadOnlyList<Theme> Themes, Register InductionRegister, Register ProjectRegister, int? MovesADay, Guid? AlternativeCourseId, int Version);

    /// <summary>A part of a day; its times are minutes after midnight in London.</summary>
    internal sealed record Part {
        public int Number { get; init; }
        public string Name { get; init; } = "";
        public int Starts { get; init; }
        public int Ends { get; init; }
        internal TimeOnly From => new(Starts / 60, Starts % 60);
        internal TimeOnly To => Ends == 1440 ? TimeOnly.MaxValue : new(Ends / 60, Ends % 60);
    }

    internal sealed record Off {
        public DateOnly OffOn { get; init; }
        public string Reason { get; init; } = "";
    }

    internal sealed record Named {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
    }

    internal sealed record Theme {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public bool ByInduction { get; init; }
    }

    internal sealed class Handler(Db db, CurrentUser me) : IRequestHandler<Query, Outcome<View>> {
        const string Select = $"""
            SELECT p.Id, p.AuthorityId, p.Name, p.Summary, p.AcademicYear, p.MinutesPerStudent, p.OpensOn, p.InductionRegister, p.ProjectRegister, p.MovesADay, p.AlternativeCourseId, p.Version
            FROM placements_Programme p
            WHERE p.Id = @Id AND {Within.Seen}
            """;
        const string SelectParts = "SELECT Number, Name, Starts, Ends FROM placements_DayPart WHERE ProgrammeId = @Id ORDER BY Number";
        const string SelectOff = "SELECT OffOn, Reason FROM placements_DayOff WHERE ProgrammeId = @Id ORDER BY OffOn";
        const string SelectChecks = "SELECT Id, Name FROM placements_EntryCheck WHERE ProgrammeId = @Id ORDER BY Number, Id";
        const string SelectThemes = "SELECT Id, Name, ByInduction FROM placements_Theme WHERE ProgrammeId = @Id ORDER BY Number, Id";

        public async Task<Outcome<View>> Handle(Query request, CancellationToken cancellationToken) {
            if (await db.One<Row>(Select, db.In(me.Reach(PlacementsPermissions.SeePlacements), request), cancellationToken) is not { } p) return Outcome.NotFound;
            return new View(p.Id, p.AuthorityId, p.Name, p.Summary, p.AcademicYear, p.MinutesPerStudent, [.. Enumerable.Range(1, 7).Where(d => (p.OpensOn & 1 << (d - 1)) != 0)],
                await db.List<Part>(SelectParts, request, cancellationToken), await db.List<Off>(SelectOff, request, cancellationToken),
                await db.List<Named>(SelectChecks, request, cancellationToken), await db.List<Theme>(SelectThemes, request, cancellationToken),
                p.InductionRegister, p.ProjectRegister, p.MovesADay, p.AlternativeCourseId, p.Version);
        }
    }

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/placements/{id:guid}/set-up", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Query(id), ct)).ToHttp())
        .WithName("SeePlacementSetUp").WithSummary("What is laid down for a placement programme: weekdays from 1 for Monday, parts of the day in minutes after midnight in London, days off, entry checks, themes and registers.")
        .Produces<View>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
        .Requires(PlacementsPermissions.SeePlacements);

    sealed record Row {
        public Guid Id { get; init; }
        public Guid AuthorityId { get; init; }
        public string Name { get; init; } = "";
        public string Summary { get; init; } = "";
        public int AcademicYear { get; init; }
        public int MinutesPerStudent { get; init; }
        public int OpensOn { get; init; }
        public Register InductionRegister { get; init; }
        public Register ProjectRegister { get; init; }
        public int? MovesADay { get; init; }
        public Guid? AlternativeCourseId { get; init; }
        public int Version { get; init; }
    }
}
