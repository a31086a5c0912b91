using Cpd.People.Contracts;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Charges;
using Cpd.Training.Contracts;
using Cpd.Training.Courses;
using Cpd.Training.Evaluations;
using Cpd.Training.Materials;
using Cpd.Training.Registers;
using Cpd.Training.Sessions;
using Cpd.Training.Venues;

namespace Cpd.Training;

/// <summary>
/// Courses of the demonstration's three authorities: sessions of the last year and a half with closed registers, and sessions ahead,
/// empty, nearly full, and full with a waiting list.
/// </summary>
internal static class TrainingDemo {
    sealed record Written(string Title, string Summary, string Outcomes, CourseMode Mode, int Minutes, int Participatory, string Price, AgeRanges Ages, JobRole[] Audience, string Topics, int Dates = 1);

    static readonly Written[] Courses = [
        new("Babbling Babies", "How babies become talkers, and what adults in the baby room do every day that helps.", "Name the stages of talk before the first word\nUse songs, faces and pauses to start a conversation\nNotice when a baby needs more help",
            CourseMode.InPerson, 150, 90, "", AgeRanges.BirthToTwo, [JobRole.Practitioner, JobRole.RoomLeader, JobRole.Childminder], "Speech and language\nBabies"),
        new("WellComm refresher", "For settings that screen with WellComm: scoring, the Big Book of Ideas and talking with parents about results.", "Screen and score with confidence\nPlan the next four weeks from a result\nExplain a result to parents",
            CourseMode.LiveOnline, 90, 45, "", AgeRanges.TwoToThree | AgeRanges.ThreeToFive, [JobRole.Practitioner, JobRole.Senco], "Speech and language\nAssessment"),
        new("Safeguarding: designated lead refresher", "The yearly update for designated safeguarding leads, with cases to work through together.", "Say what has changed in statutory guidance this year\nDecide and record a referral\nSupport colleagues after a disclosure",
            CourseMode.InPerson, 180, 120, "25", AgeRanges.None, [JobRole.SafeguardingLead, JobRole.Manager], "Safeguarding"),
        new("Paediatric first aid", "Two days of practice with a tutor: breathing, choking, bleeding, burns and seizures.", "Resuscitate a baby and a child\nTreat choking, bleeding, burns and seizures\nKeep the accident record",
            CourseMode.InPerson, 720, 540, "95", AgeRanges.None, [], "First aid\nHealth and safety", Dates: 2),
        new("SEND in the early years: first steps", "The graduated approach, from the first concern to a plan that a family can use.", "Gather what everyone knows of a child\nWrite a plan with small steps\nAsk for help in good time",
            CourseMode.LiveOnline, 120, 60, "", AgeRanges.None, [JobRole.Senco, JobRole.Practitioner, JobRole.Manager], "SEND\nInclusion"),
        new("Schemas and loose parts", "Why two-year-olds line up, wrap up and tip out, and how the room can follow.", "Recognise six common schemas\nOffer materials that extend them\nDocument what a child is finding out",
            CourseMode.InPerson, 120, 100, "12.50", AgeRanges.TwoToThree, [JobRole.Practitioner, JobRole.Childminder, JobRole.Apprentice], "Play\nCurriculum"),
        new("Healthy eating and safer food", "Menus, portion sizes, allergies and the new guidance on choking.", "Plan a week of meals and snacks\nPrepare food safely for each age\nKeep allergy information where it is needed",
            CourseMode.LiveOnline, 90, 30, "", AgeRanges.None, [], "Health and safety\nNutrition"),
        new("Supervision that works", "For those who lead others: a rhythm of supervision that people look forward to.", "Hold a supervision meeting in 40 minutes\nGive feedback that is heard\nKeep records that help",
            CourseMode.InPerson, 180, 130, "40", AgeRanges.None, [JobRole.Manager, JobRole.RoomLeader], "Leadership"),
    ];

    /// <summary>Places, how many of them are booked, and how many people wait.</summary>
    static readonly (int Places, int Booked, int Waiting)[] Many = [
        (16, 0, 0), (12, 11, 0), (20, 4, 0), (8, 8, 3), (40, 0, 0), (10, 9, 0), (16, 0, 0), (1, 0, 0), (12, 12, 5), (20, 12, 0), (30, 0, 0), (2, 1, 0),
        (16, 0, 0), (40, 5, 0), (8, 7, 0), (25, 10, 0), (15, 15, 2), (6, 5, 0), (18, 8, 0), (16, 0, 0), (24, 20, 0), (5, 0, 0), (14, 13, 0), (10, 0, 0),
    ];
    static readonly (int Places, int Booked, int Waiting)[] Few = [(16, 0, 0), (12, 8, 0), (6, 6, 2), (20, 5, 0), (10, 9, 0), (24, 0, 0)];

    static readonly (string Town, string Venue, string Address, (int, int, int)[] Ahead)[] Towns = [
        ("Thurrock", "Beehive Centre (demo)", "West Street, Grays RM17 9ZZ", Many),
        ("Blackpool", "Seaside Learning Rooms (demo)", "Church Street, Blackpool FY1 9ZZ", Few),
        ("Bradford", "Mill Court (demo)", "Market Street, Bradford BD1 9ZZ", Few),
    ];

    static readonly string[] WithAccounts = ["practitioner", "manager"];

    internal static async Task Fill(DemoBook book, CancellationToken ct) {
        foreach (var (town, venue, address, ahead) in Towns) {
            var key = town.ToLowerInvariant();
            if (!book.Actors.TryGetValue(key + "-officer", out var officer)) continue;
            await new Filling(book, town, officer, book.Actors.GetValueOrDefault(key + "-provider")?.Grants[0].OrganisationId, book.Actors.GetValueOrDefault(key + "-trainer")?.PersonId,
                [.. WithAccounts.Select(r => book.Actors.GetValueOrDefault($"{key}-{r}")?.PersonId).OfType<Guid>()], venue, address).Everything(ahead, ct);
        }
        book.At(book.Today);
    }

    /// <summary>The filling of one authority.</summary>
    sealed class Filling(DemoBook book, string town, Actor officer, Guid? provider, Guid? trainer, IReadOnlyList<Guid> known, string venue, string address) {
        readonly Guid authority = officer.Grants[0].OrganisationId;
        readonly DateOnly today = London.Day(book.Today.UtcDateTime);
        IReadOnlyList<Guid> staff = [];
        Guid room;
        int next;

        internal async Task Everything((int Places, int Booked, int Waiting)[] ahead, CancellationToken ct) {
            staff = await Staff(ct);
            var courses = new List<(Guid Id, Written Course)>();
            book.At(London.ToUtc(today.AddMonths(-20), new TimeOnly(9, 0)));
            await book.Do(officer, new AddChargeTable.Command(authority, today.AddMonths(-20), [new(7 * 24, 3000)], 5000), ct);
            room = await Room(ct);
            foreach (var course in Courses) courses.Add((await Publish(course, ct), course));

            // Held one after the other, a month apart, so that whoever looks at a year sees one that was worked in.
            for (var month = 17; month >= 1; month--) {
                var (id, course) = courses[month % courses.Count];
                await Held(id, course, today.AddDays(-30 * month), ct);
                if (month % 3 == 0) await Held(courses[0].Id, courses[0].Course, today.AddDays(-30 * month + 8), ct);
            }

            book.At(London.ToUtc(today.AddDays(-3), new TimeOnly(11, 0)));
            for (var i = 0; i < ahead.Length; i++) await Ahead(courses[i % courses.Count], today.AddDays(12 + 4 * i), ahead[i], ct);
            var called = await Add(courses[1].Id, courses[1].Course, Weekday(today.AddDays(33)), 12, ct);
            await Book(called, 4, ct);
            await book.Do(officer, new CancelSession.Command(called, "The trainer is ill. We will plan a new date."), ct);
            await book.Do(officer, Command(Courses[5]) with { Title = "Outdoor play in all weathers", Summary = "A draft: dates are still being found.", Topics = "Play\nOutdoors" }, ct);
            foreach (var (id, course) in courses) book.Note("courses", new { id, title = course.Title, authority = town });
        }

        async Task<Guid> Room(CancellationToken ct) {
            await book.Do(officer, new AddVenue.Command {
                AuthorityId = authority, Name = venue, Address = address, AccessNotes = "Step-free from the street. Hearing loop in the main hall. The car park opens at 8:30am.",
                Rooms = [new TypedRoom { Name = "Main hall", Capacity = 40 }, new TypedRoom { Name = "Garden room", Capacity = 16 }],
            }, ct);
            return (await book.Ask(officer, new ListRooms.Query(authority, null), ct)).First(r => r.VenueName == venue && r.Name == "Main hall").Id;
        }

        async Task<Guid> Publish(Written course, CancellationToken ct) {
            var id = await book.Do(officer, Command(course), ct);
            await book.Do(officer, new PublishCourse.Command(id), ct);
            return id;
        }

        AddCourse.Command Command(Written c) => new() {
            AuthorityId = authority, Title = c.Title, Summary = c.Summary, LearningOutcomes = c.Outcomes, Mode = c.Mode, Minutes = c.Minutes, ParticipatoryMinutes = c.Participatory, Price = c.Price,
            AgeRanges = c.Ages, Audience = c.Audience, Topics = c.Topics, TrainingProviderId = provider,
        };

        /// <summary>A session that took place: planned a month before, booked the week after, its register closed on the day.</summary>
        async Task Held(Guid courseId, Written course, DateOnly day, CancellationToken ct) {
            var on = Weekday(day);
            book.At(London.ToUtc(on.AddDays(-30), new TimeOnly(9, 0)));
            var session = await Add(courseId, course, on, 20, ct);
            book.At(London.ToUtc(on.AddDays(-23), new TimeOnly(9, 0)));
            var people = await Book(session, 12 + on.Day % 6, ct);
            await book.Do(officer, new AddMaterial.Command(session, "What to read before", "https://example.org/reading", null, null), ct);
            await book.Do(officer, new AddMaterial.Command(session, "Notes for the day", null, "notes.txt", System.Text.Encoding.UTF8.GetBytes($"{course.Title}\n\n{course.Outcomes}\n")), ct);
            // Of every fifteen one stays away and one leaves early; the people of the demonstration's accounts stay to the end.
            var entries = people.Select((p, i) => (i % 15) switch {
                7 => new SaveRegister.Entry(p.PersonId, Attendance.DidNotAttend, null), 11 => new SaveRegister.Entry(p.PersonId, Attendance.Part, course.Minutes / 2), _ => new SaveRegister.Entry(p.PersonId, Attendance.Attended, null),
            }).ToList();
            // Once courses are accredited, so that certificates carry it; each on its own day, certificates included.
            book.Later(async () => {
                book.At(London.ToUtc(Weekday(on.AddDays(course.Dates - 1)), new TimeOnly(17, 30)));
                await book.Do(officer, new SaveRegister.Command(session, entries, null, Close: true), ct);
                await book.Settle(ct);
                if (on > today.AddMonths(-8)) await Evaluate([.. people.Where((_, i) => i % 15 != 7)], on.Day, ct);
            });
            book.Note("pastSessions", new { id = session, booked = people.Count, startsAt = London.ToUtc(on, new TimeOnly(9, 30)), authority = town });
        }

        /// <summary>Three of four say what they thought; nearly all of them well.</summary>
        async Task Evaluate(IReadOnlyList<(Guid PersonId, Guid BookingId)> people, int salt, CancellationToken ct) {
            string[] words = ["The songs and rhymes to take back to the room.", "Hearing how other settings do it.", "More time for questions at the end.", "The videos of real conversations.", "A clear handout. Thank you."];
            for (var i = 0; i < people.Count; i++) {
                if (i % 4 == 3) continue;
                var asked = Questions.Usual;
                await book.Do(new Actor(people[i].PersonId, "", []), new AnswerEvaluation.Command(people[i].BookingId, [
                    new(asked[0].Id, (i + salt) % 17 == 0 ? 2 : 1, null), new(asked[1].Id, 1, null), new(asked[2].Id, (i + salt) % 13 == 0 ? 2 : 1, null), new(asked[3].Id, (i + salt) % 9 == 0 ? 2 : 1, null),
                    new(asked[4].Id, null, (i + salt) % 3 == 0 ? words[(i + salt) % words.Length] : null),
                ]), ct);
            }
        }

        async Task Ahead((Guid Id, Written Course) course, DateOnly day, (int Places, int Booked, int Waiting) size, CancellationToken ct) {
            var on = Weekday(day);
            var session = await Add(course.Id, course.Course, on, size.Places, ct);
            await Book(session, size.Booked, ct);
            await Book(session, size.Waiting, ct);
            book.Note("sessions", new { id = session, places = size.Places, booked = size.Booked, startsAt = London.ToUtc(on, new TimeOnly(9, 30)), authority = town });
        }

        /// <summary>The day itself or, at a weekend, the Monday after.</summary>
        static DateOnly Weekday(DateOnly on) => on.DayOfWeek switch { DayOfWeek.Saturday => on.AddDays(2), DayOfWeek.Sunday => on.AddDays(1), _ => on };

        async Task<Guid> Add(Guid courseId, Written course, DateOnly on, int places, CancellationToken ct) {
            var online = course.Mode != CourseMode.InPerson;
            var ends = new TimeOnly(9, 30).AddMinutes(course.Minutes / course.Dates + 30);
            var session = await book.Do(officer, new AddSession.Command {
                CourseId = courseId, Places = places, Dates = [.. Enumerable.Range(0, course.Dates).Select(i => new TypedDate { On = Weekday(on.AddDays(i)), From = new TimeOnly(9, 30), To = ends })],
                RoomId = online ? null : room, Anyway = true, JoiningLink = online ? "https://meet.example.org/" + courseId.ToString("N")[20..] : "", TrainerPersonId = trainer,
            }, ct);
            await book.Do(officer, new PublishSession.Command(session), ct);
            return session;
        }

        /// <summary>Books the next people of the authority's settings, in turn; the first two are those with accounts.</summary>
        async Task<IReadOnlyList<(Guid PersonId, Guid BookingId)>> Book(Guid session, int count, CancellationToken ct) {
            if (count == 0) return [];
            var people = known.Take(count > 5 ? 2 : 0).ToList();
            while (people.Count < count) people.Add(staff[next++ % staff.Count]);
            var answers = await book.Do(officer, new BookPlaces.Command(session, people), ct);
            return [.. answers.Where(a => a.BookingId is not null).Select(a => (a.PersonId, a.BookingId!.Value))];
        }

        /// <summary>Everyone who works in a setting of the authority, but for those with accounts. A search gives twenty at most, so one for each letter finds the settings, and these name their staff.</summary>
        async Task<IReadOnlyList<Guid>> Staff(CancellationToken ct) {
            var settings = new HashSet<Guid>();
            foreach (var letter in "abcdefghijklmnopqrstuvwxyz")
                foreach (var found in await book.Ask(officer, new SearchStaff([authority], letter.ToString(), today), ct)) settings.Add(found.SettingId);
            var staff = await book.Ask(officer, new ListStaff([.. settings], today.AddDays(-600), today), ct);
            var ids = staff.Where(p => p.JoinedOn <= today.AddDays(-600)).Select(p => p.PersonId).Distinct().Except(known).ToList();
            // By name they would come from the same few families and settings; a stride mixes them, the same at every filling.
            return [.. Enumerable.Range(0, ids.Count).OrderBy(i => i * 37 % ids.Count).Select(i => ids[i])];
        }
    }
}
