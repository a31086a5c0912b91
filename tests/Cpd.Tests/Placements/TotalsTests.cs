using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Placements;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Hours;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;

namespace Cpd.Tests.Placements;

/// <summary>The two cases of Bradford with their figures: 64 midwifery students with 24 hours in a week each, and seven nursing students with more than 2,000 hours in the year.</summary>
public sealed class TotalsTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public async Task Midwifery_SixtyFourStudents_SumTo1536HoursOnEveryLevel() {
        var world = await PlacementWorld.Make(app, capacity: 4);
        // Two students in each of 32 weeks; the last two in mid-August.
        var weeks = Enumerable.Range(0, 31).Select(i => new DateOnly(2026, 10, 5).AddDays(7 * i)).Append(new DateOnly(2027, 8, 16)).ToList();
        var (cohort, students) = await world.Cohort(64, rows: string.Concat(Enumerable.Range(0, 64).Select(i => $"Midwife {i + 1:00},midwife{i + 1:00}.{world.Programme:N}@uni.example.org,M{i + 1:00},{weeks[i / 2]:yyyy-MM-dd},{weeks[i / 2].AddDays(4):yyyy-MM-dd}\n")));
        var themes = (await app.Send(world.Officer, new SeeSetUp.Query(world.Programme))).Themes.Where(t => !t.ByInduction).Select(t => t.Id).ToList();
        var projects = new List<Guid> { world.Project };
        foreach (var name in (string[])["Better Place", "Little Minds Matter"]) {
            var project = await app.Send(world.Officer, new AddHost.Command(world.Programme, world.Host.Grants[0].OrganisationId, name, 4, Agreed: true));
            await app.Send(world.Host, new AnswerForProject.Command(project, 1, ProjectState.Accepted, null, 4, false, themes, []));
            projects.Add(project);
        }
        await app.Send(world.Host, new ChangeSupervisor.Command(world.Supervisor, 2, Register.Nmc, "98I1234E", true, 4, projects, false));
        // Eight slots of three hours: the induction first, then in turn through the projects.
        var byPerson = students.OrderBy(s => s.Name, StringComparer.Ordinal).ToList();
        var slots = new List<(OpenCohort.Student Student, Guid Slot, int Index)>();
        foreach (var (student, i) in byPerson.Select((s, i) => (s, i)))
            for (var n = 0; n < 8; n++)
                slots.Add((student, await world.Slot(student, weeks[i / 2].AddDays(n / 2), n % 2, n == 0 ? SlotKind.Induction : SlotKind.Project, projects[n == 0 ? 0 : (n + i) % 3]), n));
        Assert.Equal(512, slots.Count);

        var before = await app.Send(world.Officer, new SumHours.Query(world.Programme));
        Assert.Equal((64, 1536 * 60L, 1536 * 60L, 0L, 1536 * 60L), (before.Total.Students, before.Total.Required, before.Total.Planned, before.Total.Signed, before.Total.Short));

        app.Clock.Set(new(2027, 8, 21, 9, 0, 0, TimeSpan.Zero));
        foreach (var turn in new[] { slots.Where(s => s.Index == 0), slots.Where(s => s.Index > 0) })
            foreach (var batch in turn.Chunk(100)) {
                foreach (var (student, slot, _) in batch) await app.Send(PlacementWorld.Student(student), new LogHours.Command(slot, 1, 180, "With mothers and babies."));
                await app.Send(world.Host, new SignHours.Command([.. batch.Select(s => new SignHours.Item(s.Slot, 2))]));
            }
        await app.DrainOutbox();

        var institution = await app.Browser(world.Institution);
        var words = (await institution.Get(PlacementsLinks.Totals(world.Programme))).Words;
        Assert.Contains("64 students: 1,536 hours of 1,536 hours signed off, 0 minutes waiting, 0 minutes short.", words, StringComparison.Ordinal);
        using var key = await app.Api(world.Institution);
        var totals = await key.GetFromJsonAsync<JsonElement>($"/api/v1/placements/{world.Programme}/totals");
        Assert.Equal(1536 * 60, totals.GetProperty("total").GetProperty("signed").GetInt32());
        Assert.Equal(1536 * 60, totals.GetProperty("projects").EnumerateArray().Sum(p => p.GetProperty("signed").GetInt32()));
        var year = await key.GetFromJsonAsync<JsonElement>("/api/v1/placements/totals?year=2026");
        Assert.Equal((64, 1536 * 60), (year.GetProperty("rows")[0].GetProperty("students").GetInt32(), year.GetProperty("rows")[0].GetProperty("signed").GetInt32()));
        Assert.Equal(0, (await key.GetFromJsonAsync<JsonElement>("/api/v1/placements/totals?year=2025")).GetProperty("rows").GetArrayLength());
        var opened = await app.Send(world.Institution, new OpenCohort.Query(cohort));
        Assert.All(opened.Students, s => Assert.Equal((24 * 60, 0), (s.MinutesSigned, s.MinutesShort)));
        // The ledger has each hour once.
        Assert.Equal(1536 * 60, await app.Database(db => db.One<int>("SELECT SUM(e.Minutes) FROM accreditation_Entry e JOIN placements_Slot t ON t.Id = e.CauseId WHERE t.ProgrammeId = @Programme AND e.WithdrawnAt IS NULL", new { world.Programme }, default)));
        Assert.Equal(512, await app.Database(db => db.One<int>("SELECT COUNT(*) FROM accreditation_Entry e JOIN placements_Slot t ON t.Id = e.CauseId WHERE t.ProgrammeId = @Programme", new { world.Programme }, default)));
        // And it leaves in pieces: all 512 rows.
        Assert.Equal(512, (await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-09-01&to=2027-08-31")).GetArrayLength());
    }

    [Fact]
    public async Task Nursing_SevenStudentsWithShadowingAndMeetings_SumToMoreThan2000Hours() {
        var world = await PlacementWorld.Make(app, capacity: 7, hours: 288);
        var monday = new DateOnly(2026, 9, 14);
        var (cohort, students) = await world.Cohort(7, hours: 288, from: monday, to: monday.AddDays(8 * 7 - 3), name: "Nursing year 3");
        app.Clock.Set(new(2026, 9, 13, 9, 0, 0, TimeSpan.Zero));
        // Eight weeks of 36 hours: each morning in the project, afternoons shadowing, and a meeting on Friday.
        var slots = new List<(OpenCohort.Student, Guid, int Minutes, bool First)>();
        foreach (var student in students)
            for (var day = 0; day < 40; day++) {
                var on = monday.AddDays(day / 5 * 7 + day % 5);
                slots.Add((student, await Add(student, on, day == 0 ? SlotKind.Induction : SlotKind.Project, null, new(9, 0), new(13, 0)), 240, day == 0));
                slots.Add((student, await Add(student, on, day % 5 == 4 ? SlotKind.Meeting : SlotKind.Shadowing, day % 5 == 4 ? "Team meeting with reflection" : "Shadowing a health visitor", new(14, 0), new(day % 5 == 4 ? 16 : 17, day % 5 == 4 ? 0 : 30)), day % 5 == 4 ? 120 : 210, false));
            }
        app.Clock.Set(new(2026, 11, 14, 9, 0, 0, TimeSpan.Zero));
        foreach (var turn in new[] { slots.Where(s => s.First), slots.Where(s => !s.First) })
            foreach (var batch in turn.Chunk(200)) {
                foreach (var (student, slot, minutes, _) in batch) await app.Send(PlacementWorld.Student(student), new LogHours.Command(slot, 1, minutes, "Reflected with my supervisor."));
                await app.Send(world.Host, new SignHours.Command([.. batch.Select(s => new SignHours.Item(s.Item2, 2))]));
            }
        var total = (await app.Send(world.Officer, new SumHours.Query(world.Programme))).Total;
        // 7 × 8 weeks × (5 × 4 h + 4 × 3.5 h + 2 h) = 2,016 hours.
        Assert.Equal((7, 2016 * 60L, 0L), (total.Students, total.Signed, total.Short));
        Assert.True(total.Signed > 2000 * 60);
        Assert.Contains("2,016 hours of 2,016 hours signed off", (await (await app.Browser(world.Officer)).Get(PlacementsLinks.Totals(world.Programme))).Words, StringComparison.Ordinal);
        Assert.All((await app.Send(world.Institution, new OpenCohort.Query(cohort))).Students, s => Assert.Equal(288 * 60, s.MinutesSigned));

        Task<Guid> Add(OpenCohort.Student student, DateOnly day, SlotKind kind, string? title, TimeOnly from, TimeOnly to) =>
            app.Send(world.Officer, new AddSlot.Command(student.Id, kind, title, kind is SlotKind.Induction or SlotKind.Project ? world.Project : null, world.Supervisor, day, from, to));
    }

    [Fact]
    public async Task Totals_WhatIsShortMissedAndWaiting_StandApart() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(2);
        app.Clock.Set(new(2027, 9, 1, 9, 0, 0, TimeSpan.Zero));
        var monday = new DateOnly(2027, 6, 7);
        await world.Induct(students[0], monday);
        var (waiting, missed) = (await world.Slot(students[0], monday, 1), await world.Slot(students[0], monday.AddDays(1)));
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(waiting, 1, 120, "Two hours."));
        await app.Send(world.Host, new ChangeSlot.Command(missed, 1, ChangeSlot.Change.Missed, "Ill"));
        await app.Send(world.Institution, new WithdrawStudent.Command(students[1].Id, "Changed course"));
        // Of what was logged less than the slot, that counts.
        var part = await world.Slot(students[0], monday.AddDays(2));
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(part, 1, 100, "Left early."));
        await app.Send(world.Host, new SignHours.Command([new(part, 2)]));
        var student = (await app.Send(world.Institution, new OpenCohort.Query(cohort))).Students.Single(s => s.Id == students[0].Id);
        Assert.Equal((540, 280, 400), (student.MinutesPlanned, student.MinutesSigned, student.MinutesLogged));
        using var key = await app.Api(world.Institution);
        var rows = (await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2027-06-07&to=2027-06-09")).EnumerateArray().ToList();
        Assert.Equal((4, 280, 400), (rows.Count, rows.Sum(r => r.GetProperty("signedMinutes").GetInt32()), rows.Sum(r => r.GetProperty("loggedMinutes") is { ValueKind: JsonValueKind.Number } logged ? logged.GetInt32() : 0)));
        var sum = (await app.Send(world.Institution, new SumHours.Query(world.Programme))).Cohorts.Single();
        Assert.Equal((cohort, 1, 1440L, 540L, 120L, 280L, 180L, 1160L), (sum.Id, sum.Students, sum.Required, sum.Planned, sum.Waiting, sum.Signed, sum.Missed, sum.Short));
    }

    [Fact]
    public async Task Totals_OfAProgrammeWithTwoInstitutions_ShowEachItsOwnStudents() {
        var world = await PlacementWorld.Make(app);
        var (cohort, students) = await world.Cohort(1);
        var college = await app.Given.Holder(Role.InstitutionOfficer, OrganisationKind.Institution, await app.Given.Organisation(OrganisationKind.Institution, $"College {world.Name}"));
        var theirs = await app.Send(world.Officer, new AddCohort.Command(world.Programme, college.Grants[0].OrganisationId, "Year 1", new(2026, 9, 7), new(2027, 8, 27), 10, 2));
        await app.Send(college, new ImportStudents.Command(theirs, PlacementWorld.File($"Cora College,cora.{world.Programme:N}@college.example.org,,,\nCarl College,carl.{world.Programme:N}@college.example.org,,,\n")));
        await app.DrainOutbox();
        await world.Slot(students[0], new(2026, 10, 12));
        foreach (var student in (await app.Send(college, new OpenCohort.Query(theirs))).Students) await world.Slot(student, new(2026, 10, 12));
        foreach (var (who, own, count, required, planned) in new[] { (world.Institution, cohort, 1, 24 * 60L, 180L), (college, theirs, 2, 20 * 60L, 360L) }) {
            var sum = await app.Send(who, new SumHours.Query(world.Programme));
            Assert.Equal((own, count, required, planned), (sum.Cohorts.Single().Id, sum.Total.Students, sum.Total.Required, sum.Total.Planned));
            Assert.Equal((count, planned), (sum.Projects.Single().Students, sum.Projects.Single().Planned));
            Assert.Equal(own, Assert.Single((await app.Send(who, new OpenProgramme.Query(world.Programme))).Cohorts).Id);
            var year = await app.Ask(who, new SumYear.Query(2026));
            Assert.Equal((who.Grants[0].OrganisationId, count), (Assert.Single(year.Rows).OrganisationId, year.Total.Students));
            Assert.Empty((await app.Ask(who, new SumYear.Query(2025))).Rows);
            using var key = await app.Api(who);
            Assert.Equal(count, (await key.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-10-12&to=2026-10-12")).GetArrayLength());
        }
        // By cohort and student, each in order of time, though the later slot was added first.
        foreach (var (day, part) in new[] { (19, 1), (13, 0), (19, 0) }) await world.Slot(students[0], new(2026, 10, day), part);
        using var officers = await app.Api(world.Officer);
        var rows = (await officers.GetFromJsonAsync<JsonElement>("/api/v1/exports/placement-hours?from=2026-10-12&to=2026-10-19")).EnumerateArray().Where(r => r.GetProperty("programme").GetString() == world.Name)
            .Select(r => $"{r.GetProperty("cohort").GetString()}, {r.GetProperty("student").GetString()}, {r.GetProperty("day").GetString()}").ToList();
        Assert.Equal(["Year 1, Carl College, 2026-10-12", "Year 1, Cora College, 2026-10-12", .. new[] { 12, 13, 19, 19 }.Select(d => $"Year 2, {students[0].Name}, 2026-10-{d}")], rows);
        Assert.Equal((3, 540L + 540L), ((await app.Send(world.Officer, new SumHours.Query(world.Programme))).Total.Students, (await app.Send(world.Officer, new SumHours.Query(world.Programme))).Total.Planned));
        // In June it is still the academic year that began the September before.
        app.Clock.Set(new(2027, 6, 7, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(2026, (await app.Ask(college, new SumYear.Query(null))).Year);
    }
}
