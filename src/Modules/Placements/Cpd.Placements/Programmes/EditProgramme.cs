using System.Globalization;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Programmes;

/// <summary>
/// An officer lays down a programme: hours, opening days and parts of the day, days off, entry checks, themes and who may supervise. A check or theme that keeps
/// its name keeps what hangs on it; one that is taken out takes it along.
/// </summary>
internal static class EditProgramme {
    internal const int MostParts = 6;

    /// <param name="Weekdays">From 1 for Monday to 7.</param>
    /// <param name="Checks">One a line; so are the themes.</param>
    /// <param name="InductionTheme">What the induction itself meets, besides the themes that projects cover; empty when it meets none.</param>
    /// <param name="DaysOff">One a line: a day like 24/12/2026, and why.</param>
    internal sealed record Command(Guid Id, int Version, string? Name, string? Summary, int? HoursPerStudent, IReadOnlyList<int> Weekdays, IReadOnlyList<TypedPart> Parts, string? DaysOff,
        string? Checks, string? Themes, string? InductionTheme, Register InductionRegister, Register ProjectRegister, int? MovesADay) : IRequest<Outcome<Done>>, IWrite {
        internal IReadOnlyList<TypedPart> Given => [.. Parts.Where(p => !p.IsEmpty)];
    }

    internal sealed class TypedPart {
        public string? Name { get; set; }
        public TimeOnly? Starts { get; set; }
        public TimeOnly? Ends { get; set; }

        internal bool IsEmpty => string.IsNullOrWhiteSpace(Name) && Starts is null && Ends is null;
    }

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() {
            RuleFor(c => c.Name).NotEmpty().WithMessage("Enter the name of the programme").MaximumLength(200).WithMessage("The name must be 200 characters or fewer");
            RuleFor(c => c.Summary).NotEmpty().WithMessage("Enter a summary of what students do").MaximumLength(1000).WithMessage("The summary must be 1,000 characters or fewer");
            RuleFor(c => c.HoursPerStudent).NotNull().WithMessage("Enter the hours for each student").InclusiveBetween(1, 2300).WithMessage("The hours for each student must be between 1 and 2,300");
            RuleFor(c => c.Weekdays).Must(d => d.Count > 0 && d.All(n => n is >= 1 and <= 7)).WithMessage("Select the days of the week on which the programme is open");
            RuleFor(c => c.Parts).Must((c, _) => c.Given.Count > 0).WithMessage("Enter at least one part of the day").OverridePropertyName("Parts[0].Name");
            RuleFor(c => c.Parts).Must((c, _) => c.Given.Zip(c.Given.Skip(1)).All(p => p.First.Ends is null || p.Second.Starts is null || p.First.Ends <= p.Second.Starts))
                .WithMessage("The parts of the day must be in order and must not overlap").OverridePropertyName("Parts[0].Starts");
            RuleForEach(c => c.Parts).Where(p => !p.IsEmpty).ChildRules(part => {
                part.RuleFor(p => p.Name).NotEmpty().WithMessage("Enter the name of this part of the day, like Morning").MaximumLength(50).WithMessage("The name of a part of the day must be 50 characters or fewer");
                part.RuleFor(p => p.Starts).NotNull().WithMessage("Enter when this part of the day begins");
                part.RuleFor(p => p.Ends).NotNull().WithMessage("Enter when this part of the day ends").Must((p, ends) => ends is null || p.Starts is null || ends > p.Starts).WithMessage("A part of the day must end after it begins");
            });
            RuleFor(c => c.DaysOff).Must(text => ReadDays(text) is not null).WithMessage("Enter each day off on a line of its own, like 24/12/2026 Christmas Eve");
            RuleFor(c => c.Checks).Must(text => Lines(text).All(l => l.Length <= 100)).WithMessage("Each entry check must be 100 characters or fewer");
            RuleFor(c => c.Themes).Must(text => Lines(text).All(l => l.Length <= 200)).WithMessage("Each theme must be 200 characters or fewer");
            RuleFor(c => c.InductionTheme).MaximumLength(200).WithMessage("The theme of the induction must be 200 characters or fewer");
            RuleFor(c => c.InductionRegister).IsInEnum().WithMessage("Select a register");
            RuleFor(c => c.ProjectRegister).IsInEnum().WithMessage("Select a register");
            RuleFor(c => c.MovesADay).InclusiveBetween(0, 10).WithMessage("Moves in a day must be between 0 and 10");
        }
    }

    internal static IReadOnlyList<string> Lines(string? text) => [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The days with their reasons; null when a line does not begin with a day.</summary>
    internal static IReadOnlyList<(DateOnly Day, string Reason)>? ReadDays(string? text) {
        var days = new Dictionary<DateOnly, string>();
        foreach (var line in Lines(text)) {
            var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (!DateOnly.TryParseExact(parts[0], ["d/M/yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || parts is [_, { Length: > 200 }]) return null;
            days[day] = parts is [_, var reason] ? reason : "";
        }
        return [.. days.Select(d => (d.Key, d.Value))];
    }

    internal sealed class Handler(Db db, CurrentUser me, TimeProvider clock) : IRequestHandler<Command, Outcome<Done>> {
        const string Select = $"SELECT p.Id FROM placements_Programme p WHERE p.Id = @Id AND {Within.Programmes}";
        const string Update = """
            UPDATE placements_Programme
            SET Name = @Name, Summary = @Summary, MinutesPerStudent = @Minutes, OpensOn = @OpensOn, InductionRegister = @InductionRegister, ProjectRegister = @ProjectRegister, MovesADay = @MovesADay, Version = Version + 1
            WHERE Id = @Id AND Version = @Version
            """;
        const string DeleteParts = "DELETE FROM placements_DayPart WHERE ProgrammeId = @Id";
        const string InsertPart = "INSERT INTO placements_DayPart (ProgrammeId, Number, Name, Starts, Ends) VALUES (@Id, @Number, @Name, @Starts, @Ends)";
        const string ForgetRooms = "DELETE FROM placements_Room WHERE DayPart > @Parts AND ProjectId IN (SELECT Id FROM placements_ProgrammeHost WHERE ProgrammeId = @Id)";
        const string ForgetDuty = "DELETE FROM placements_Duty WHERE DayPart > @Parts AND SupervisorId IN (SELECT Id FROM placements_Supervisor WHERE ProgrammeId = @Id)";
        const string DeleteDaysOff = "DELETE FROM placements_DayOff WHERE ProgrammeId = @Id";
        const string InsertDayOff = "INSERT INTO placements_DayOff (ProgrammeId, OffOn, Reason) VALUES (@Id, @OffOn, @Reason)";
        const string SelectChecks = "SELECT Id, Name FROM placements_EntryCheck WHERE ProgrammeId = @Id";
        const string InsertCheck = "INSERT INTO placements_EntryCheck (Id, ProgrammeId, Number, Name) VALUES (@Id, @ProgrammeId, @Number, @Name)";
        const string NumberCheck = "UPDATE placements_EntryCheck SET Number = @Number WHERE Id = @Id";
        const string ForgetConfirmed = "DELETE FROM placements_StudentCheck WHERE CheckId IN @Ids";
        const string DeleteChecks = "DELETE FROM placements_EntryCheck WHERE Id IN @Ids";
        const string SelectThemes = "SELECT Id, Name FROM placements_Theme WHERE ProgrammeId = @Id";
        const string InsertTheme = "INSERT INTO placements_Theme (Id, ProgrammeId, Number, Name, ByInduction) VALUES (@Id, @ProgrammeId, @Number, @Name, @ByInduction)";
        const string NumberTheme = "UPDATE placements_Theme SET Number = @Number, ByInduction = @ByInduction WHERE Id = @Id";
        const string ForgetCovered = "DELETE FROM placements_ProjectTheme WHERE ThemeId IN @Ids";
        const string DeleteThemes = "DELETE FROM placements_Theme WHERE Id IN @Ids";

        public async Task<Outcome<Done>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<Guid?>(Select, db.In(me.Reach(PlacementsPermissions.ManagePlacements), new { request.Id }), cancellationToken) is null) return Outcome.NotFound;
            try {
                if (await db.Execute(Update, new {
                    request.Id, request.Version, Name = request.Name!.Trim(), Summary = request.Summary!.Trim(), Minutes = request.HoursPerStudent * 60, OpensOn = request.Weekdays.Distinct().Sum(d => 1 << (d - 1)),
                    InductionRegister = request.InductionRegister.ToString(), ProjectRegister = request.ProjectRegister.ToString(), request.MovesADay,
                }, cancellationToken) == 0) return Outcome.Conflict("Somebody else has changed the programme since you opened it. Open it again to see their changes.");
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Invalid(nameof(request.Name), "There is a programme of this name in that academic year already");
            }
            var parts = request.Given;
            await db.Execute(DeleteParts, new { request.Id }, cancellationToken);
            await db.Execute(InsertPart, parts.Select((p, i) => new { request.Id, Number = i + 1, Name = p.Name!.Trim(), Starts = MinutesOf(p.Starts!.Value), Ends = MinutesOf(p.Ends!.Value) }).ToList(), cancellationToken);
            await db.Execute(ForgetRooms, new { request.Id, Parts = parts.Count }, cancellationToken);
            await db.Execute(ForgetDuty, new { request.Id, Parts = parts.Count }, cancellationToken);
            await db.Execute(DeleteDaysOff, new { request.Id }, cancellationToken);
            await db.Execute(InsertDayOff, ReadDays(request.DaysOff)!.Select(d => new { request.Id, OffOn = d.Day, d.Reason }).ToList(), cancellationToken);

            var checks = await Sort(SelectChecks, request.Id, [.. Lines(request.Checks).Select(name => (name, false))], cancellationToken);
            await db.Execute(ForgetConfirmed, new { Ids = db.Ids(checks.Gone) }, cancellationToken);
            await db.Execute(DeleteChecks, new { Ids = db.Ids(checks.Gone) }, cancellationToken);
            await db.Execute(NumberCheck, checks.Kept, cancellationToken);
            await db.Execute(InsertCheck, checks.New, cancellationToken);

            var byInduction = (request.InductionTheme ?? "").Trim();
            var named = Lines(request.Themes).Where(t => !t.Equals(byInduction, StringComparison.OrdinalIgnoreCase)).Select(t => (t, false));
            var themes = await Sort(SelectThemes, request.Id, [.. byInduction.Length > 0 ? [(byInduction, true)] : Array.Empty<(string, bool)>(), .. named], cancellationToken);
            await db.Execute(ForgetCovered, new { Ids = db.Ids(themes.Gone) }, cancellationToken);
            await db.Execute(DeleteThemes, new { Ids = db.Ids(themes.Gone) }, cancellationToken);
            await db.Execute(NumberTheme, themes.Kept, cancellationToken);
            await db.Execute(InsertTheme, themes.New, cancellationToken);
            return Outcome.Done;
        }

        /// <summary>What of the lines is known by its name, what is new, and what is there no more.</summary>
        async Task<(IReadOnlyList<Line> Kept, IReadOnlyList<Line> New, IReadOnlyList<Guid> Gone)> Sort(string select, Guid programmeId, IReadOnlyList<(string Name, bool ByInduction)> lines, CancellationToken ct) {
            var known = (await db.List<SeeSetUp.Named>(select, new { Id = programmeId }, ct)).ToDictionary(k => k.Name, k => k.Id, StringComparer.OrdinalIgnoreCase);
            var all = lines.Select((l, i) => new Line(known.TryGetValue(l.Name, out var id) ? id : Ids.New(clock), programmeId, i + 1, l.Name, l.ByInduction)).ToList();
            return ([.. all.Where(l => known.ContainsKey(l.Name))], [.. all.Where(l => !known.ContainsKey(l.Name))], [.. known.Values.Except(all.Select(l => l.Id))]);
        }

        static int MinutesOf(TimeOnly time) => time.Hour * 60 + time.Minute;
    }

    sealed record Line(Guid Id, Guid ProgrammeId, int Number, string Name, bool ByInduction);

    internal sealed record Body(int Version, string? Name, string? Summary, int? HoursPerStudent, IReadOnlyList<int>? Weekdays, IReadOnlyList<TypedPart>? Parts, IReadOnlyList<Off>? DaysOff, IReadOnlyList<string>? Checks,
        IReadOnlyList<string>? Themes, string? InductionTheme, Register InductionRegister, Register ProjectRegister, int? MovesADay);

    internal sealed record Off(DateOnly On, string? Reason);

    static string? Joined(IEnumerable<string>? lines) => lines is null ? null : string.Join('\n', lines);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/placements/{id:guid}/set-up", async (Guid id, Body body, IMediator mediator, CancellationToken ct) => (await mediator.Send(new Command(id, body.Version, body.Name, body.Summary, body.HoursPerStudent, body.Weekdays ?? [], body.Parts ?? [],
            Joined(body.DaysOff?.Select(d => $"{d.On:yyyy-MM-dd} {d.Reason}")), Joined(body.Checks), Joined(body.Themes), body.InductionTheme, body.InductionRegister, body.ProjectRegister, body.MovesADay), ct)).ToHttp())
        .WithName("SetUpPlacementProgramme").WithSummary("Lays down all of a programme: weekdays from 1 for Monday, parts of the day, days off, entry checks, themes and registers. What keeps its name keeps what hangs on it; what is left out goes.")
        .Produces(204).ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.ManagePlacements);
}
