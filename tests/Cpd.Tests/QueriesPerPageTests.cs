using System.Data.Common;
using System.Net;
using Cpd.People.Contracts;
using Cpd.Placements.Cohorts;
using Cpd.Platform.Data;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Tests.Placements;
using Cpd.Training.Evaluations;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Cpd.Tests;

/// <summary>
/// A page asks the database the same number of questions whether its lists hold one row or thirty: so none asks once a row. The
/// statements are counted by SQLite itself, wherever in the program they come from.
/// </summary>
[SqliteOnly("The statements are counted by the embedded engine itself.")]
public sealed class QueriesPerPageTests(QueriesPerPageTests.CountedApp app) : IClassFixture<QueriesPerPageTests.CountedApp> {
    /// <summary>The most that any page asks, with the look at the session. A page that needs more should ask for several things at once.</summary>
    const int Most = 10;

    [Fact]
    public async Task Get_EveryListWithOneRowAndWithThirty_AsksEquallyOften() {
        // So that what is counted flows from here into the requests.
        app.Server.PreserveExecutionContext = true;
        var world = await World.Make(app);
        await world.Add(1);
        var few = await Count(world);
        await world.Add(29);
        var many = await Count(world);

        var wrong = few.Keys.Where(p => many[p].Statements.Count != few[p].Statements.Count).Select(p => $"{p}: {few[p].Statements.Count} statements with one row, {many[p].Statements.Count} with thirty:\n"
                + string.Join('\n', many[p].Statements.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => $"  {g.Count()} times {g.Key}")))
            .Concat(many.Where(p => p.Value.Statements.Count > Most).Select(p => $"{p.Key}: {p.Value.Statements.Count} statements, more than {Most}"))
            .Concat(many.Where(p => p.Value.Statements.Count == 0).Select(p => $"{p.Key}: no statement was heard"))
            // A list that does not grow would prove nothing.
            .Concat(few.Keys.Where(p => many[p].Length <= few[p].Length).Select(p => $"{p}: the page did not grow with its rows")).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', many.Select(p => $"{p.Value.Statements.Count,3} {p.Key}")));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The control: what asks once a row is seen to.</summary>
    [Fact]
    public async Task Counting_QuestionOnceARow_SeesEachOne() {
        // Starts the application, which asks too.
        _ = app.Services;
        async Task<int> Ask(int rows) => (await app.Counting(async () => {
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            for (var i = 0; i < rows; i++) await db.One<int>("SELECT COUNT(*) FROM people_Authority WHERE Name <> @Name", new { Name = $"{i}" }, default);
        })).Count;
        Assert.Equal(1, await Ask(1));
        Assert.Equal(30, await Ask(30));
    }

    async Task<Dictionary<string, (IReadOnlyList<string> Statements, int Length)>> Count(World world) {
        var counts = new Dictionary<string, (IReadOnlyList<string>, int)>();
        foreach (var (path, who) in world.Pages) {
            var browser = who is null ? app.Browser() : await app.Browser(who);
            WebPage page = null!;
            var statements = await app.Counting(async () => page = await browser.Get(path));
            Assert.True(page.Status == HttpStatusCode.OK, $"{path} answered {(int)page.Status}");
            counts[path] = (statements, page.Text.Length);
        }
        return counts;
    }

    /// <summary>The application, with an ear at each connection that it opens.</summary>
    public sealed class CountedApp : CpdApp {
        // Flows with what is done, into the request too, and so leaves out what workers ask in the background.
        readonly AsyncLocal<List<string>?> heard = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder) {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => {
                var made = services.Single(s => s.ServiceType == typeof(Dialect)).ImplementationFactory!;
                services.AddSingleton<Dialect>(provider => new HeardDialect((Dialect)made(provider), Hear));
            });
        }

        /// <summary>The statements that ran meanwhile, without what a connection is set up with.</summary>
        public async Task<IReadOnlyList<string>> Counting(Func<Task> work) {
            // The start of the application asks too, and its workers would carry on what flows from here.
            _ = Services;
            var statements = new List<string>();
            heard.Value = statements;
            await work();
            heard.Value = null;
            return statements;
        }

        void Hear(string sql) {
            if (heard.Value is { } statements && !sql.StartsWith("PRAGMA", StringComparison.Ordinal)) statements.Add(sql);
        }
    }

    /// <summary>Another dialect's, but each connection says what it runs.</summary>
    sealed class HeardDialect(Dialect inner, Action<string> hear) : Dialect {
        // SQLite holds the function by a pointer, so it must live as long as the pooled connections.
        readonly strdelegate_trace trace = (_, sql) => hear(sql);

        public override async Task<DbConnection> Open(CancellationToken ct) {
            var connection = await inner.Open(ct);
            raw.sqlite3_trace(((SqliteConnection)KeptConnections.Engine(connection)).Handle, trace, null);
            return connection;
        }

        public override int LongestList => inner.LongestList;
        public override string PageSuffix => inner.PageSuffix;
        public override string CountTables => inner.CountTables;
        public override Dialect Patient => inner.Patient;
        public override Task Create(Action<string> say, CancellationToken ct) => inner.Create(say, ct);
        public override string Ddl(string statement) => inner.Ddl(statement);
        public override Task<WriteTurn> BeginWrite(Func<Task<DbConnection>> own, bool alone, CancellationToken ct) => inner.BeginWrite(own, alone, ct);
        public override bool IsUniqueViolation(Exception e) => inner.IsUniqueViolation(e);
        public override bool IsTransient(Exception e, bool committing) => inner.IsTransient(e, committing);
        public override void Dispose() {
            inner.Dispose();
            base.Dispose();
        }
    }

    /// <summary>One authority with something of everything, to which any number can be added.</summary>
    sealed class World(CountedApp app, Guid authority, Guid setting, Actor officer, Actor manager, Actor practitioner, Actor trainer, Actor accreditor, Guid provider) {
        readonly Guid course = Ids.New(app.Clock), ahead = Ids.New(app.Clock), held = Ids.New(app.Clock), scheme = Ids.New(app.Clock), series = Ids.New(app.Clock), met = Ids.New(app.Clock), theme = Ids.New(app.Clock), programme = Ids.New(app.Clock);
        PlacementWorld placement = null!;
        Guid cohort, drafted, draft;
        OpenCohort.Student student = null!;
        int made;

        public static async Task<World> Make(CountedApp app) {
            var authority = await app.Given.Authority();
            var setting = await app.Given.Setting(authority);
            var provider = await app.Given.Organisation(OrganisationKind.TrainingProvider, "Provider of all");
            var institute = await app.Given.Organisation(OrganisationKind.Accreditor, "Institute of all");
            var world = new World(app, authority, setting, await app.Given.Officer(authority), await app.Given.Manager(setting), await app.Given.Practitioner(setting), await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty),
                await app.Given.Holder(Role.Accreditor, OrganisationKind.Accreditor, institute), provider);
            await world.Course(world.course, "Course of all");
            await world.Session(world.ahead, app.Now.AddDays(20));
            await world.Session(world.held, app.Now.AddDays(-20));
            await world.Run("INSERT INTO accreditation_Scheme (Id, AccreditorId, Name, NameKey, Description, State, Version) VALUES (@Id, @Accreditor, 'Scheme of all', 'scheme of all', '', 'Open', 1)", new { Id = world.scheme, Accreditor = institute });
            await world.Run("INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, CreatedAt, Version) VALUES (@Id, @authority, 'Forum of all', '', 0, @Now, 1)", new { Id = world.series, authority, app.Now });
            await world.Run("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version) VALUES (@Id, @series, @At, @End, 'InPerson', 'Hall', '', 'Play', '', 'Published', '', 1)", new { Id = world.met, world.series, At = app.Now.AddHours(-1), End = app.Now.AddHours(1) });
            await world.Run("INSERT INTO forums_Theme (Id, AuthorityId, Name, NameKey) VALUES (@Id, @authority, 'Play', 'play')", new { Id = world.theme, authority });
            await world.Run("INSERT INTO placements_Programme (Id, AuthorityId, Name, Summary, AcademicYear, MinutesPerStudent, CreatedAt, Version) VALUES (@Id, @authority, 'Programme of all', '', 2026, 600, @Now, 1)", new { Id = world.programme, authority, app.Now });
            await world.Run("INSERT INTO people_Term (Id, AuthorityId, SchoolYear, Label, StartsOn, EndsOn) VALUES (@Id, @authority, 2025, 'Summer', '2026-04-12', '2026-07-21')", new { Id = Ids.New(app.Clock), authority });
            world.placement = await PlacementWorld.Make(app);
            (world.cohort, var students) = await world.placement.Cohort(1);
            world.student = students[0];
            (world.drafted, world.draft) = ((await world.placement.Cohort(1, name: "Drafted")).Cohort, Ids.New(app.Clock));
            await world.Run("INSERT INTO placements_Timetable (Id, CohortId, Number, State, MadeAt, MadeBy, Version) VALUES (@draft, @drafted, 1, 'Draft', @Now, @PersonId, 1)", new { world.draft, world.drafted, app.Now, world.placement.Officer.PersonId });
            return world;
        }

        public IReadOnlyList<(string Path, Actor? Who)> Pages => [
            ("/courses", null), ($"/courses/{course}", null), ($"/courses?text=course&authority={authority}", practitioner), ($"/courses/{course}?signed-in", practitioner),
            ("/bookings", practitioner), ("/bookings?whose=staff", manager), ("/registers", officer), ($"/sessions/{held}/register", officer), ($"/sessions/{held}/door", officer), ($"/sessions/{held}/register/times", officer), ($"/sessions/{held}/register/print", officer), ($"/sessions/{held}/badges", officer), ("/registers?trainer", trainer), ("/my-sessions", trainer), ("/my-sessions?past=true", trainer), ($"/my-sessions/{held}", trainer), ($"/sessions/{held}/materials", trainer),
            ("/manage/courses", officer), ($"/manage/courses/{course}", officer), ($"/manage/sessions/{ahead}", officer), ("/manage/venues", officer),
            ($"/sessions/{held}/evaluation", officer), ($"/courses/{course}/evaluation", officer),
            ("/my-cpd", practitioner), ("/staff-records", manager), ($"/staff-records/{practitioner.PersonId}?from=2020-01-01&to=2026-12-31", manager), ("/schemes", accreditor), ($"/schemes/{scheme}", accreditor),
            ("/people", officer), ("/settings", officer), ($"/settings/{setting}", officer), ("/organisations", officer), ("/calendar", officer), ("/api-keys", practitioner), ("/operations/messages", officer),
            ("/forums", null), ($"/forums/{series}", null), ("/my-forums", practitioner), ($"/forums/{series}/members", officer), ($"/forums/{series}/year", officer), ($"/meetings/{met}/papers", practitioner), ($"/meetings/{met}/vote", practitioner), ($"/forums/{series}/notices", practitioner),
            ($"/manage/meetings/{met}/agenda", officer), ($"/manage/meetings/{met}/papers", officer), ($"/manage/meetings/{met}/register", officer), ($"/manage/meetings/{met}/register/times", officer), ($"/manage/meetings/{met}/polls", officer), ($"/manage/meetings/{met}/minutes", officer), ($"/manage/forums/{series}/actions", officer), ($"/manage/forums/{series}/notices", officer), ("/manage/themes", officer),
            ("/forums/attendance", officer), ("/forums/absent", officer), ("/placements", officer), ($"/placements/{programme}", officer),
            ($"/placements/{placement.Programme}/totals", placement.Officer), ($"/placements/{placement.Programme}/coming", placement.Host), ("/placements/totals", placement.Institution), ($"/placements/cohorts/{cohort}", placement.Officer), ($"/placements/cohorts/{cohort}/checks", placement.Institution),
            ($"/placements/cohorts/{cohort}/timetable?by=week&institution", placement.Institution), ($"/placements/cohorts/{cohort}/timetable?by=week", placement.Officer), ($"/placements/cohorts/{drafted}/timetable", placement.Officer),  ($"/placements/students/{student.Id}", placement.Institution), ("/my-placement", PlacementWorld.Student(student)), ("/placement-hours", placement.Host),
        ];

        /// <summary>So many more of everything that a page lists.</summary>
        public async Task Add(int rows) {
            for (var end = made + rows; made < end; made++) {
                var at = app.Now.AddDays(30 + made);
                var (past, person) = (app.Now.AddDays(-40 - made), await app.Given.Staff(setting));
                var (newCourse, session, old) = (Ids.New(app.Clock), Ids.New(app.Clock), Ids.New(app.Clock));
                await app.Given.Setting(authority);
                await app.Given.Organisation(OrganisationKind.TrainingProvider, $"Provider {made}");
                await Course(newCourse, $"Course {made}");
                await Run("INSERT INTO training_Material (Id, SessionId, Title, Link, Size, AddedAt, AddedBy) VALUES (@Id, @held, @Title, 'https://example.org', 0, @Now, @By)", new { Id = Ids.New(app.Clock), held, Title = $"Material {made}", app.Now, By = officer.PersonId });
                await Run("INSERT INTO training_Venue (Id, AuthorityId, Name, NameKey, Address, MapLink, AccessNotes, CreatedAt, CreatedBy, Version) VALUES (@Id, @authority, @Name, @Name, '1 Street', '', '', @Now, @By, 1)", new { Id = Ids.New(app.Clock), authority, Name = $"Venue {made}", app.Now, By = officer.PersonId });
                await Session(session, at);
                await Session(old, past);
                foreach (var (of, who) in ((Guid, Guid)[])[(ahead, person), (held, person), (session, practitioner.PersonId), (old, practitioner.PersonId)]) await Booking(of, who);
                await Run("""
                    INSERT INTO training_Evaluation (BookingId, SessionId, PersonId, Revision, ClosesAt, Answered)
                    SELECT b.Id, b.SessionId, b.PersonId, 1, @Now, 0 FROM training_Booking b WHERE b.SessionId IN (@held, @old) AND NOT EXISTS (SELECT 1 FROM training_Evaluation e WHERE e.BookingId = b.Id)
                    """, new { held, old, app.Now });
                // Five, because fewer are not shown.
                foreach (var response in Enumerable.Range(0, 5).Select(_ => Ids.New(app.Clock)).ToList())
                    await Run("INSERT INTO training_EvaluationAnswer (ResponseId, QuestionId, SessionId, Choice, Words) VALUES (@response, @Asked, @held, 1, NULL), (@response, @Open, @held, NULL, 'Good')", new { response, Asked = Questions.Usual[0].Id, Open = Questions.Usual[4].Id, held });
                await Entry(made, DateOnly.FromDateTime(past));
                await Run("INSERT INTO accreditation_Scheme (Id, AccreditorId, Name, NameKey, Description, State, Version) VALUES (@Id, @Of, @Name, @Name, '', 'Open', 1)", new { Id = Ids.New(app.Clock), Of = accreditor.Grants[0].OrganisationId, Name = $"scheme {made}" });
                await Run("INSERT INTO accreditation_AccreditedCourse (Id, SchemeId, CourseId, CourseTitle, TrainingProviderId, Reference, ValidFrom, ValidTo) VALUES (@Id, @scheme, @newCourse, 'Course', @provider, 'R', '2026-01-01', '2027-12-31')", new { Id = Ids.New(app.Clock), scheme, newCourse, provider });
                await Run("INSERT INTO forums_Series (Id, AuthorityId, Name, Summary, AgeRanges, CreatedAt, Version) VALUES (@Id, @authority, @Name, '', 0, @Now, 1)", new { Id = Ids.New(app.Clock), authority, Name = $"Forum {made}", app.Now });
                await Run("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version) VALUES (@Id, @series, @at, @End, 'InPerson', 'Hall', '', 'Play', '', 'Published', '', 1)", new { Id = Ids.New(app.Clock), series, at, End = at.AddHours(1) });
                await Run("INSERT INTO placements_Programme (Id, AuthorityId, Name, Summary, AcademicYear, MinutesPerStudent, CreatedAt, Version) VALUES (@Id, @authority, @Name, '', 2026, 600, @Now, 1)", new { Id = Ids.New(app.Clock), authority, Name = $"Programme {made}", app.Now });
                await Member(made == 0 ? practitioner.PersonId : person);
                var came = Ids.New(app.Clock);
                await Run("INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version) VALUES (@came, @series, @past, @End, 'InPerson', 'Hall', '', 'Play', '', 'Published', '', 1)", new { came, series, past, End = past.AddHours(1) });
                await Run("""
                    INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, ReplyReason, Attendance, Minutes, Revision)
                    VALUES (@Id, @came, @person, 0, @authority, @setting, 'Practitioner', '', 'Attended', 60, 1)
                    """, new { Id = Ids.New(app.Clock), came, person, authority, setting });
                await Run("INSERT INTO people_Term (Id, AuthorityId, SchoolYear, Label, StartsOn, EndsOn) VALUES (@Id, @authority, 2026, @Label, @From, @To)", new { Id = Ids.New(app.Clock), authority, Label = $"Weeks {made}", From = new DateOnly(2026, 10, 12).AddDays(7 * made), To = new DateOnly(2026, 10, 18).AddDays(7 * made) });
                await Run("INSERT INTO forums_Theme (Id, AuthorityId, Name, NameKey) VALUES (@Id, @authority, @Name, @Name)", new { Id = Ids.New(app.Clock), authority, Name = $"theme {made}" });
                await Run("INSERT INTO forums_AgendaItem (Id, MeetingId, Number, Kind, Title, Detail, LeadName, ThemeId, State, ProposedBy, DeclineReason) VALUES (@Id, @met, @made, 'Learning', 'Item', '', '', @theme, 'Accepted', @person, '')", new { Id = Ids.New(app.Clock), met, made, theme, person });
                await Run("INSERT INTO forums_Paper (Id, MeetingId, Kind, Title, Link, Size, AddedAt, AddedBy) VALUES (@Id, @met, 'Material', 'Slides', 'https://example.org', 0, @Now, @person)", new { Id = Ids.New(app.Clock), met, app.Now, person });
                var poll = Ids.New(app.Clock);
                await Run("INSERT INTO forums_Poll (Id, MeetingId, Question, State, Votes) VALUES (@poll, @met, 'Which?', 'Open', 0)", new { poll, met });
                await Run("INSERT INTO forums_PollChoice (PollId, Number, Words, Votes) VALUES (@poll, 1, 'One', 0), (@poll, 2, 'Two', 0)", new { poll });
                await Run("INSERT INTO forums_Action (Id, SeriesId, MeetingId, Words, OwnerId, OwnerName, DueOn, Outcome, Version) VALUES (@Id, @series, @met, 'Do it', @person, 'Somebody', '2027-01-01', '', 1)", new { Id = Ids.New(app.Clock), series, met, person });
                await Run("INSERT INTO forums_Notice (Id, SeriesId, WrittenBy, Title, Words, PostedAt, HiddenReason) VALUES (@Id, @series, @person, 'Title', 'Words', @Now, '')", new { Id = Ids.New(app.Clock), series, person, app.Now });
                var host = await app.Given.Organisation(OrganisationKind.PlacementHost, $"Host {made}");
                await Run("INSERT INTO placements_ProgrammeHost (Id, ProgrammeId, OrganisationId, Project, Capacity, JoinedAt) VALUES (@Id, @programme, @host, 'Baby room', 2, @Now)", new { Id = Ids.New(app.Clock), programme, host, app.Now });
                await Run("""
                    INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, ProjectId, SupervisorId, OnDay, StartsAt, EndsAt, Minutes, Kind, Pinned, State, Hours, LoggedMinutes, Reflection, Revision, Version)
                    VALUES (@Ahead, @Programme, @cohort, @Student, @Project, @Supervisor, @Day, @at, @AheadEnd, 60, 'Project', 1, 'Published', 'None', NULL, NULL, 0, 1), (@Past, @Programme, @cohort, @Student, @Project, @Supervisor, @PastDay, @past, @PastEnd, 60, 'Project', 1, 'Attended', 'Logged', 60, 'Good', 0, 1)
                    """, new { Ahead = Ids.New(app.Clock), Past = Ids.New(app.Clock), placement.Programme, cohort, Student = student.Id, placement.Project, placement.Supervisor, Day = DateOnly.FromDateTime(at), at, AheadEnd = at.AddHours(1), PastDay = DateOnly.FromDateTime(past), past, PastEnd = past.AddHours(1) });
                await Run("INSERT INTO placements_Student (Id, CohortId, Name, Email, EmailKey, StartsOn, EndsOn, MinutesAllowed, MinutesLogged, State, AddedAt, Version) VALUES (@Id, @cohort, @Name, @Name, @Name, '2026-09-07', '2027-08-27', 600, 0, 'Active', @Now, 1)", new { Id = Ids.New(app.Clock), cohort, Name = $"student{made}@example.org", app.Now });
                var drafting = Ids.New(app.Clock);
                await Run("INSERT INTO placements_Cohort (Id, ProgrammeId, OrganisationId, Name, StartsOn, EndsOn, MinutesPerStudent, Expected, CreatedAt, Version) VALUES (@Id, @Programme, @By, @Name, '2026-09-07', '2027-08-27', 600, 1, @Now, 1)", new { Id = Ids.New(app.Clock), placement.Programme, By = placement.Institution.Grants[0].OrganisationId, Name = $"Cohort {made}", app.Now });
                await Run("INSERT INTO placements_Student (Id, CohortId, PersonId, Name, Email, EmailKey, StartsOn, EndsOn, MinutesAllowed, MinutesLogged, State, AddedAt, Version) VALUES (@drafting, @drafted, @person, @Name, @Name, @Name, '2026-09-07', '2027-08-27', 600, 0, 'Active', @Now, 1)", new { drafting, drafted, person, Name = $"drafted{made}@example.org", app.Now });
                await Run("""
                    INSERT INTO placements_Slot (Id, ProgrammeId, CohortId, StudentId, TimetableId, ProjectId, SupervisorId, OnDay, DayPart, StartsAt, EndsAt, Minutes, Kind, Pinned, State, Hours, Revision, Version)
                    VALUES (@Id, @Programme, @drafted, @drafting, @draft, @Project, @Supervisor, @Day, 1, @at, @End, 60, 'Project', 0, 'Draft', 'None', 0, 1)
                    """, new { Id = Ids.New(app.Clock), placement.Programme, drafted, drafting, draft, placement.Project, placement.Supervisor, Day = DateOnly.FromDateTime(at), at, End = at.AddHours(1) });
                await Run("INSERT INTO people_ClosedDay (Id, AuthorityId, ClosedOn, Label) VALUES (@Id, @authority, @Day, 'Closed')", new { Id = Ids.New(app.Clock), authority, Day = new DateOnly(2027, 1, 4).AddDays(made) });
                await app.Given.ApiKey(practitioner);
                await Run("INSERT INTO platform_Message (Id, Kind, CauseId, AuthorityId, Recipient, Subject, Body, DueAt, State, Attempts) VALUES (@Id, 'test', @Id, @authority, 'a@example.org', 'S', '', @Now, 'Parked', 8)", new { Id = Ids.New(app.Clock), authority, app.Now });
            }
        }

        Task<int> Member(Guid person) => Run("""
            INSERT INTO forums_Member (Id, SeriesId, PersonId, AuthorityId, SettingId, Role, Since, AddedBy) VALUES (@Id, @series, @person, @authority, @setting, 'Practitioner', @Now, @person)
            """, new { Id = Ids.New(app.Clock), series, person, authority, setting, app.Now });

        async Task Course(Guid id, string title) {
            await Run("""
                INSERT INTO training_Course (Id, AuthorityId, TrainingProviderId, Title, TitleKey, SearchKey, Summary, LearningOutcomes, AgeRanges, Mode, Minutes, ParticipatoryMinutes, PricePence, State, CreatedAt, CreatedBy, PublishedAt, Version)
                VALUES (@id, @authority, @provider, @title, @Key, @Key, 'About it', 'Know it', 0, 'InPerson', 60, 0, 0, 'Published', @Now, @By, @Now, 1)
                """, new { id, authority, provider, title, Key = " " + title.ToLowerInvariant(), app.Now, By = officer.PersonId });
            await Run("INSERT INTO training_CourseTopic (CourseId, Topic, TopicKey) VALUES (@id, 'Play', ' play')", new { id });
        }

        async Task Session(Guid id, DateTime at) {
            await Run("""
                INSERT INTO training_Session (Id, CourseId, AuthorityId, StartsAt, EndsAt, Places, PlacesTaken, WaitingCount, WaitingTail, VenueName, VenueAddress, JoiningLink, TrainerPersonId, State, CancelReason, CreatedAt, CreatedBy, Version)
                VALUES (@id, @course, @authority, @at, @End, 100, 0, 0, 0, 'Hall', 'Street', '', @Trainer, 'Published', '', @Now, @By, 1)
                """, new { id, course, authority, at, End = at.AddHours(1), Trainer = trainer.PersonId, app.Now, By = officer.PersonId });
            await Run("INSERT INTO training_SessionDate (SessionId, StartsAt, EndsAt) VALUES (@id, @at, @End)", new { id, at, End = at.AddHours(1) });
        }

        Task<int> Booking(Guid session, Guid person) => Run("""
            INSERT INTO training_Booking (Id, SessionId, PersonId, SettingId, AuthorityId, State, Reference, BookedAt, BookedBy, CancelReason, MinutesAttended, IsWalkIn, Revision)
            VALUES (@Id, @session, @person, @setting, @authority, 'Booked', @Reference, @Now, @person, '', 0, 0, 0)
            """, new { Id = Ids.New(app.Clock), session, person, setting, authority, Reference = Codes.ForPeople(2), app.Now });

        async Task Entry(int number, DateOnly day) {
            var cause = Ids.New(app.Clock);
            await Run("""
                INSERT INTO accreditation_Entry (Id, PersonId, CauseKind, CauseId, Revision, Title, Source, HappenedOn, Minutes, ParticipatoryMinutes, AgeRanges, Mode, SettingId, AuthorityId, CourseId, SessionId, RecordedAt, Version)
                VALUES (@Id, @PersonId, 'Attendance', @cause, 1, @Title, 'Thurrock', @day, 60, 0, 0, 'InPerson', @setting, @authority, @course, @held, @Now, 1)
                """, new { Id = Ids.New(app.Clock), practitioner.PersonId, cause, Title = $"Course {number}", day, setting, authority, course, held, app.Now });
            await Run("""
                INSERT INTO accreditation_Certificate (Id, Number, PersonId, CauseId, Revision, LearnerName, CourseId, CourseTitle, LearningOutcomes, IssuerName, AuthorityId, HappenedOn, StartsAt, EndsAt, Mode, Minutes, ParticipatoryMinutes, IssuedAt)
                VALUES (@Id, @Number, @PersonId, @cause, 1, 'Somebody', @course, 'Course', '', 'Thurrock', @authority, @day, @Now, @Now, 'InPerson', 60, 0, @Now)
                """, new { Id = Ids.New(app.Clock), Number = Codes.ForPeople(3), practitioner.PersonId, cause, course, authority, day, app.Now });
        }

        Task<int> Run(string sql, object values) => app.Database(db => db.Execute(sql, values, default));
    }
}
