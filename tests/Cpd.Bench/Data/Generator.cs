using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Cpd.Training.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace Cpd.Bench.Data;

/// <summary>
/// Fills a database that the service has migrated, always with the same people and courses for the same size and day. SQLite only: one
/// transaction without waiting for the disk, the indexes dropped before and made again from their own text after. For SQL Server the same
/// rows would go through SqlBulkCopy in place of <see cref="BulkTable"/>.
/// </summary>
/// <remarks>
/// The rates: 405 settings, 2,186 people and 410 sessions a year in a mean authority; 16 bookings a session, of which 12 % are cancelled and
/// 8 % do not come; 2.4 own entries a person and year. Authorities differ in size about that mean. Events and messages are those of the last
/// 30 days only, which is what the nightly clean-up leaves; sign-ins, uploads and links that are over leave nothing behind and are not here.
/// </remarks>
sealed class Generator(DataSize size, DateOnly asOf) {
    /// <summary>To be raised whenever what is generated changes, so that kept data sets are made anew.</summary>
    public const int Version = 1;

    const int LastingDays = 30;
    readonly Random random = new(20260901);
    readonly Dictionary<string, BulkTable> tables = [];
    readonly List<Authority> authorities = [];
    readonly List<Organisation> providers = [];
    readonly List<Organisation> accreditors = [];
    readonly HashSet<string> numbers = [];
    readonly DateTime now = asOf.ToDateTime(new TimeOnly(6, 0), DateTimeKind.Utc);
    SqliteConnection connection = null!;

    sealed record Organisation(byte[] Id, string Name, byte[] OfficerId);

    sealed record Person(byte[] Id, string Name, string Email, byte[]? SettingId);

    sealed record Course(byte[] Id, string Title, string Outcomes, int Ages, string Mode, int Minutes, int Participatory, Organisation? Provider, Organisation? Accreditor, string? Reference, double From, double To);

    sealed record Session(Authority Authority, Course Course, DateTime StartsAt, DateTime EndsAt, IReadOnlyList<(DateTime From, DateTime To)> Dates);

    sealed class Authority(byte[] id, string name, double weight) {
        public byte[] Id => id;
        public string Name => name;
        public double Weight => weight;
        public List<Person> People { get; } = [];
        public List<Person> Trainers { get; } = [];
        public List<Person> Officers { get; } = [];
        public List<Course> Courses { get; } = [];
    }

    DateTime Begin => now.AddDays(-365.25 * size.Years + 91);
    DateTime End => now.AddDays(91);

    /// <summary>Fills the file and gives the number of rows it wrote, by table.</summary>
    public IReadOnlyDictionary<string, long> Fill(string file, CancellationToken ct) {
        using var opened = new SqliteConnection($"Data Source={file};Pooling=False");
        connection = opened;
        connection.Open();
        Run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2000000; PRAGMA threads = 2;");
        var indexes = Read("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name", r => (Name: r.GetString(0), Sql: r.GetString(1)));
        foreach (var index in indexes) Run($"DROP INDEX {index.Name}");
        Run("BEGIN");
        ReadAuthorities();
        FillOrganisations();
        foreach (var authority in authorities) FillAuthority(authority);
        foreach (var authority in authorities) FillCourses(authority);
        foreach (var session in Sessions()) {
            ct.ThrowIfCancellationRequested();
            FillSession(session);
        }
        FillOwnEntries();
        Run("COMMIT");
        foreach (var index in indexes) {
            ct.ThrowIfCancellationRequested();
            Run(index.Sql);
        }
        foreach (var table in tables.Values) table.Dispose();
        // As the service does every hour.
        Run("PRAGMA analysis_limit = 400; ANALYZE");
        // What the service finds when it opens the file: a write-ahead log again, and everything on disk.
        Run("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;");
        return tables.Values.OrderBy(t => t.Table, StringComparer.Ordinal).ToDictionary(t => t.Table, t => t.Rows);
    }

    void ReadAuthorities() {
        var all = Read("SELECT Id, Name FROM people_Authority WHERE ToOn IS NULL ORDER BY OnsCode", r => ((byte[])r[0], r.GetString(1)));
        var chosen = all.Take(size.Authorities).ToList();
        // A large county has about five times the mean, the smallest a tenth; the sum is that of the mean.
        var weights = chosen.Select(_ => chosen.Count == 1 ? 1 : Math.Clamp(Math.Exp(0.6 * Normal()), 0.1, 5)).ToList();
        var mean = weights.Average();
        authorities.AddRange(chosen.Select((a, i) => new Authority(a.Item1, a.Item2, weights[i] / mean * size.Scale)));
    }

    void FillOrganisations() {
        for (var i = 0; i < 5; i++) accreditors.Add(AddOrganisation("Accreditor", $"Institute of Early Practice {i + 1}", "Accreditor"));
        for (var i = 0; i < Math.Max(3, 200 * size.Authorities / 153); i++) providers.Add(AddOrganisation("TrainingProvider", $"{Pick(Words.Last)} and {Pick(Words.Last)} Training {i + 1}", "TrainingProviderOfficer"));
        foreach (var accreditor in accreditors) {
            var id = Key("accreditation_Scheme", Begin);
            Table("accreditation_Scheme", "Id", "AccreditorId", "Name", "NameKey", "Description", "State", "Version").Add(id, accreditor.Id, "Early years CPD", "early years cpd", "Courses for people who work with young children.", "Open", 1);
            schemes[accreditor] = id;
        }
    }

    readonly Dictionary<Organisation, byte[]> schemes = [];

    Organisation AddOrganisation(string kind, string name, string role) {
        var id = Key("people_Organisation", Begin);
        Table("people_Organisation", "Id", "Kind", "Name", "NameKey", "Version").Add(id, kind, name, name.ToLowerInvariant(), 1);
        var officer = AddPerson(null, account: true);
        AddContact(authorities[0], officer);
        AddGrant(officer, role, kind, id);
        AddKey(officer, role, kind, id, $"bench {role} {(kind == "Accreditor" ? accreditors : providers).Count + 1}");
        return new(id, name, officer.Id);
    }

    void FillAuthority(Authority authority) {
        var settings = Math.Max(1, (int)Math.Round(405 * authority.Weight));
        var founded = Begin;
        var ids = new List<byte[]>();
        for (var i = 0; i < settings; i++) {
            var childminder = i % 2 == 1;
            var id = Key("people_Setting", founded);
            ids.Add(id);
            var staff = childminder ? (random.NextDouble() < 0.2 ? 2 : 1) : random.Next(3, 17);
            var people = Enumerable.Range(0, staff).Select(_ => AddPerson(id, account: true)).ToList();
            var name = childminder ? people[0].Name : $"{Pick(Words.Setting)} {Pick(Words.Kind)} {ids.Count}";
            Table("people_Setting", "Id", "AuthorityId", "Urn", "UrnKind", "Name", "NameKey", "ProviderType", "Subtype", "Status", "Places", "Address", "Town", "Postcode", "RegisteredOn", "Version").Add(
                id, authority.Id, $"{2_000_000 + urn++}", "Ofsted", name, name.ToLowerInvariant(), childminder ? "Childminder" : "Childcare on non-domestic premises", childminder ? "" : "Full day care", "Active",
                childminder ? 6 : random.Next(16, 90), $"{random.Next(1, 200)} {Pick(Words.Last)} Road", authority.Name, $"ZZ{random.Next(1, 30)} {random.Next(1, 9)}AB", asOf.AddDays(-random.Next(400, 8000)), 1);
            for (var n = 0; n < people.Count; n++) {
                var person = people[n];
                authority.People.Add(person);
                var joined = asOf.AddDays(-random.Next(30, (int)(365 * size.Years) + 700));
                AddMembership(person, id, n == 0 ? childminder ? "Childminder" : "Manager" : Pick(Words.Job), joined, null);
                // A quarter came from another setting of the authority within five years.
                if (ids.Count > 1 && random.NextDouble() < 0.05 * size.Years) AddMembership(person, ids[random.Next(ids.Count - 1)], "Practitioner", joined.AddDays(-random.Next(200, 1500)), joined.AddDays(-random.Next(1, 100)));
                if (n == 0) AddGrant(person, "SettingManager", "Setting", id);
            }
        }
        for (var i = 0; i < 3; i++) authority.Officers.Add(AddContact(authority, AddPerson(null, account: true)));
        foreach (var officer in authority.Officers) {
            AddGrant(officer, "AuthorityOfficer", "Authority", authority.Id);
            AddKey(officer, "AuthorityOfficer", "Authority", authority.Id, $"bench officer {Convert.ToHexStringLower(officer.Id)}");
        }
        for (var i = 0; i < Math.Max(1, (int)(10 * authority.Weight)); i++) authority.Trainers.Add(AddContact(authority, AddPerson(null, account: true)));
        foreach (var trainer in authority.Trainers) AddGrant(trainer, "Trainer", "None", new byte[16]);

        for (var year = (int)Math.Floor(-size.Years); year <= 0; year++) {
            var september = asOf.Year + year;
            foreach (var (label, from, to) in ((string, DateOnly, DateOnly)[])[("Autumn", new(september, 9, 2), new(september, 12, 18)), ("Spring", new(september + 1, 1, 5), new(september + 1, 3, 27)), ("Summer", new(september + 1, 4, 13), new(september + 1, 7, 21))])
                Table("people_Term", "Id", "AuthorityId", "SchoolYear", "Label", "StartsOn", "EndsOn").Add(Key("people_Term", founded), authority.Id, september, $"{label} term {september} to {september + 1}", from, to);
        }
        FillForums(authority);
        FillPlacements(authority);
    }

    int urn;
    int people;
    readonly string passwordHash = new PasswordHasher<object>().HashPassword(new object(), DataSet.Password);

    Person AddPerson(byte[]? settingId, bool account) {
        var (first, last) = (Pick(Words.First), Pick(Words.Last));
        var person = new Person(Key("people_Person", Begin), $"{first} {last}", $"{first}.{last}.{++people}@example.org".ToLowerInvariant(), settingId);
        Table("people_Person", "Id", "Name", "NameKey", "Email", "EmailKey", "CreatedAt", "Version").Add(person.Id, person.Name, person.Name.ToLowerInvariant(), person.Email, person.Email, Begin, 1);
        // Four in ten have taken up their invitation.
        if (!account || settingId is not null && random.NextDouble() >= 0.4) return person;
        AddAccount(person);
        if (settingId is not null) AddGrant(person, "Practitioner", "None", new byte[16]);
        return person;
    }

    void AddAccount(Person person) =>
        Table("people_Account", "Id", "PersonId", "EmailKey", "PasswordHash", "State", "CreatedAt").Add(Key("people_Account", Begin), person.Id, person.Email, passwordHash, "Active", Begin);

    void AddGrant(Person person, string role, string kind, byte[] organisationId) =>
        Table("people_Grant", "Id", "PersonId", "Role", "Kind", "OrganisationId", "GrantedAt").Add(Key("people_Grant", Begin), person.Id, role, kind, organisationId, Begin);

    /// <summary>A key whose secret is known, for the benchmarks: the hash of its own name.</summary>
    void AddKey(Person person, string role, string kind, byte[] organisationId, string secret) =>
        Table("people_ApiKey", "Id", "Name", "KeyHash", "PersonId", "Role", "Kind", "OrganisationId", "CreatedAt", "ExpiresAt").Add(
            Key("people_ApiKey", Begin), secret, Codes.Hash(secret), person.Id, role, kind, organisationId, now, now.AddYears(1));

    Person AddContact(Authority authority, Person person) {
        Table("people_Contact", "AuthorityId", "PersonId", "AddedAt").Add(authority.Id, person.Id, Begin);
        return person;
    }

    void AddMembership(Person person, byte[] settingId, string job, DateOnly joined, DateOnly? left) =>
        Table("people_Membership", "Id", "PersonId", "SettingId", "JobRole", "AgeRanges", "JoinedOn", "LeftOn").Add(
            Key("people_Membership", Begin), person.Id, settingId, job, random.Next(1, 8), left < joined ? left : joined, left);

    void FillForums(Authority authority) {
        for (var i = 0; i < Math.Max(1, (int)Math.Round(18 * authority.Weight)); i++) {
            var id = Key("forums_Series", Begin);
            Table("forums_Series", "Id", "AuthorityId", "Name", "Summary", "AgeRanges", "CreatedAt", "Version").Add(id, authority.Id, $"{Pick(Words.Topic)} forum {i + 1}", Pick(Words.Sentence), random.Next(0, 8), Begin, 1);
            for (var at = Begin.AddDays(random.Next(20)); at < End; at = at.AddDays(122)) {
                var start = OnWorkday(at.Date.AddHours(16));
                Table("forums_Meeting", "Id", "SeriesId", "StartsAt", "EndsAt", "Mode", "Venue", "JoiningLink", "Topics", "Term", "State", "CancelReason", "Version").Add(
                    Key("forums_Meeting", start), id, start, start.AddHours(1.5), "InPerson", "Town Hall", "", Pick(Words.Topic), "", "Published", "", 1);
            }
        }
    }

    void FillPlacements(Authority authority) {
        var hosts = Enumerable.Range(1, 6).Select(i => {
            var id = Key("people_Organisation", Begin);
            var name = $"{authority.Name} host {i}";
            Table("people_Organisation", "Id", "Kind", "Name", "NameKey", "Version").Add(id, "PlacementHost", name, name.ToLowerInvariant(), 1);
            return id;
        }).ToList();
        for (var year = (int)Math.Floor(-size.Years) + 1; year <= 0; year++) {
            var id = Key("placements_Programme", Begin);
            Table("placements_Programme", "Id", "AuthorityId", "Name", "Summary", "AcademicYear", "MinutesPerStudent", "CreatedAt", "Version").Add(id, authority.Id, "Early years students", Pick(Words.Sentence), asOf.Year + year, 3120, Begin, 1);
            foreach (var host in hosts) Table("placements_ProgrammeHost", "Id", "ProgrammeId", "OrganisationId", "Project", "Capacity", "JoinedAt").Add(Key("placements_ProgrammeHost", Begin), id, host, "Baby room", random.Next(1, 8), Begin);
        }
    }

    /// <summary>About 120 courses at any time in a mean authority; a quarter is replaced each year, and one that has been replaced is cancelled.</summary>
    void FillCourses(Authority authority) {
        var alive = Math.Max(8, (int)Math.Round(120 * authority.Weight));
        for (var slot = 0; slot < alive; slot++)
            for (double from = -random.NextDouble() * 4; from < size.Years;) {
                var to = from + 4;
                if (to > 0) AddCourse(authority, Math.Max(0, from), to >= size.Years ? double.MaxValue : to);
                from = to;
            }
    }

    void AddCourse(Authority authority, double from, double to) {
        var topics = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(Words.Topic)).Distinct().ToList();
        var title = $"{topics[0]}: {Pick(Words.Angle)}";
        var summary = string.Join(' ', Enumerable.Range(0, random.Next(2, 5)).Select(_ => Pick(Words.Sentence)).Distinct());
        var made = Begin.AddDays(365.25 * from - 60);
        var accreditor = random.NextDouble() is var share && share < 0.33 ? accreditors[0] : share < 0.5 ? accreditors[random.Next(1, accreditors.Count)] : null;
        var minutes = Of([90, 120, 120, 180, 180, 360]);
        var course = new Course(Key("training_Course", made), title, string.Join('\n', Enumerable.Range(0, 4).Select(_ => Pick(Words.Outcome)).Distinct()), random.Next(0, 8), Of(["InPerson", "InPerson", "LiveOnline"]), minutes, Of([0, minutes / 2, minutes]),
            random.NextDouble() < 0.4 ? providers[random.Next(providers.Count)] : null, accreditor, accreditor is null ? null : $"EY-{random.Next(1000, 9999)}", from, to);
        var over = to < double.MaxValue;
        authority.Courses.Add(course);
        Table("training_Course", "Id", "AuthorityId", "TrainingProviderId", "Title", "TitleKey", "SearchKey", "Summary", "LearningOutcomes", "AgeRanges", "Mode", "Minutes", "ParticipatoryMinutes", "PricePence", "State", "CreatedAt", "CreatedBy", "PublishedAt", "CancelledAt", "Version").Add(
            course.Id, authority.Id, course.Provider?.Id, title, Words.Key(title), Words.Key($"{title} {string.Join(' ', topics)} {summary}"), summary, course.Outcomes, course.Ages, course.Mode, minutes, course.Participatory,
            random.NextDouble() < 0.7 ? 0 : random.Next(2, 12) * 500, over ? "Cancelled" : "Published", made, authority.Officers[0].Id, made.AddDays(3), over ? Begin.AddDays(365.25 * to) : null, 2);
        foreach (var topic in topics) Table("training_CourseTopic", "CourseId", "Topic", "TopicKey").Add(course.Id, topic, Words.Key(topic));
        foreach (var job in Enumerable.Range(0, random.Next(0, 4)).Select(_ => Pick(Words.Job)).Distinct()) Table("training_CourseAudience", "CourseId", "JobRole").Add(course.Id, job);
        if (course.Accreditor is not null)
            Table("accreditation_AccreditedCourse", "Id", "SchemeId", "CourseId", "CourseTitle", "TrainingProviderId", "Reference", "ValidFrom", "ValidTo", "CertificateMonths").Add(
                Key("accreditation_AccreditedCourse", made), schemes[course.Accreditor], course.Id, title, course.Provider?.Id, course.Reference, DateOnly.FromDateTime(made), asOf.AddDays(400), 36);
    }

    /// <summary>All sessions of all authorities in the order in which they are held, as the tables would have grown.</summary>
    IEnumerable<Session> Sessions() {
        var all = new List<Session>();
        foreach (var authority in authorities)
            for (var i = 0; i < Math.Max(12, (int)Math.Round(410 * authority.Weight * size.Years)); i++) {
                var year = random.NextDouble() * size.Years;
                var offered = authority.Courses.Where(c => c.From <= year && year < c.To).ToList();
                var course = offered[random.Next(offered.Count)];
                var start = OnWorkday(Begin.AddDays(365.25 * year).Date.AddMinutes(Of([570, 780, 1110])));
                var dates = Enumerable.Range(0, random.NextDouble() < 0.85 ? 1 : random.Next(2, 4)).Select(n => start.AddDays(7 * n)).ToList();
                var length = course.Minutes / dates.Count;
                all.Add(new(authority, course, start, dates[^1].AddMinutes(length), [.. dates.Select(d => (d, d.AddMinutes(length)))]));
            }
        return all.OrderBy(s => s.StartsAt);
    }

    void FillSession(Session s) {
        var created = s.StartsAt.AddDays(-60);
        var id = Key("training_Session", created);
        var (over, ahead) = (s.EndsAt < now, Math.Max(0, (s.StartsAt - now).TotalDays));
        var state = random.NextDouble() is var chance && chance < 0.04 ? "Cancelled" : chance < 0.06 && ahead > 60 ? "Draft" : "Published";
        var places = Of([12, 12, 12, 12, 16, 16, 16, 16, 16, 16, 20, 20, 20, 20, 20, 24, 24, 30, 30, 40]);
        var full = ahead < 45 && random.NextDouble() < 0.25;
        var taken = state == "Draft" ? 0 : full ? places : (int)(places * (0.35 + 0.55 * random.NextDouble()) * Math.Max(0.1, 1 - ahead / 120));
        taken = Math.Min(taken, s.Authority.People.Count / 2);
        var waiting = taken == places && random.NextDouble() < (over ? 0.1 : 0.6) ? random.Next(1, 6) : 0;
        var cancelled = (int)Math.Round(taken * 0.12 / 0.88 + random.NextDouble() - 0.5);
        var closed = state == "Published" && over && (s.EndsAt < now.AddDays(-7) || random.NextDouble() < 0.7);
        var trainer = random.NextDouble() < 0.8 ? s.Authority.Trainers[random.Next(s.Authority.Trainers.Count)] : null;
        var online = s.Course.Mode == "LiveOnline";
        var called = state == "Cancelled";
        var off = s.StartsAt.AddDays(-5) < now ? s.StartsAt.AddDays(-5) : now;
        Table("training_Session", "Id", "CourseId", "AuthorityId", "StartsAt", "EndsAt", "Places", "PlacesTaken", "WaitingCount", "WaitingTail", "VenueName", "VenueAddress", "JoiningLink", "TrainerPersonId", "State", "CancelReason", "CancelledAt", "RegisterClosedAt", "CreatedAt", "CreatedBy", "Version").Add(
            id, s.Course.Id, s.Authority.Id, s.StartsAt, s.EndsAt, places, called ? 0 : taken, called ? 0 : waiting, waiting, online ? "" : $"{s.Authority.Name} Learning Centre", online ? "" : "1 High Street", online ? "https://meet.example.org/room" : "",
            trainer?.Id, state, called ? "The trainer is ill." : "", called ? off : null, closed ? s.EndsAt.AddHours(20) : null, created, s.Authority.Officers[0].Id, 1);
        foreach (var (from, to) in s.Dates) Table("training_SessionDate", "SessionId", "StartsAt", "EndsAt").Add(id, from, to);

        var opened = s.StartsAt.AddDays(-21) < now ? s.StartsAt.AddDays(-21) : now.AddDays(-1);
        var chosen = new HashSet<int>();
        for (var n = 0; n < taken + waiting + cancelled; n++) {
            int who;
            do who = random.Next(s.Authority.People.Count); while (!chosen.Add(who));
            var place = n < taken ? called ? "Off" : "Booked" : n < taken + waiting ? called ? "Off" : "Waiting" : "Cancelled";
            FillBooking(s, id, s.Authority.People[who], place, n < taken ? null : n - taken + 1, opened, off, closed, trainer, walkIn: false);
        }
        if (closed && random.NextDouble() < 0.1) {
            int who;
            do who = random.Next(s.Authority.People.Count); while (!chosen.Add(who));
            FillBooking(s, id, s.Authority.People[who], "Booked", null, s.StartsAt, off, closed, trainer, walkIn: true);
        }
    }

    void FillBooking(Session s, byte[] sessionId, Person person, string place, int? number, DateTime opened, DateTime off, bool closed, Person? trainer, bool walkIn) {
        var id = Key("training_Booking", opened);
        var bookedAt = opened.AddMinutes(random.Next(0, 1400));
        var by = random.NextDouble() < 0.5 ? person.Id : s.Authority.Officers[1].Id;
        var givenUp = place == "Cancelled" ? bookedAt.AddDays(2) < now ? bookedAt.AddDays(2) : now : off;
        var gone = place is "Cancelled" or "Off";
        var attendance = place != "Booked" || !closed ? null : random.NextDouble() is var luck && luck < 0.09 && !walkIn ? "DidNotAttend" : luck < 0.12 ? "Part" : "Attended";
        var minutes = attendance switch { "Attended" => s.Course.Minutes, "Part" => s.Course.Minutes / 2, _ => 0 };
        var reference = Code(2);
        var reason = place == "Off" ? "The trainer is ill." : place == "Cancelled" ? "Something came up" : "";
        Table("training_Booking", "Id", "SessionId", "PersonId", "SettingId", "AuthorityId", "State", "Reference", "BookedAt", "BookedBy", "WaitingNumber", "CancelledAt", "CancelledBy", "CancelReason", "Attendance", "MinutesAttended", "IsWalkIn", "Revision").Add(
            id, sessionId, person.Id, person.SettingId, s.Authority.Id, gone ? "Cancelled" : place, reference, bookedAt, by, place == "Waiting" ? number : null, gone ? givenUp : null, gone ? by : null, reason, attendance, minutes, walkIn, attendance is null ? 0 : 1);
        Log(id, bookedAt, by, walkIn ? "Walked in" : place == "Waiting" ? "Joined waiting list" : "Booked", "");
        if (gone) Log(id, givenUp, by, place == "Off" ? "Session cancelled" : "Cancelled", reason);
        if (!walkIn) Tell(bookedAt, place == "Waiting" ? "booking-waiting" : "booking-confirmed", id, person, place == "Waiting" ? "On the waiting list" : "Booked", s, reference);
        if (gone) Tell(givenUp, place == "Off" ? "session-cancelled" : "booking-cancelled", id, person, place == "Off" ? "Session cancelled" : "Booking cancelled", s, reference);
        if (attendance is null) return;
        var recorded = s.EndsAt.AddHours(20) < now ? s.EndsAt.AddHours(20) : now;
        Log(id, recorded, s.Authority.Officers[0].Id, "Register", attendance);
        FillLedger(s, sessionId, person, id, minutes, attendance == "Attended", recorded, trainer);
    }

    void Log(byte[] bookingId, DateTime at, byte[] by, string act, string detail) =>
        Table("training_BookingHistory", "Id", "BookingId", "At", "PersonId", "Act", "Detail").Add(Key("training_BookingHistory", at), bookingId, at, by, act, detail);

    void Tell(DateTime at, string kind, byte[] cause, Person person, string subject, Session s, string reference) {
        if (at < now.AddDays(-LastingDays)) return;
        Table("platform_Message", "Id", "Kind", "CauseId", "Recipient", "Subject", "Body", "DueAt", "State", "Attempts", "SentAt").Add(Key("platform_Message", at), kind, cause, person.Email, $"{subject}: {s.Course.Title}",
            $"Dear {person.Name},\n\nYour reference: {reference}\n\n{s.Course.Title}\n{s.StartsAt:d MMMM yyyy HH:mm}\n{s.Authority.Name} Learning Centre, 1 High Street\n", at, "Sent", 1, at.AddSeconds(2));
    }

    void FillLedger(Session s, byte[] sessionId, Person person, byte[] bookingId, int minutes, bool completed, DateTime recorded, Person? trainer) {
        var c = s.Course;
        var participatory = minutes == c.Minutes ? c.Participatory : Math.Min(minutes, c.Participatory);
        var issuer = c.Provider?.Name ?? s.Authority.Name;
        var day = DateOnly.FromDateTime(s.StartsAt);
        Table("accreditation_Entry", "Id", "PersonId", "CauseKind", "CauseId", "Revision", "Title", "Source", "HappenedOn", "Minutes", "ParticipatoryMinutes", "AgeRanges", "Mode", "SettingId", "AuthorityId", "TrainingProviderId", "CourseId", "SessionId", "Reflection", "WithdrawnAt", "RecordedAt", "Version").Add(
            Key("accreditation_Entry", recorded), person.Id, "Attendance", bookingId, 1, c.Title, issuer, day, minutes, participatory, c.Ages, c.Mode, person.SettingId, s.Authority.Id, c.Provider?.Id, c.Id, sessionId,
            minutes > 0 && random.NextDouble() < 0.1 ? Pick(Words.Sentence) : null, minutes == 0 ? recorded : null, recorded, 1);
        if (completed)
            Table("accreditation_Certificate", "Id", "Number", "PersonId", "CauseId", "Revision", "LearnerName", "CourseId", "CourseTitle", "LearningOutcomes", "IssuerName", "AuthorityId", "TrainingProviderId", "AccreditorId", "AccreditorName", "AccreditationReference", "HappenedOn", "StartsAt", "EndsAt", "Mode", "Minutes", "ParticipatoryMinutes", "TrainerName", "IssuedAt", "ValidUntil").Add(
                Key("accreditation_Certificate", recorded), Code(3), person.Id, bookingId, 1, person.Name, c.Id, c.Title, c.Outcomes, issuer, s.Authority.Id, c.Provider?.Id, c.Accreditor?.Id, c.Accreditor?.Name, c.Reference, day, s.StartsAt, s.EndsAt,
                c.Mode, minutes, participatory, trainer?.Name, recorded, c.Accreditor is null ? null : day.AddMonths(36));
        if (recorded < now.AddDays(-LastingDays)) return;
        var happened = new AttendanceRecorded(Guid(bookingId), 1, Guid(person.Id), person.SettingId is { } at ? Guid(at) : null, Guid(sessionId), Guid(c.Id), Guid(s.Authority.Id), c.Provider is { } p ? Guid(p.Id) : null, c.Title, c.Outcomes,
            Enum.Parse<CourseMode>(c.Mode), (AgeRanges)c.Ages, s.StartsAt, s.EndsAt, minutes, participatory, completed, trainer?.Name, recorded);
        var id = Key("platform_Outbox", recorded);
        Table("platform_Outbox", "Id", "Type", "Payload", "OccurredAt", "NextAttemptAt", "Attempts", "DeliveredAt").Add(id, typeof(AttendanceRecorded).FullName, JsonSerializer.Serialize(happened), recorded, recorded, 1, recorded.AddSeconds(1));
        Table("platform_OutboxDelivery", "EventId", "Handler", "DeliveredAt").Add(id, "Cpd.Accreditation.Ledger.WhenAttendanceRecorded", recorded.AddSeconds(1));
    }

    /// <summary>What people added themselves: four in ten of them, six times a year.</summary>
    void FillOwnEntries() {
        var everyone = authorities.SelectMany(a => a.People).ToList();
        var own = everyone.Where((_, i) => i % 5 < 2).ToList();
        var past = (now - Begin).TotalDays;
        var count = (int)(own.Count * 6 * past / 365.25);
        for (var i = 0; i < count; i++) {
            var at = Begin.AddDays(past * i / count);
            var id = Key("accreditation_Entry own", at);
            var minutes = Of([30, 60, 90, 120]);
            Table("accreditation_Entry", "Id", "PersonId", "CauseKind", "CauseId", "Revision", "Title", "Source", "HappenedOn", "Minutes", "ParticipatoryMinutes", "AgeRanges", "Mode", "SettingId", "AuthorityId", "TrainingProviderId", "CourseId", "SessionId", "Reflection", "WithdrawnAt", "RecordedAt", "Version").Add(
                id, own[random.Next(own.Count)].Id, "Own", id, 1, $"Read about {Pick(Words.Topic).ToLowerInvariant()}", "My own reading", DateOnly.FromDateTime(at), minutes, 0, random.Next(0, 8), "SelfStudy", null, null, null, null, null,
                random.NextDouble() < 0.5 ? $"{Pick(Words.Sentence)} {Pick(Words.Sentence)}" : null, null, at, 1);
        }
    }

    readonly Dictionary<string, Keys> keys = [];

    byte[] Key(string of, DateTime at) {
        if (!keys.TryGetValue(of, out var maker)) keys[of] = maker = new Keys(random);
        return maker.At(at);
    }

    /// <summary>The rows of a table. Its columns are those of the first call; every call names the same.</summary>
    BulkTable Table(string name, params ReadOnlySpan<string> columns) {
        if (!tables.TryGetValue(name, out var table)) tables[name] = table = new BulkTable(connection, name, [.. columns]);
        return table;
    }

    static Guid Guid(byte[] id) => new(id, bigEndian: true);

    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A reference or number in the service's own form, used once.</summary>
    string Code(int groups) {
        while (true) {
            var bits = random.NextInt64();
            var code = string.Create(groups * 5 - 1, bits, static (text, bits) => {
                for (var i = 0; i < text.Length; i++) {
                    if (i % 5 == 4) { text[i] = '-'; continue; }
                    text[i] = Alphabet[(int)(bits & 31)];
                    bits >>= 5;
                }
            });
            if (groups > 2 || numbers.Add(code)) return code;
        }
    }

    static DateTime OnWorkday(DateTime at) {
        // Nobody trains in August.
        if (at.Month == 8) at = at.AddDays(35);
        return at.DayOfWeek switch { DayOfWeek.Saturday => at.AddDays(2), DayOfWeek.Sunday => at.AddDays(1), _ => at };
    }

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    string Pick(string[] from) => from[random.Next(from.Length)];

    T Of<T>(ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    void Run(string sql) {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    List<T> Read<T>(string sql, Func<SqliteDataReader, T> row) {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }
}
