namespace Cpd.Tests;

/// <summary>What the walk needs to know of addresses: whose row stands for an id, and what a program sends.</summary>
static class AccessSamples {
    const string Course = "SELECT Id FROM training_Course WHERE AuthorityId = @Authority AND State = 'Published' ORDER BY Id";
    const string Session = "SELECT Id FROM training_Session WHERE AuthorityId = @Authority AND State = 'Published' ORDER BY Id";
    const string Booking = "SELECT Id FROM training_Booking WHERE AuthorityId = @Authority AND State = 'Booked' AND Attendance IS NULL ORDER BY Id";
    const string Charge = "SELECT Id FROM training_Charge WHERE AuthorityId = @Authority AND State = 'Due' ORDER BY Id";
    const string Venue = "SELECT Id FROM training_Venue WHERE AuthorityId = @Authority ORDER BY Id";
    const string Material = "SELECT m.Id FROM training_Material m JOIN training_Session s ON s.Id = m.SessionId WHERE s.AuthorityId = @Authority ORDER BY m.Id";
    const string Person = "SELECT m.PersonId AS Id FROM people_Membership m JOIN people_Setting s ON s.Id = m.SettingId WHERE s.AuthorityId = @Authority AND m.LeftOn IS NULL ORDER BY m.Id";
    const string Certificate = "SELECT Number FROM accreditation_Certificate WHERE CauseId IN (SELECT CauseId FROM accreditation_Entry WHERE AuthorityId = @Authority) ORDER BY Id";
    const string Meeting = "SELECT m.Id FROM forums_Meeting m JOIN forums_Series s ON s.Id = m.SeriesId WHERE s.AuthorityId = @Authority AND m.State = 'Published' ORDER BY m.StartsAt DESC";
    const string Forum = "SELECT Id FROM forums_Series WHERE AuthorityId = @Authority ORDER BY Id";
    const string Action = "SELECT a.Id FROM forums_Action a JOIN forums_Series s ON s.Id = a.SeriesId WHERE s.AuthorityId = @Authority ORDER BY a.Id";
    const string Paper = "SELECT p.Id FROM forums_Paper p JOIN forums_Meeting m ON m.Id = p.MeetingId JOIN forums_Series s ON s.Id = m.SeriesId WHERE s.AuthorityId = @Authority ORDER BY p.Id";
    const string Notice = "SELECT n.Id FROM forums_Notice n JOIN forums_Series s ON s.Id = n.SeriesId WHERE s.AuthorityId = @Authority ORDER BY n.Id";
    const string Poll = "SELECT p.Id FROM forums_Poll p JOIN forums_Meeting m ON m.Id = p.MeetingId JOIN forums_Series s ON s.Id = m.SeriesId WHERE s.AuthorityId = @Authority ORDER BY p.Id";
    const string Member = "SELECT b.PersonId AS Id FROM forums_Member b JOIN forums_Series s ON s.Id = b.SeriesId WHERE s.AuthorityId = @Authority AND b.Until IS NULL ORDER BY s.Id, b.Id";
    const string Scheme = "SELECT Id FROM accreditation_Scheme WHERE AccreditorId IN (SELECT OrganisationId FROM people_Grant WHERE PersonId = @Accreditor) ORDER BY Id";

    const string Project = "SELECT h.Id FROM placements_ProgrammeHost h JOIN placements_Programme p ON p.Id = h.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY h.Id";
    const string Cohort = "SELECT c.Id FROM placements_Cohort c JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY c.Id";
    const string Student = "SELECT s.Id FROM placements_Student s JOIN placements_Cohort c ON c.Id = s.CohortId JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY s.Id";
    const string Slot = "SELECT t.Id FROM placements_Slot t JOIN placements_Programme p ON p.Id = t.ProgrammeId WHERE p.AuthorityId = @Authority AND t.State = 'Published' ORDER BY t.Id";

    /// <summary>By the beginning of the address, the first that fits: a query for a row that belongs to @Authority, or the text itself. For a second id, the address up to it.</summary>
    public static readonly Dictionary<string, string> ById = new() {
        ["/schemes/{schemeId:guid}/courses/{"] = "SELECT Id FROM accreditation_AccreditedCourse WHERE SchemeId IN (SELECT Id FROM accreditation_Scheme WHERE AccreditorId IN (SELECT OrganisationId FROM people_Grant WHERE PersonId = @Accreditor)) ORDER BY Id",
        ["/schemes/{"] = Scheme,
        ["/courses/{"] = Course,
        ["/manage/courses/{"] = Course,
        ["/api/v1/courses/{"] = Course,
        ["/sessions/{"] = Session,
        ["/manage/sessions/{"] = Session,
        ["/api/v1/sessions/{"] = Session,
        ["/bookings/{"] = Booking,
        ["/api/v1/bookings/{"] = Booking,
        ["/approvals/{"] = "SELECT Id FROM training_Booking WHERE AuthorityId = @Authority AND State = 'Waiting' AND Approval IS NOT NULL ORDER BY Id",
        ["/charges/{"] = Charge,
        ["/api/v1/charges/{"] = Charge,
        ["/my-sessions/{"] = Session,
        ["/api/v1/my-sessions/{"] = Session,
        ["/api/v1/sessions/{id:guid}/materials/{"] = Material,
        ["/materials/{"] = Material,
        ["/scan/{"] = "SELECT Number FROM (SELECT b.Id, b.Reference AS Number FROM training_Booking b JOIN training_Session s ON s.Id = b.SessionId WHERE s.AuthorityId = @Authority AND b.State = 'Booked') r ORDER BY Id",
        ["/waiting/{"] = "not-a-link",
        ["/mail/{"] = "0198f000-0000-7000-8000-000000000001",
        ["/instead/{"] = "not-a-link",
        ["/cancel/{"] = "not-a-link",
        ["/add-to-calendar/{"] = "not-a-link",
        ["/join/{"] = "not-a-link",
        ["/no-more/{"] = "not-a-link",
        ["/logos/{"] = "SELECT Id FROM people_Authority WHERE Id = @Authority",
        ["/manage/messages/{"] = "booking-confirmed",
        ["/api/v1/settings/{"] = "SELECT Id FROM people_Setting WHERE AuthorityId = @Authority ORDER BY Id",
        ["/api/v1/bands/{"] = "SELECT Id FROM training_Band WHERE AuthorityId = @Authority ORDER BY Id",
        ["/evaluations/{"] = "not-a-link",
        ["/impact/{"] = "not-a-link",
        ["/api/v1/authorities/{"] = "SELECT Id FROM people_Authority WHERE Id = @Authority",
        ["/api/v1/authorities/{authorityId:guid}/charge-tables/{"] = "SELECT Id FROM training_ChargeTable WHERE AuthorityId = @Authority ORDER BY ValidFrom DESC",
        ["/manage/venues/{"] = Venue,
        ["/api/v1/venues/{"] = Venue,
        ["/people/imports/{"] = "SELECT i.Id FROM people_StaffImport i JOIN people_Grant g ON g.PersonId = i.StartedBy WHERE g.OrganisationId = @Authority",
        ["/people/{"] = Person,
        ["/api/v1/people/{"] = Person,
        ["/staff-records/{"] = Person,
        ["/settings/imports/{"] = "SELECT Id FROM people_SettingImport WHERE AuthorityId = @Authority",
        ["/settings/{"] = "SELECT Id FROM people_Setting WHERE AuthorityId = @Authority ORDER BY Id",
        ["/newsletters/{"] = "SELECT Id FROM people_Newsletter WHERE AuthorityId = @Authority ORDER BY Id",
        ["/set-password/{"] = "not-a-link",
        ["/calendar/{"] = "not-an-address",
        ["/certificates/{"] = Certificate,
        ["/check/{"] = Certificate,
        ["/api/v1/certificates/{"] = Certificate,
        ["/my-cpd/{"] = "SELECT Id FROM accreditation_Entry WHERE AuthorityId = @Authority AND CauseKind = 'Attendance' ORDER BY Id",
        ["/forums/{id:guid}/members/{"] = Member,
        ["/api/v1/forums/{id:guid}/members/{"] = Member,
        ["/api/v1/meetings/{id:guid}/walk-ins/{"] = Person,
        ["/meetings/{"] = Meeting,
        ["/manage/meetings/{"] = Meeting,
        ["/manage/forums/{"] = Forum,
        ["/manage/actions/{"] = Action,
        ["/api/v1/forum-actions/{"] = Action,
        ["/papers/{"] = Paper,
        ["/meeting-papers/{token}/files/{"] = Paper,
        ["/meeting-papers/{"] = "not-a-link",
        ["/meeting-evaluations/{"] = "not-a-link",
        ["/notices/{"] = Notice,
        ["/api/v1/notices/{"] = Notice,
        ["/api/v1/polls/{"] = Poll,
        ["/api/v1/meetings/{id:guid}/polls/{"] = Poll,
        ["/api/v1/meetings/{id:guid}/agenda/{"] = "SELECT i.Id FROM forums_AgendaItem i JOIN forums_Meeting m ON m.Id = i.MeetingId JOIN forums_Series s ON s.Id = m.SeriesId WHERE s.AuthorityId = @Authority ORDER BY i.Id",
        ["/api/v1/meetings/{id:guid}/minutes/{"] = "1",
        ["/api/v1/meetings/{"] = Meeting,
        ["/reply/{"] = "not-a-link",
        ["/forums/{"] = "SELECT Id FROM forums_Series WHERE AuthorityId = @Authority ORDER BY Id",
        ["/api/v1/forums/{"] = "SELECT Id FROM forums_Series WHERE AuthorityId = @Authority ORDER BY Id",
        ["/placements/projects/{"] = Project,
        ["/api/v1/placements/projects/{"] = Project,
        ["/placements/supervisors/{"] = "SELECT s.Id FROM placements_Supervisor s JOIN placements_Programme p ON p.Id = s.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY s.Id",
        ["/api/v1/placements/supervisors/{"] = "SELECT s.Id FROM placements_Supervisor s JOIN placements_Programme p ON p.Id = s.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY s.Id",
        ["/placements/cohorts/{id:guid}/timetable/{"] = "SELECT s.Id FROM placements_Student s JOIN placements_Cohort c ON c.Id = s.CohortId JOIN placements_Programme p ON p.Id = c.ProgrammeId WHERE p.AuthorityId = @Authority ORDER BY c.Id, s.Id",
        ["/placements/cohorts/{"] = Cohort,
        ["/api/v1/placements/cohorts/{"] = Cohort,
        ["/placements/students/{"] = Student,
        ["/api/v1/placements/students/{"] = Student,
        ["/api/v1/placements/slots/{"] = Slot,
        ["/placement-hours/{"] = Slot,
        ["/my-placement/{"] = Slot,
        ["/placements/{"] = "SELECT Id FROM placements_Programme WHERE AuthorityId = @Authority ORDER BY Id",
        ["/api/v1/placements/{"] = "SELECT Id FROM placements_Programme WHERE AuthorityId = @Authority ORDER BY Id",
    };

    /// <summary>Pages behind a permission that open for any authority's row: anyone may book on anyone's published session, and is answered for each person.</summary>
    public static readonly HashSet<string> Shared = ["/forums/{id:guid}/membership", "/sessions/{id:guid}/book", "/manage/messages/{kind}", "/manage/messages/{kind}/page"];

    /// <summary>Left out of the walk, with the reason.</summary>
    public static readonly HashSet<string> Left = [
        "/error/{code:int}", // answers every request with the status it was asked for
    ];

    public static string Query(string template) => template.Contains("/exports/", StringComparison.Ordinal) ? "?from=2026-01-01&to=2026-12-31&format=json" : "";

    /// <summary>What is sent to an endpoint: JSON, or the text of a CSV file.</summary>
    public static object? Body(string method, string template, Dictionary<string, string> ids) => (method, template) switch {
        ("POST", "/api/v1/sessions/{id:guid}/bookings") => new { personIds = new[] { ids["/people/{"] } },
        ("PUT", "/api/v1/sessions/{id:guid}/register") => new { entries = Array.Empty<object>(), close = false },
        ("POST", "/api/v1/sessions/{id:guid}/marks") => new { marks = new[] { new { nonce = "00000000-0000-4000-8000-000000000001", kind = "Came", bookingId = ids["/bookings/{"], madeAt = "2026-01-01T10:00:00Z" } } },
        ("PUT", "/api/v1/authorities/{authorityId:guid}/register-rules") => new { version = 0, tolerance = 5 },
        ("POST", "/api/v1/sessions/{id:guid}/materials") => new { title = "Slides", link = "https://example.org/slides" },
        ("PUT", "/api/v1/sessions/{id:guid}/places") => new { places = 500 },
        ("PUT", "/api/v1/sessions/{id:guid}/rules") => new { limits = Array.Empty<object>() },
        ("PUT", "/api/v1/sessions/{id:guid}/certificate-rule") => new { afterEvaluation = false },
        ("POST", "/api/v1/sessions/{id:guid}/cancel") => new { reason = "Walk" },
        ("POST", "/api/v1/bookings/{id:guid}/accept" or "/api/v1/bookings/{id:guid}/decline") => new { },
        ("POST", "/api/v1/bookings/{id:guid}/substitute") => new { personId = ids["/people/{"], insteadOf = Guid.Empty },
        ("POST", "/api/v1/bookings/{id:guid}/move") => new { sessionId = ids["/sessions/{"] },
        ("PUT", "/api/v1/sessions/{id:guid}/questions") => new { access = true, dietary = false, creche = false },
        ("PUT", "/api/v1/bookings/{id:guid}/questions") => new { answers = Array.Empty<object>(), remember = false },
        ("PUT", "/api/v1/me/needs") => new { needs = Array.Empty<object>() },
        ("POST", "/api/v1/charges/{id:guid}/waive") => new { reason = "Walk" },
        ("PUT", "/api/v1/authorities/{authorityId:guid}/change-rules") => new { version = 0, lateHours = 168, substituteHours = 0, selfSubstitutes = false, releasePercent = 50 },
        ("POST", "/api/v1/authorities/{authorityId:guid}/charge-tables") => new { validFrom = "2099-01-01", noShowPence = 5000 },
        ("PUT", "/api/v1/settings/{settingId:guid}/release-share") => new { percent = 60 },
        ("POST", "/api/v1/bookings/{id:guid}/approval") => new { approves = true },
        ("PUT", "/api/v1/settings/{id:guid}/approval") => new { asks = false },
        ("POST", "/api/v1/bands/{id:guid}") => new { change = "MoveUp" },
        ("POST", "/api/v1/authorities/{authorityId:guid}/bands") => new { name = "Walk", reason = "Walk", kind = "NoPlaceThisYear" },
        ("PUT", "/api/v1/authorities/{authorityId:guid}/booking-rules") => new { version = 0, offers = true, offerHours = 24, lastHours = 4, dayStarts = "09:00", dayEnds = "17:00", passLimit = 3, asksApproval = false, approvalHours = 16 },
        ("POST", "/api/v1/bookings/{id:guid}/evaluation") => new { answers = Array.Empty<object>() },
        ("POST", "/api/v1/bookings/{id:guid}/impact") => new { changed = false },
        ("PUT", "/api/v1/authorities/{authorityId:guid}/evaluation") => new { version = 0, openDays = 14, impactMonths = 3, questions = new[] { new { kind = "YesNo", words = "Good?", @short = "say good" } } },
        ("POST", "/api/v1/authorities/{authorityId:guid}/venues") or ("PUT", "/api/v1/venues/{id:guid}") => new { version = 1, name = "Hall", address = "1 Street", rooms = new[] { new { name = "Room", capacity = 10 } } },
        ("POST", "/api/v1/forums") => new { authorityId = Guid.Empty, name = "Walk", summary = "Walk" },
        ("POST", "/api/v1/forums/{id:guid}/meetings") => new { heldOn = "2099-10-02", startsAt = "16:00", endsAt = "17:00", mode = "InPerson", venue = "Hall" },
        ("PUT", "/api/v1/forums/{id:guid}/authorities") => new { authorities = Array.Empty<Guid>() },
        ("POST", "/api/v1/forums/{id:guid}/members") => new { personId = ids["/people/{"] },
        ("PUT", "/api/v1/forums/{id:guid}/membership") => new { member = true },
        ("POST", "/api/v1/forums/{id:guid}/year") => new { startsAt = "16:00", endsAt = "17:00", mode = "InPerson", venue = "Hall", meetings = new[] { new { term = "Autumn", on = "2099-10-01" } } },
        ("POST", "/api/v1/forums/{id:guid}/end") => new { reason = "Walk" },
        ("POST", "/api/v1/forums/{id:guid}/reopen" or "/api/v1/forums/{id:guid}/publish" or "/api/v1/meetings/{id:guid}/walk-ins/{personId:guid}/keep") => new { },
        ("PUT", "/api/v1/meetings/{id:guid}") => new { version = 1, heldOn = "2099-10-01", startsAt = "16:00", endsAt = "17:00", mode = "InPerson", venue = "Hall" },
        ("POST", "/api/v1/meetings/{id:guid}/cancel") => new { reason = "Walk" },
        ("POST", "/api/v1/meetings/{id:guid}/reply") => new { reply = "Coming" },
        ("PUT", "/api/v1/meetings/{id:guid}/chair") => new { },
        ("POST", "/api/v1/meetings/{id:guid}/agenda") => new { kind = "Learning", title = "Walk" },
        ("POST", "/api/v1/meetings/{id:guid}/proposals") => new { kind = "Learning", title = "Walk" },
        ("POST", "/api/v1/meetings/{id:guid}/agenda/{itemId:guid}") => new { change = "MoveUp" },
        ("POST", "/api/v1/meetings/{id:guid}/papers") => new { kind = "Paper", title = "Walk", link = "https://example.org/paper" },
        ("POST", "/api/v1/meetings/{id:guid}/papers-ready" or "/api/v1/meetings/{id:guid}/register/close" or "/api/v1/meetings/{id:guid}/minutes/{number:int}/publish" or "/api/v1/notices/{id:guid}/show") => new { },
        ("POST", "/api/v1/meetings/{id:guid}/polls") => new { question = "Walk?", choices = new[] { "Yes", "No" } },
        ("POST", "/api/v1/meetings/{id:guid}/polls/{pollId:guid}") => new { change = "Close" },
        ("POST", "/api/v1/polls/{id:guid}/votes") => new { choice = 1 },
        ("POST", "/api/v1/meetings/{id:guid}/marks") => new { marks = new[] { new { nonce = "00000000-0000-4000-8000-000000000002", kind = "Came", personId = ids["/people/{"] } } },
        ("PUT", "/api/v1/forums/{id:guid}/quorum") => new { rules = new[] { new { role = "Parent", least = 1 } } },
        ("PUT", "/api/v1/meetings/{id:guid}/minutes") => new { words = "Walk", version = 0 },
        ("POST", "/api/v1/meetings/{id:guid}/minutes/{number:int}/agree") => new { version = 1, by = "Chair" },
        ("POST", "/api/v1/meetings/{id:guid}/actions") or ("PUT", "/api/v1/forum-actions/{id:guid}") => new { version = 1, words = "Walk", ownerName = "Walk", dueOn = "2099-01-01" },
        ("POST", "/api/v1/forum-actions/{id:guid}/close") => new { version = 1 },
        ("POST", "/api/v1/forums/{id:guid}/notices") => new { title = "Walk", words = "Walk" },
        ("POST", "/api/v1/notices/{id:guid}/replies") => new { words = "Walk" },
        ("POST", "/api/v1/notices/{id:guid}/reports" or "/api/v1/notices/{id:guid}/hide") => new { reason = "Walk" },
        ("POST", "/api/v1/forums-missed/invite") => new { terms = 3 },
        ("POST", "/api/v1/notify/deliveries") => new { reference = Guid.Empty, status = "delivered" },
        ("PUT", "/api/v1/placements/projects/{id:guid}") => new { version = 1, state = "Accepted", capacity = 2, givesInduction = true, rooms = Array.Empty<object>() },
        ("PUT", "/api/v1/placements/slots/{id:guid}/hours") => new { version = 1, minutes = 60, reflection = "Walk" },
        ("PUT", "/api/v1/placements/slots/{id:guid}") => new { version = 1, what = "Missed", reason = "Walk" },
        ("POST", "/api/v1/placements/slots/sign") => new { },
        ("POST", "/api/v1/placements") => new { name = "Walk", summary = "Walk", academicYear = 2026, hoursPerStudent = 10, authorityId = ids["/api/v1/authorities/{"] },
        ("PUT", "/api/v1/placements/{id:guid}/set-up") => new { version = 1, name = "Walk", summary = "Walk", hoursPerStudent = 10, weekdays = new[] { 1 }, parts = new[] { new { name = "Morning", starts = "09:00:00", ends = "12:00:00" } } },
        ("POST", "/api/v1/placements/{id:guid}/projects") => new { organisationId = Guid.Empty, project = "Walk", capacity = 1 },
        ("POST", "/api/v1/placements/{id:guid}/supervisors") => new { personId = ids["/people/{"], capacity = 1, projectIds = new[] { Guid.Empty } },
        ("PUT", "/api/v1/placements/supervisors/{id:guid}/duty") => new { from = "2099-01-05", to = "2099-01-09", weekdays = new[] { 1 }, dayParts = new[] { 1 }, onDuty = true },
        ("POST", "/api/v1/placements/{id:guid}/cohorts") => new { organisationId = Guid.Empty, name = "Walk", startsOn = "2099-01-05", endsOn = "2099-01-09", hoursPerStudent = 1, expected = 1 },
        ("PUT", "/api/v1/placements/cohorts/{id:guid}") => new { version = 0, name = "Walk", startsOn = "2000-01-01", endsOn = "2099-01-01", hoursPerStudent = 10, expected = 10 },
        ("POST", "/api/v1/placements/cohorts/{id:guid}/students") => new { name = "Walk", email = "walk.student@example.org" },
        ("POST", "/api/v1/placements/cohorts/{id:guid}/students/import") => "Full name,Email address\nWalk,walk.imported@example.org\n",
        ("POST", "/api/v1/placements/cohorts/{id:guid}/timetable/proposal") => new { },
        ("PUT", "/api/v1/placements/cohorts/{id:guid}/timetable/draft") => new { version = 0, slots = Array.Empty<object>() },
        ("POST", "/api/v1/placements/cohorts/{id:guid}/timetable/publication") => new { version = 0 },
        ("PUT", "/api/v1/placements/students/{id:guid}/feedback") => new { rating = 3, comment = "Walk" },
        ("PUT", "/api/v1/placements/{id:guid}/alternative") => new { },
        ("PUT", "/api/v1/placements/cohorts/{id:guid}/checks") => new { confirm = Array.Empty<object>(), takeBack = Array.Empty<object>() },
        ("PUT", "/api/v1/placements/students/{id:guid}") => new { version = 0, startsOn = "2026-10-05", endsOn = "2026-10-06" },
        ("POST", "/api/v1/placements/students/{id:guid}/withdrawal") => new { reason = "Walk" },
        ("PUT", "/api/v1/placements/supervisors/{id:guid}") => new { version = 0, capacity = 1, projectIds = new[] { Guid.Empty } },
        ("POST", "/api/v1/placements/supervisors/{id:guid}/hand-over") => new { toId = Guid.Empty },
        ("POST", "/api/v1/placements/slots/{id:guid}/again") => new { choice = "Walk" },
        ("POST", "/api/v1/placements/students/{id:guid}/slots") => new { kind = "Meeting", title = "Walk", supervisorId = Guid.Empty, day = "2000-01-01", starts = "09:00:00", ends = "10:00:00" },
        ("POST" or "PUT", _) => throw new InvalidOperationException($"AccessSamples does not know what is sent to {method} {template}"),
        _ => null,
    };

    /// <summary>Endpoints that answer for each person: someone else's is refused in the answer.</summary>
    public static bool AnswersEachPerson(string method, string template) => (method, template) == ("POST", "/api/v1/sessions/{id:guid}/bookings");
}
