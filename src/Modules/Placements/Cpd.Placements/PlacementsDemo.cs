using System.Text;
using Cpd.People.Contracts;
using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Programmes;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform.Security;
using Cpd.Platform.Web;

namespace Cpd.Placements;

/// <summary>
/// A programme of this academic year for each authority of the demonstration, with two projects of its own host; an authority without one asks another's. Where there is a college, its Level 2 and
/// Level 3 students are in the middle of their placement. Bradford also has its midwifery and nursing programmes as they were described: one planned by the service, one by hand.
/// </summary>
internal static class PlacementsDemo {
    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        var year = AcademicYear.Of(London.Day(book.Today.UtcDateTime));
        foreach (var town in (string[])["thurrock", "blackpool", "bradford"]) {
            if (!book.Actors.TryGetValue(town + "-officer", out var officer)) continue;
            var hosts = await book.Ask(officer, new ListOrganisations(OrganisationKind.PlacementHost), ct);
            if (hosts.Count == 0) return;
            var host = book.Actors.TryGetValue(town + "-host", out var contact) ? contact.Grants[0].OrganisationId : hosts[0].Id;
            var programme = await book.Do(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, "Early years work placements",
                "College students spend their placement hours with a local host: in a baby room, at stay and play sessions, with health visitors.", year, 315), ct);
            await book.Do(officer, new EditProgramme.Command(programme, 1, "Early years work placements", "College students spend their placement hours with a local host: in a baby room, at stay and play sessions, with health visitors.", 315,
                [1, 2, 3, 4, 5], Parts, "", "DBS check\nOccupational health\nSafeguarding training", "Babies and their carers\nPlay and language", "Finding one's way", Register.None, Register.None, null), ct);
            var baby = await Project(book, officer, programme, host, "Baby room", 2, ["Babies and their carers"], ct);
            await Project(book, officer, programme, host, "Stay and play sessions", 4, ["Play and language"], ct);
            if (contact is not null && book.Actors.TryGetValue(town + "-institution", out var institution) && book.Actors.TryGetValue(town + "-student", out var student))
                await College(book, officer, contact, institution, student, programme, baby, ct);
            if (town == "bradford") await Bradford(book, officer, year, hosts[0].Id, ct);
        }
    }

    static List<EditProgramme.TypedPart> Parts => [new() { Name = "Morning", Starts = new(9, 30), Ends = new(12, 30) }, new() { Name = "Afternoon", Starts = new(13, 0), Ends = new(16, 0) }];

    static async Task<Guid> Project(DemoBook book, Actor officer, Guid programme, Guid host, string name, int capacity, IReadOnlyList<string> covers, CancellationToken ct) {
        var id = await book.Do(officer, new AddHost.Command(programme, host, name, capacity, Agreed: true), ct);
        var setUp = await book.Do(officer, new SeeSetUp.Query(programme), ct);
        await book.Do(officer, new AnswerForProject.Command(id, 1, ProjectState.Accepted, null, capacity, GivesInduction: true, [.. setUp.Themes.Where(t => covers.Contains(t.Name)).Select(t => t.Id)], []), ct);
        return id;
    }

    /// <summary>Four students of two levels, one of whom is the town's own: inducted, with hours signed, hours that wait, hours to log, and slots ahead.</summary>
    static async Task College(DemoBook book, Actor officer, Actor host, Actor institution, Actor own, Guid programme, Guid project, CancellationToken ct) {
        var (today, key) = (London.Day(book.Today.UtcDateTime), host.Grants[0].OrganisationId.ToString("N")[^6..]);
        var student = (await book.Ask(officer, new FindPeople([own.PersonId]), ct)).Single();
        var monday = today.AddDays(1 - Words.Weekday(today));
        var supervisor = await book.Do(host, new AddSupervisor.Command(programme, host.PersonId, Register.Nmc, "98I1234E", 4, [project]), ct);
        await book.Do(host, new SetDuty.Command(supervisor, monday.AddDays(-28), monday.AddDays(60), [1, 2, 3, 4, 5], [1, 2], OnDuty: true), ct);
        await book.Do(officer, new ChangeSupervisor.Command(supervisor, 1, Register.Nmc, "98I1234E", Checked: true, 4, [project], Ended: false), ct);
        foreach (var level in (int[])[2, 3]) {
            var cohort = await book.Do(officer, new AddCohort.Command(programme, institution.Grants[0].OrganisationId, $"Ambition Hub, Level {level}", monday.AddDays(-28), monday.AddDays(60), 30, 2), ct);
            string[][] rows = level == 2 ? [[student.Name, student.Email!], ["Bram Nettlecombely", $"bram.{key}@college.example.org"]] : [["Cleo Rushmarrow", $"cleo.{key}@college.example.org"], ["Dot Underbough", $"dot.{key}@college.example.org"]];
            await book.Do(institution, new ImportStudents.Command(cohort, new MemoryStream(Encoding.UTF8.GetBytes("Full name,Email address,Student number\n" + string.Concat(rows.Select((r, i) => $"{r[0]},{r[1]},L{level}-{i + 1}\n"))))), ct);
            await book.Settle(ct);
            var opened = await book.Do(institution, new OpenCohort.Query(cohort), ct);
            await book.Do(institution, new ConfirmChecks.Command(cohort, [.. from s in opened.Students from k in opened.Checks select new ConfirmChecks.Pair(s.Id, k.Id)], []), ct);
            var at = 0;
            foreach (var sent in opened.Students) {
                var actor = new Actor(sent.PersonId!.Value, sent.Name, [new Grant(nameof(Role.Student), nameof(OrganisationKind.None), Guid.Empty)]);
                // Each level on weekdays of its own, so that the baby room is never too full.
                var days = (IReadOnlyList<DateOnly>)[.. Enumerable.Range(0, 4).Select(week => monday.AddDays(-21 + week * 7 + (level - 2) * 2 + at))];
                foreach (var (day, index) in days.Select((d, i) => (d, i))) {
                    var (kind, part) = (index == 0 ? SlotKind.Induction : SlotKind.Project, Parts[at % 2]);
                    var slot = await book.Do(officer, new AddSlot.Command(sent.Id, kind, null, project, supervisor, day, part.Starts, part.Ends), ct);
                    // Level 2 has the hours of last week still to log.
                    if (day >= today || (level == 2 && index == 2)) continue;
                    await book.Do(actor, new LogHours.Command(slot, 1, 180, index == 0 ? "I was shown round, and met the team and the families." : "I sat with the babies at their level and talked with them about what they saw."), ct);
                    if (index < 2) await book.Do(host, new SignHours.Command([new(slot, 2)]), ct);
                }
                at++;
            }
        }
        await book.Settle(ct);
    }

    /// <summary>64 midwifery students with 24 hours in one week each, in ten projects with three registrants; seven nursing students with weeks of their own.</summary>
    static async Task Bradford(DemoBook book, Actor officer, int year, Guid host, CancellationToken ct) {
        if (!book.Actors.TryGetValue("bradford-institution", out var university)) return;
        var registrants = book.Actors.Where(a => a.Key.StartsWith("bradford-registrant", StringComparison.Ordinal)).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value).ToList();
        if (registrants.Count > 0) host = registrants[0].Grants[0].OrganisationId;
        var midwifery = await Programme("Midwifery placements", "Student midwives spend a week with projects for families with babies: 24 hours, beginning with an induction by a registered midwife or nurse.", 24, Register.Nmc);
        string[] names = ["Better Place", "Baby Steps", "Little Minds Matter", "Perinatal support", "Breastfeeding support", "Doulas", "Family Links", "Healthy pregnancy", "Talking together", "Welcome to the world"];
        var projects = new List<Guid>();
        foreach (var (name, i) in names.Select((n, i) => (n, i))) projects.Add(await Project(book, officer, midwifery, host, name, 2, [i % 2 == 0 ? "Linking to practice and changing needs" : "Health inequalities"], ct));
        // They supervise in both programmes, and have their places once.
        foreach (var (registrant, i) in registrants.Select((r, i) => (r, i))) await Registrant(midwifery, registrant, $"0{i + 1}A{year}E", 6, projects);
        // Two students a week from the second week of October, but not at Christmas; the last two in mid-August.
        var weeks = Enumerable.Range(0, 34).Select(i => Monday(new DateOnly(year, 10, 8)).AddDays(7 * i)).Where(w => w.AddDays(4) < new DateOnly(year, 12, 20) || w > new DateOnly(year + 1, 1, 3)).Take(31).Append(Monday(new DateOnly(year + 1, 8, 13))).ToList();
        var cohort = await Students(midwifery, "Midwifery year 2", weeks[0], weeks[^1].AddDays(4), 24, [.. Enumerable.Range(0, 64).Select(i => (weeks[i / 2], weeks[i / 2].AddDays(4)))]);

        var nursing = await Programme("Nursing placements", "Student nurses follow families over weeks: in projects, shadowing health visitors and midwives, and in meetings with reflection.", 288, Register.None);
        var wards = new List<Guid>();
        foreach (var name in names.Take(3)) wards.Add(await Project(book, officer, nursing, host, name, 4, ["Linking to practice and changing needs", "Health inequalities"], ct));
        var supervisors = new List<Guid>();
        foreach (var (registrant, i) in registrants.Select((r, i) => (r, i))) supervisors.Add(await Registrant(nursing, registrant, $"0{i + 1}A{year}E", 6, wards));
        var first = Monday(new DateOnly(year, 9, 14));
        var seven = await Students(nursing, "Nursing year 3", first, first.AddDays(8 * 7 - 3), 288, [.. Enumerable.Range(0, 7).Select(_ => (first, first.AddDays(8 * 7 - 3)))]);
        await book.Settle(ct);
        // Planned before the first of them came.
        book.At(new DateTimeOffset(London.ToUtc(weeks[0].AddDays(-10), new(10, 0))));
        var found = await book.Do(officer, new ProposeTimetable.Query(cohort), ct);
        await book.Do(officer, new KeepTimetable.Command(cohort, 0, found.Planned), ct);
        await book.Do(officer, new PublishTimetable.Command(cohort, 1), ct);
        if (supervisors.Count > 0) await Nursing();
        book.At(book.Today);

        // Eight weeks of 36 hours for each: four days in a project, shadowing and a meeting on Friday; 2,016 hours in all. What is over has been logged and signed.
        async Task Nursing() {
            book.At(new DateTimeOffset(London.ToUtc(first.AddDays(-3), new(10, 0))));
            var today = London.Day(book.Today.UtcDateTime);
            var over = new List<(Actor Student, int Supervisor, Guid Slot, int Minutes, SlotKind Kind)>();
            foreach (var (sent, i) in (await book.Do(university, new OpenCohort.Query(seven), ct)).Students.Select((s, i) => (s, i))) {
                var student = new Actor(sent.PersonId!.Value, sent.Name, [new Grant(nameof(Role.Student), nameof(OrganisationKind.None), Guid.Empty)]);
                for (var day = 0; day < 40; day++) {
                    var (on, friday) = (first.AddDays(day / 5 * 7 + day % 5), day % 5 == 4);
                    if (!friday) await Add(day == 0 ? SlotKind.Induction : SlotKind.Project, null, new(9, 0), new(16, 30));
                    else {
                        await Add(SlotKind.Shadowing, "Shadowing a health visitor", new(9, 0), new(13, 0));
                        await Add(SlotKind.Meeting, "Team meeting with reflection", new(14, 0), new(16, 0));
                    }

                    async Task Add(SlotKind kind, string? title, TimeOnly from, TimeOnly to) {
                        var slot = await book.Do(officer, new AddSlot.Command(sent.Id, kind, title, title is null ? wards[(i + day / 5) % wards.Count] : null, supervisors[i % supervisors.Count], on, from, to), ct);
                        if (on < today) over.Add((student, i % supervisors.Count, slot, (int)(to - from).TotalMinutes, kind));
                    }
                }
            }
            book.At(book.Today);
            // Nothing counts before the induction.
            foreach (var turn in over.GroupBy(o => o.Kind == SlotKind.Induction).OrderByDescending(g => g.Key)) {
                foreach (var (student, _, slot, minutes, kind) in turn)
                    await book.Do(student, new LogHours.Command(slot, 1, minutes, kind == SlotKind.Meeting ? "We spoke about a family I had met, and what I would do otherwise." : "I followed families and talked with them about what they need."), ct);
                foreach (var signed in turn.GroupBy(o => o.Supervisor)) await book.Do(registrants[signed.Key], new SignHours.Command([.. signed.Select(o => new SignHours.Item(o.Slot, 2))]), ct);
            }
        }

        async Task<Guid> Programme(string name, string summary, int hours, Register register) {
            var id = await book.Do(officer, new AddProgramme.Command(officer.Grants[0].OrganisationId, name, summary, year, hours), ct);
            await book.Do(officer, new EditProgramme.Command(id, 1, name, summary, hours, [1, 2, 3, 4, 5], Parts, "", "DBS check\nOccupational health\nSafeguarding training",
                "Linking to practice and changing needs\nHealth inequalities", "Induction", Register.Nmc, register, null), ct);
            return id;
        }

        async Task<Guid> Registrant(Guid programme, Actor who, string number, int students, IReadOnlyList<Guid> where) {
            var id = await book.Do(who, new AddSupervisor.Command(programme, who.PersonId, Register.Nmc, number, students, where), ct);
            await book.Do(who, new SetDuty.Command(id, new DateOnly(year, 9, 1), new DateOnly(year + 1, 8, 31), [1, 2, 3, 4, 5], [1, 2], OnDuty: true), ct);
            await book.Do(officer, new ChangeSupervisor.Command(id, 1, Register.Nmc, number, Checked: true, students, where, Ended: false), ct);
            return id;
        }

        async Task<Guid> Students(Guid programme, string name, DateOnly from, DateOnly to, int hours, IReadOnlyList<(DateOnly From, DateOnly To)> windows) {
            var cohort = await book.Do(officer, new AddCohort.Command(programme, university.Grants[0].OrganisationId, name, from, to, hours, windows.Count), ct);
            var key = name.Split(' ')[0].ToLowerInvariant();
            var file = new StringBuilder("Full name,Email address,Student number,First day,Last day\n");
            foreach (var (window, i) in windows.Select((w, i) => (w, i))) file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{key[..1].ToUpperInvariant()}{key[1..]} Student {i + 1:00},{key}{i + 1:00}@university.example.org,{key[..1].ToUpperInvariant()}{i + 1:00},{window.From:yyyy-MM-dd},{window.To:yyyy-MM-dd}\n");
            await book.Do(university, new ImportStudents.Command(cohort, new MemoryStream(Encoding.UTF8.GetBytes(file.ToString()))), ct);
            var opened = await book.Do(university, new OpenCohort.Query(cohort), ct);
            await book.Do(university, new ConfirmChecks.Command(cohort, [.. from s in opened.Students from k in opened.Checks select new ConfirmChecks.Pair(s.Id, k.Id)], []), ct);
            return cohort;
        }

        static DateOnly Monday(DateOnly day) => day.AddDays(1 - Words.Weekday(day));
    }
}
