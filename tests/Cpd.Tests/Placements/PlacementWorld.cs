using System.Text;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Tests.Placements;

/// <summary>
/// A programme of Bradford with one host, a registrant who is on duty, and a university that sends students: what most tests of placements begin with. Each has organisations and names of its own.
/// Slots are of three hours, in the morning and in the afternoon.
/// </summary>
sealed class PlacementWorld {
    static int made;

    public CpdApp App { get; private init; } = null!;
    public Actor Officer { get; private init; } = null!;
    public Actor Host { get; private init; } = null!;
    public Actor Institution { get; private init; } = null!;
    public Guid Programme { get; private init; }
    public Guid Project { get; private init; }
    public Guid Supervisor { get; private init; }
    public string Name { get; private init; } = "";

    /// <param name="host">Whose host takes part and who supervises; a new one when null.</param>
    public static async Task<PlacementWorld> Make(CpdApp app, int capacity = 4, int hours = 24, bool checks = true, Actor? host = null) {
        var name = $"World {Interlocked.Increment(ref made)}";
        var authority = await app.Given.Authority("Bradford");
        var officer = await app.Given.Officer(authority, $"Olive {name}");
        host ??= await app.Given.Holder(Role.PlacementHost, OrganisationKind.PlacementHost, await app.Given.Organisation(OrganisationKind.PlacementHost, $"Trust {name}"), await app.Given.Person($"Mina Midwife {name}"));
        var institution = await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, await app.Given.Organisation(OrganisationKind.Institution, $"University {name}"));
        var programme = await app.Send(officer, new AddProgramme.Command(authority, name, "Students practise.", 2026, hours));
        await app.Send(officer, new EditProgramme.Command(programme, 1, name, "Students practise.", hours, [1, 2, 3, 4, 5], Parts, "", checks ? "DBS check\nOccupational health" : "", "Linking to practice\nHealth inequalities", "Induction", Register.Nmc, Register.None, null));
        var project = await app.Send(officer, new AddHost.Command(programme, host.Grants[0].OrganisationId, $"Baby Steps {name}", capacity, Agreed: true));
        var themes = (await app.Send(officer, new SeeSetUp.Query(programme))).Themes;
        await app.Send(host, new AnswerForProject.Command(project, 1, ProjectState.Accepted, null, capacity, true, [.. themes.Where(t => !t.ByInduction).Select(t => t.Id)], []));
        var supervisor = await app.Send(host, new AddSupervisor.Command(programme, host.PersonId, Register.Nmc, "98I1234E", capacity, [project]));
        await app.Send(host, new SetDuty.Command(supervisor, new(2026, 9, 1), new(2027, 8, 31), [1, 2, 3, 4, 5], [1, 2], true));
        await app.Send(officer, new ChangeSupervisor.Command(supervisor, 1, Register.Nmc, "98I1234E", true, capacity, [project], false));
        return new() { App = app, Officer = officer, Host = host, Institution = institution, Programme = programme, Project = project, Supervisor = supervisor, Name = name };
    }

    public static List<EditProgramme.TypedPart> Parts => [new() { Name = "Morning", Starts = new(9, 0), Ends = new(12, 0) }, new() { Name = "Afternoon", Starts = new(13, 0), Ends = new(16, 0) }];

    /// <summary>A cohort of so many students, known to People and, if wanted, with all entry checks confirmed.</summary>
    public async Task<(Guid Cohort, IReadOnlyList<OpenCohort.Student> Students)> Cohort(int count, bool confirmed = true, int hours = 24, DateOnly? from = null, DateOnly? to = null, string name = "Year 2", string? rows = null) {
        var cohort = await App.Send(Officer, new AddCohort.Command(Programme, Institution.Grants[0].OrganisationId, name, from ?? new(2026, 9, 7), to ?? new(2027, 8, 27), hours, count));
        var key = $"{Name}-{name}".Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        await App.Send(Institution, new ImportStudents.Command(cohort, File(rows ?? string.Concat(Enumerable.Range(1, count).Select(i => $"Student {i:00} of {Name},{key}.{i}@university.example.org,S{i:00},,\n")))));
        await App.DrainOutbox();
        // As if each had chosen a password.
        await App.Database(db => db.Execute("UPDATE people_Account SET State = 'Active' WHERE PersonId IN (SELECT PersonId FROM placements_Student WHERE CohortId = @cohort)", new { cohort }, default));
        var opened = await App.Send(Institution, new OpenCohort.Query(cohort));
        if (confirmed) await App.Send(Institution, new ConfirmChecks.Command(cohort, [.. from s in opened.Students from k in opened.Checks select new ConfirmChecks.Pair(s.Id, k.Id)], []));
        return (cohort, opened.Students);
    }

    public static MemoryStream File(string rows) => new(Encoding.UTF8.GetBytes("Full name,Email address,Student number,First day,Last day\n" + rows));

    public static Actor Student(OpenCohort.Student student) => new(student.PersonId!.Value, student.Name, [new Grant(nameof(Role.Student), nameof(OrganisationKind.None), Guid.Empty)]);

    public Task<Guid> Slot(OpenCohort.Student student, DateOnly day, int part = 0, SlotKind kind = SlotKind.Project, Guid? project = null, Guid? supervisor = null) =>
        App.Send(Officer, new AddSlot.Command(student.Id, kind, null, project ?? Project, supervisor ?? Supervisor, day, Parts[part].Starts, Parts[part].Ends));

    /// <summary>The induction, logged and signed.</summary>
    public async Task Induct(OpenCohort.Student student, DateOnly day) {
        var slot = await Slot(student, day, kind: SlotKind.Induction);
        await App.Send(Student(student), new LogHours.Command(slot, 1, 180, "I was shown round."));
        await App.Send(Host, new SignHours.Command([new(slot, 2)]));
    }
}
