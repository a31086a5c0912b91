using Cpd.People.Contracts;
using Cpd.Placements.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Placements.Cohorts;

/// <summary>
/// An institution, or an officer for it, sends the students of a cohort from a spreadsheet. All of them are taken or none: each row that is wrong is named with its
/// number and why. Who they are, People says; they hear of it by an invitation.
/// </summary>
internal static class ImportStudents {
    internal const int Most = 1000, Largest = 1024 * 1024;

    internal sealed record Command(Guid CohortId, Stream? StudentFile) : IRequest<Outcome<int>>, ILongWrite;

    internal sealed class Validator : AbstractValidator<Command> {
        public Validator() => RuleFor(c => c.StudentFile).NotNull().WithMessage("Select a CSV file").Must(f => f is not { CanSeek: true, Length: > Largest }).WithMessage("The file must be smaller than 1 MB");
    }

    internal sealed class Handler(Db db, IMediator mediator, CurrentUser me, Outbox outbox, TimeProvider clock) : IRequestHandler<Command, Outcome<int>> {
        const int MostShown = 100;
        const string Select = $"""
            SELECT p.AuthorityId, c.OrganisationId, c.StartsOn, c.EndsOn, c.MinutesPerStudent, c.Version
            FROM placements_Cohort c
            JOIN placements_Programme p ON p.Id = c.ProgrammeId
            WHERE c.Id = @CohortId AND {Within.Cohorts}
            """;
        const string SelectKnown = "SELECT EmailKey FROM placements_Student WHERE CohortId = @CohortId";
        internal const string Insert = """
            INSERT INTO placements_Student (Id, CohortId, Name, Email, EmailKey, Reference, StartsOn, EndsOn, MinutesAllowed, MinutesLogged, State, AddedAt, Version)
            VALUES (@Id, @CohortId, @Name, @Email, @EmailKey, @Reference, @StartsOn, @EndsOn, @Minutes, 0, 'Active', @Now, 1)
            """;

        public async Task<Outcome<int>> Handle(Command request, CancellationToken cancellationToken) {
            if (await db.One<CohortRow>(Select, db.In(me.Reach(PlacementsPermissions.SendStudents), new { request.CohortId }), cancellationToken) is not { } cohort) return Outcome.NotFound;
            if (await db.Execute(ChangeCohort.Hold, new { request.CohortId, cohort.Version }, cancellationToken) == 0) return ChangeCohort.Changed;
            // A write may be run again from its beginning, and the file is then read again.
            if (request.StudentFile!.CanSeek) request.StudentFile.Position = 0;
            var (students, problems) = await StudentFile.Read(request.StudentFile, cancellationToken);
            var known = (await db.List<string>(SelectKnown, new { request.CohortId }, cancellationToken)).ToHashSet();
            foreach (var student in students) {
                if (known.Contains(Key(student.Email))) problems.Add($"Row {student.Row}: {student.Email} is in this cohort already");
                else if (student.StartsOn < cohort.StartsOn || student.EndsOn > cohort.EndsOn) problems.Add($"Row {student.Row}: The days must be from {Show.Date(cohort.StartsOn)} to {Show.Date(cohort.EndsOn)}");
            }
            if (students.Count > Most) problems.Add($"The file has more than {Most} students");
            if (problems.Count > 0)
                // A field shows its first sentence only, so that each row stands for itself.
                return new Invalid([.. problems.Take(MostShown).Append(problems.Count > MostShown ? $"and {problems.Count - MostShown} more" : "").Where(p => p.Length > 0)
                    .Select((p, i) => new FieldError(i == 0 ? nameof(Command.StudentFile) : $"{nameof(Command.StudentFile)}[{i}]", p))]);

            var institution = Words.NameOf(await mediator.Send(new FindOrganisations([cohort.OrganisationId]), cancellationToken));
            var now = clock.GetUtcNow().UtcDateTime;
            var rows = students.Select(s => new {
                Id = Ids.New(clock), request.CohortId, s.Name, s.Email, EmailKey = Key(s.Email), s.Reference, StartsOn = s.StartsOn ?? cohort.StartsOn, EndsOn = s.EndsOn ?? cohort.EndsOn, Minutes = cohort.MinutesPerStudent, Now = now,
            }).ToList();
            try {
                await db.Execute(Insert, rows, cancellationToken);
            } catch (Exception e) when (db.IsUniqueViolation(e)) {
                return Outcome.Conflict("Somebody else has just added some of these students. Open the cohort again to see them.");
            }
            await outbox.Add(rows.Select(r => new StudentSent(r.Id, cohort.AuthorityId, institution, r.Name, r.Email)), cancellationToken);
            return rows.Count;
        }

        internal static string Key(string email) => email.Trim().ToLowerInvariant();

        sealed record CohortRow {
            public Guid AuthorityId { get; init; }
            public Guid OrganisationId { get; init; }
            public DateOnly StartsOn { get; init; }
            public DateOnly EndsOn { get; init; }
            public int MinutesPerStudent { get; init; }
            public int Version { get; init; }
        }
    }

    internal sealed record Imported(int Students);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/placements/cohorts/{id:guid}/students/import", async (Guid id, Stream body, IMediator mediator, CancellationToken ct) => {
            await using var file = await Whole(body, ct);
            return (await mediator.Send(new Command(id, file), ct)).ToHttp(students => Results.Ok(new Imported(students)));
        })
        .Accepts<Stream>("text/csv")
        .WithName("ImportPlacementStudents").WithSummary("Adds all students of a CSV file, up to 1 MB, to a cohort that you send, or none: each row that is wrong is named with its number and why. Columns: Full name, Email address, Student number, First day, Last day; the last three may be left out.")
        .Produces<Imported>().ProducesValidationProblem().ProducesProblem(404).ProducesProblem(409)
        .Requires(PlacementsPermissions.SendStudents);

    /// <summary>The file in memory, so that it can be read again; of one that is too large only so much that it shows.</summary>
    static async Task<MemoryStream> Whole(Stream body, CancellationToken ct) {
        var (file, part) = (new MemoryStream(), new byte[64 * 1024]);
        while (file.Length <= Largest && await body.ReadAsync(part, ct) is > 0 and var read) file.Write(part, 0, read);
        file.Position = 0;
        return file;
    }
}
