using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;
using Cpd.Tests.Accreditation;
using Cpd.Training.Bookings;
using Cpd.Training.Evaluations;
using Cpd.Training.Registers;
using Cpd.Training.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Training;

public sealed class EvaluationTests(CpdApp app) : IClassFixture<CpdApp> {
    sealed record Held(Actor Officer, Guid Setting, Guid Course, Guid Session, IReadOnlyList<Actor> People, IReadOnlyList<Guid> Bookings);

    static readonly IReadOnlyList<Question> Usual = Questions.Usual;

    /// <summary>A session that these many attended, its register closed a moment ago.</summary>
    async Task<Held> Session(int attended, Actor? officer = null, Guid? trainer = null, Guid? course = null, string title = "Babbling Babies", int absent = 0, bool waits = false) {
        var authority = officer?.Grants[0].OrganisationId ?? await app.Given.Authority();
        officer ??= await app.Given.Officer(authority);
        var setting = await app.Given.Setting(authority);
        var made = await app.Session(officer, title: title, with: s => s with { TrainerPersonId = trainer, CourseId = course ?? s.CourseId });
        if (waits) await app.Send(officer, new SetCertificateRule.Command(made.SessionId, true));
        var people = new List<Actor>();
        for (var i = 0; i < attended + absent; i++) people.Add(await app.Given.Practitioner(setting, $"Learner {i} {Ids.New(app.Clock):N}"));
        await app.Send(officer, new BookPlaces.Command(made.SessionId, [.. people.Select(p => p.PersonId)]));
        app.Clock.Set(new DateTimeOffset(London.ToUtc(London.Today(app.Clock).AddDays(10), new TimeOnly(14, 0))));
        await app.Send(officer, new SaveRegister.Command(made.SessionId, [.. people.Select((p, i) => new SaveRegister.Entry(p.PersonId, i < attended ? Attendance.Attended : Attendance.DidNotAttend, null))], null, Close: true));
        await app.DrainOutbox();
        var bookings = new List<Guid>();
        foreach (var person in people) bookings.Add((await app.Database(db => db.One<Guid>("SELECT Id FROM training_Booking WHERE SessionId = @SessionId AND PersonId = @PersonId", new { made.SessionId, person.PersonId }, default)))!);
        return new(officer, setting, course ?? made.CourseId, made.SessionId, people, bookings);
    }

    string Link(Guid booking) => $"/evaluations/{app.Services.GetRequiredService<EvaluationToken>().For(booking, app.Now.AddYears(1))}";

    static GivenAnswer[] Answers(int recommend = 1, string? words = null) => [
        new(Usual[0].Id, recommend, null), new(Usual[1].Id, 1, null), new(Usual[2].Id, 1, null), new(Usual[3].Id, 1, null), new(Usual[4].Id, null, words)];

    Task<Outcome<Done>> Answer(Held held, int person, int recommend = 1, string? words = null) => app.Ask(held.People[person], new AnswerEvaluation.Command(held.Bookings[person], Answers(recommend, words)));

    async Task AnswerAll(Held held, int count, int against = 0) {
        for (var i = 0; i < count; i++) Assert.Null((await Answer(held, i, i < against ? 2 : 1, $"Words of {i}")).Refusal);
    }

    Task<SeeSessionEvaluation.View> Results(Held held, Actor? who = null) => app.Send(who ?? held.Officer, new SeeSessionEvaluation.Query(held.Session, null));

    [Fact]
    public async Task Pages_OfOthers_AreKeptOut() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var held = await Session(1, trainer: trainer.PersonId);
        var (foreign, stranger) = (await app.Given.Officer(await app.Given.Authority("Bradford")), await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty));
        foreach (var address in (string[])[$"/sessions/{held.Session}/evaluation", $"/courses/{held.Course}/evaluation"]) {
            Assert.Contains("/sign-in", (await app.Browser().Get(address)).RedirectsTo, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(held.People[0])).Get(address)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(await app.Given.Manager(held.Setting))).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(foreign)).Get(address)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(foreign)).Get(address + "?format=csv")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(stranger)).Get(address)).Status);
            Assert.Equal(HttpStatusCode.OK, (await (await app.Browser(trainer)).Get(address)).Status);
        }
        Assert.Contains("/sign-in", (await app.Browser().Get("/manage/evaluation")).RedirectsTo, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.Browser(trainer)).Get("/manage/evaluation")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.Browser(foreign)).Get($"/manage/evaluation?authorityId={held.Officer.Grants[0].OrganisationId}")).Status);
        // Neither a manager nor a colleague speaks for someone.
        Assert.IsType<NotFound>((await app.Ask(await app.Given.Manager(held.Setting), new AnswerEvaluation.Command(held.Bookings[0], Answers()))).Refusal);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get("/evaluations/nonsense")).Status);
        var bookingLink = app.Services.GetRequiredService<AnswerToken>().For(held.Bookings[0], app.Now.AddYears(1));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get($"/evaluations/{bookingLink}")).Status);
    }

    [Fact]
    public async Task Register_Closed_AsksThoseWhoAttendedOnce() {
        var held = await Session(1, absent: 1);
        await app.TellAgain();
        Assert.Equal(1, await app.Count("platform_Message", "Kind = 'evaluation' AND CauseId = @Id", new { Id = held.Bookings[0] }));
        Assert.Equal(0, await app.Count("platform_Message", "Kind = 'evaluation' AND CauseId = @Id", new { Id = held.Bookings[1] }));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Link(held.Bookings[1]))).Status);
        Assert.Contains("Say what you thought", (await (await app.Browser(held.People[0])).Get($"/bookings/{held.Bookings[0]}")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Say what you thought", (await (await app.Browser(held.People[1])).Get($"/bookings/{held.Bookings[1]}")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Say what you thought", (await (await app.Browser(held.Officer)).Get($"/bookings/{held.Bookings[0]}")).Words, StringComparison.Ordinal);
        var body = await app.Database(db => db.One<string>("SELECT Body FROM platform_Message WHERE Kind = 'evaluation' AND CauseId = @Id", new { Id = held.Bookings[0] }, default));
        var from = body!.IndexOf("/evaluations/", StringComparison.Ordinal);
        Assert.Equal("What did you think?", (await app.Browser().Get(body[from..body.IndexOf('"', from)])).Heading);
    }

    [Fact]
    public async Task Register_CorrectedAfterClosing_OpensAndCloses() {
        var held = await Session(1, absent: 1);
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0].PersonId, Attendance.DidNotAttend, null), new(held.People[1].PersonId, Attendance.Part, 30)], null, false));
        await app.DrainOutbox();
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Link(held.Bookings[0]))).Status);
        Assert.IsType<NotFound>((await Answer(held, 0)).Refusal);
        Assert.Equal("What did you think?", (await app.Browser().Get(Link(held.Bookings[1]))).Heading);
        // An older revision that arrives late changes nothing.
        await app.Tell(app.Attended(held.People[0].PersonId, held.Officer.Grants[0].OrganisationId, held.Bookings[0]) with { SessionId = held.Session, Revision = 1 });
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Link(held.Bookings[0]))).Status);
    }

    [Fact]
    public async Task Post_AnswersOnThePage_AreKeptOnceAndWithoutAName() {
        var held = await Session(1);
        var page = await app.Browser().Get(Link(held.Bookings[0]));
        Assert.Equal(Usual.Take(4).Select(q => q.Words), page.Document.QuerySelectorAll("main legend").Select(l => l.TextContent.Trim()));
        var bare = await page.Post([("Answers[1].Choice", "1")]);
        Assert.Equal(HttpStatusCode.BadRequest, bare.Status);
        Assert.Equal([$"Select an answer: {Usual[0].Words}", $"Select an answer: {Usual[2].Words}", $"Select an answer: {Usual[3].Words}"], bare.Errors);
        (string, string?)[] all = [("Answers[0].Choice", "1"), ("Answers[1].Choice", "2"), ("Answers[2].Choice", "1"), ("Answers[3].Choice", "1")];
        Assert.Equal(["Your answer must be 2,000 characters or fewer"], (await page.Post([.. all, ("Answers[4].Words", new string('x', 2001))])).Errors);
        Assert.Equal([$"Select an answer: {Usual[0].Words}"], (await page.Post([.. all.Skip(1), ("Answers[0].Choice", "3")])).Errors);
        Assert.Equal(0, await app.Count("training_EvaluationAnswer", "SessionId = @Session", new { held.Session }));

        var sent = await page.Post([.. all, ("Answers[4].Words", "  The songs.  ")]);
        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        Assert.Equal("You have answered", (await app.Browser().Get(Link(held.Bookings[0]))).Heading);
        Assert.Equal(5, await app.Count("training_EvaluationAnswer", "SessionId = @Session", new { held.Session }));
        Assert.Equal(1, await app.Count("training_EvaluationAnswer", "SessionId = @Session AND Words = 'The songs.'", new { held.Session }));
        Assert.IsType<Conflict>((await Answer(held, 0)).Refusal);
        Assert.Equal(5, await app.Count("training_EvaluationAnswer", "SessionId = @Session", new { held.Session }));
        // What was answered names nobody, and its id tells no time.
        var response = await app.Database(db => db.One<Guid>("SELECT ResponseId FROM training_EvaluationAnswer WHERE SessionId = @Session", new { held.Session }, default));
        Assert.Equal(0, await app.Count("training_Evaluation", "BookingId = @response OR PersonId = @response", new { response }));
    }

    [Fact]
    public async Task Post_SameAnswerTwiceAtOnce_CountsOnce() {
        var held = await Session(1);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Answer(held, 0))));
        Assert.Single(outcomes, o => o.Refusal is null);
        Assert.Equal(4, await app.Count("training_EvaluationAnswer", "SessionId = @Session", new { held.Session }));
    }

    [Fact]
    public async Task Post_AfterTheLastDay_IsRefused() {
        var held = await Session(2);
        var day = London.Today(app.Clock);
        app.Clock.Set(new DateTimeOffset(London.ToUtc(day.AddDays(14), new TimeOnly(23, 59))));
        Assert.Null((await Answer(held, 0)).Refusal);
        var page = await app.Browser().Get(Link(held.Bookings[1]));
        app.Clock.Set(new DateTimeOffset(London.ToUtc(day.AddDays(15), new TimeOnly(0, 0))));
        var late = await page.Post([("Answers[0].Choice", "1"), ("Answers[1].Choice", "1"), ("Answers[2].Choice", "1"), ("Answers[3].Choice", "1")]);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal([$"You could answer until {Show.Date(day.AddDays(14))}."], late.Errors);
        Assert.Equal("The time to answer is over", (await app.Browser().Get(Link(held.Bookings[1]))).Heading);
    }

    [Fact]
    public async Task Api_OwnBooking_IsAskedAndAnswered() {
        var held = await Session(2);
        var api = await app.Api(held.People[0]);
        var address = new Uri($"/api/v1/bookings/{held.Bookings[0]}/evaluation", UriKind.Relative);
        var form = await api.GetFromJsonAsync<JsonElement>(address);
        Assert.False(form.GetProperty("answered").GetBoolean());
        var questions = form.GetProperty("questions").EnumerateArray().ToList();
        Assert.Equal(["Yes", "No"], questions[0].GetProperty("choices").EnumerateArray().Select(c => c.GetString()));
        using (var missing = await api.PostAsJsonAsync(address, new { answers = Array.Empty<object>() })) Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        using (var nothing = await api.PostAsJsonAsync(address, new { answers = new object?[] { null } })) Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        using (var unknown = await api.PostAsJsonAsync(address, new { answers = new[] { new { questionId = Ids.New(app.Clock), choice = 1 } } })) Assert.Equal(HttpStatusCode.Conflict, unknown.StatusCode);
        var body = new { answers = questions.Select(q => new { questionId = q.GetProperty("questionId").GetGuid(), choice = 1 }) };
        using (var sent = await api.PostAsJsonAsync(address, body)) Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        using (var again = await api.PostAsJsonAsync(address, body)) Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var other = await api.GetAsync(new Uri($"/api/v1/bookings/{held.Bookings[1]}/evaluation", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Results_FourAnswers_AreNotBrokenDown_FiveAre() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var held = await Session(6, trainer: trainer.PersonId);
        var browser = await app.Browser(trainer);
        await AnswerAll(held, 4, against: 1);
        var few = await browser.Get($"/sessions/{held.Session}/evaluation");
        Assert.Contains("4 of 6 people who attended have answered", few.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("%", few.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Words of", few.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Words of", await (await app.Api(trainer)).GetStringAsync(new Uri($"/api/v1/sessions/{held.Session}/evaluation", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Single((await (await app.Api(trainer)).GetStringAsync(new Uri($"/api/v1/sessions/{held.Session}/evaluation?format=csv", UriKind.Relative))).Trim().Split('\n'));

        Assert.Null((await Answer(held, 4)).Refusal);
        var page = await browser.Get($"/sessions/{held.Session}/evaluation");
        Assert.Equal(["80% would recommend it", "100% found the trainer knowledgeable", "100% say it met its outcomes", "100% will change their practice"],
            page.Document.QuerySelectorAll(".app-summary-card").Select(c => string.Join(' ', c.Children.Select(x => x.TextContent.Trim()))));
        Assert.Contains("Words of 3", page.Words, StringComparison.Ordinal);
        Assert.All(held.People, p => Assert.DoesNotContain(p.Name, page.Text, StringComparison.Ordinal));
        var results = await Results(held);
        Assert.Equal((6, 5, false), (results.Asked, results.Answered, results.TooFew));
        Assert.Equal((5, 80), (results.Results[0].Answers, results.Results[0].Percent!.Value));
        Assert.Equal([new Chosen("Yes", 4), new Chosen("No", 1)], results.Results[0].Choices);
        using var csv = await browser.Client.GetAsync(new Uri($"/sessions/{held.Session}/evaluation?format=csv", UriKind.Relative));
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Trim().Split("\r\n");
        Assert.Equal("Course,Session,Question,Answer,Count,Percent", lines[0]);
        Assert.Contains($"Babbling Babies,{London.Day(results.StartsAt):dd/MM/yyyy},Would you recommend this course to a colleague?,Yes,4,80", lines);
        Assert.Equal(4, lines.Count(l => l.Contains("Words of", StringComparison.Ordinal)));
        Assert.Equal(1 + 8 + 4, lines.Length);
    }

    [Fact]
    public async Task CourseResults_SmallSession_DoesNotShowByTheDifference() {
        var first = await Session(6, title: "Of two sizes");
        await AnswerAll(first, 6);
        var second = await Session(3, officer: first.Officer, course: first.Course);
        await AnswerAll(second, 3, against: 3);
        var view = await app.Send(first.Officer, new SeeCourseEvaluation.Query(first.Course));
        Assert.Equal((6, 6), (view.Answered, view.Results[0].Answers));
        Assert.Equal(100, view.Results[0].Percent);
        var page = await (await app.Browser(first.Officer)).Get($"/courses/{first.Course}/evaluation");
        Assert.Contains("Sessions with fewer than 5 answers are left out", page.Words, StringComparison.Ordinal);
        Assert.Equal(["3 of 3", "Not shown", "Not shown", "Not shown", "Not shown"], page.Document.QuerySelectorAll("[aria-label=Sessions] tbody tr")[0].QuerySelectorAll("td").Select(c => c.TextContent.Trim()));
        Assert.Equal(["6 of 6", "100%", "100%", "100%", "100%"], page.Document.QuerySelectorAll("[aria-label=Sessions] tbody tr")[1].QuerySelectorAll("td").Select(c => c.TextContent.Trim()));

        // Two small ones together are enough.
        var third = await Session(3, officer: first.Officer, course: first.Course);
        await AnswerAll(third, 3);
        view = await app.Send(first.Officer, new SeeCourseEvaluation.Query(first.Course));
        Assert.Equal((12, 12, 75), (view.Asked, view.Results[0].Answers, view.Results[0].Percent!.Value));
        var csv = await (await app.Api(first.Officer)).GetStringAsync(new Uri($"/api/v1/courses/{first.Course}/evaluation?format=csv", UriKind.Relative));
        Assert.Contains("Of two sizes,,Would you recommend this course to a colleague?,Yes,9,75", csv, StringComparison.Ordinal);
        Assert.Contains("\"answered\":12", await (await app.Api(first.Officer)).GetStringAsync(new Uri($"/api/v1/courses/{first.Course}/evaluation", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_OfAnAuthority_AreItsOwnAndKeepTheirAnswers() {
        var authority = await app.Given.Authority("Kent");
        var officer = await app.Given.Officer(authority);
        var held = await Session(6, officer);
        await AnswerAll(held, 5);
        var browser = await app.Browser(officer);
        var page = await browser.Get("/manage/evaluation");
        Assert.Equal(5, page.Document.QuerySelectorAll("main h2").Length);
        var bare = await page.Post([("OpenDays", "0"), ("Questions[1].Short", ""), ("Questions[2].Words", Usual[0].Words), ("Questions[3].Words", "")]);
        Assert.Equal(HttpStatusCode.BadRequest, bare.Status);
        Assert.Equal(["The days must be between 1 and 90", "Ask each question once", "Enter what the results say after the percentage"], bare.Errors);
        Assert.Equal(["Ask at least one question"], (await page.Post([.. Enumerable.Range(0, 5).Select(i => ($"Questions[{i}].Words", (string?)""))])).Errors);
        Assert.Equal(["How long people can answer is not valid"], (await page.Post([("OpenDays", "many")])).Errors);

        var more = await page.Post([("Questions[1].Words", ""), ("Questions[3].Words", "Will you try one new thing this week?"), ("OpenDays", "30"), ("AnotherQuestion", "true")]);
        Assert.Equal(HttpStatusCode.Redirect, (await more.Post([("Questions[5].Words", "The pace was right"), ("Questions[5].Kind", "Agreement"), ("Questions[5].Short", "found the pace right")])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("OpenDays", "7")])).Status);
        var asked = (await app.Send(officer, new SeeEvaluationForm.Query(held.Bookings[5], app.Services.GetRequiredService<EvaluationToken>().For(held.Bookings[5], app.Now.AddYears(1))))).Questions;
        Assert.Equal([Usual[0].Words, Usual[2].Words, "Will you try one new thing this week?", Usual[4].Words, "The pace was right"], asked.Select(q => q.Words));
        Assert.Equal(Usual[0].Id, asked[0].Id);
        Assert.Equal(["Strongly agree", "Agree", "Disagree", "Strongly disagree"], asked[4].Choices);
        // Whoever opened the page before is told, not misunderstood.
        Assert.IsType<Conflict>((await Answer(held, 5)).Refusal);
        Assert.Null((await app.Ask(held.People[5], new AnswerEvaluation.Command(held.Bookings[5], [new(asked[0].Id, 1, null), new(asked[1].Id, 1, null), new(asked[2].Id, 2, null), new(asked[4].Id, 2, null)]))).Refusal);
        var results = (await Results(held)).Results;
        Assert.Equal([(Usual[0].Words, 6), (Usual[2].Words, 6), ("Will you try one new thing this week?", 1), ("The pace was right", 1), (Usual[1].Words, 5), (Usual[3].Words, 5)], results.Select(r => (r.Words, r.Answers)));
        Assert.Equal([100, 100, null, null, 100, 100], results.Select(r => r.Percent));

        // Another authority still asks the usual questions; a later session of this one is open for thirty days.
        Assert.Equal(Usual.Select(q => q.Id), (await app.Send(await app.Given.Administrator(), new SeeEvaluationRules.Query(await app.Given.Authority("Bradford")))).Questions.Select(q => q.Id));
        var later = await Session(1, officer);
        Assert.Equal(1, await app.Count("training_Evaluation", "BookingId = @Id AND ClosesAt = @At", new { Id = later.Bookings[0], At = London.StartOf(London.Today(app.Clock).AddDays(31)) }));
    }

    [Fact]
    public async Task Certificate_AfterEvaluation_IsIssuedOnceAnswered() {
        var held = await Session(2, absent: 1, waits: true);
        Assert.Null(await app.CertificateNumber(held.Bookings[0]));
        Assert.Equal(2, await app.Count("accreditation_Entry", "SessionId = @Session AND WithdrawnAt IS NULL", new { held.Session }));
        var body = await app.Database(db => db.One<string>("SELECT Body FROM platform_Message WHERE Kind = 'evaluation' AND CauseId = @Id", new { Id = held.Bookings[0] }, default));
        Assert.Contains("your certificate is issued as soon as you have answered", body, StringComparison.Ordinal);
        // Late, since nobody is to lose a certificate to a closing date.
        app.Clock.Set(app.Clock.GetUtcNow().AddDays(40));
        Assert.Contains("your certificate is issued as soon as you have answered", (await (await app.Browser(held.People[0])).Get($"/bookings/{held.Bookings[0]}")).Words, StringComparison.Ordinal);
        var page = await app.Browser().Get(Link(held.Bookings[0]));
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Answers[0].Choice", "1"), ("Answers[1].Choice", "1"), ("Answers[2].Choice", "1"), ("Answers[3].Choice", "1")])).Status);
        Assert.Null(await app.CertificateNumber(held.Bookings[0]));
        await app.DrainOutbox();
        await app.TellAgain();
        Assert.NotNull(await app.CertificateNumber(held.Bookings[0]));
        Assert.Equal(1, await app.Count("accreditation_Certificate", "CauseId = @Id", new { Id = held.Bookings[0] }));
        Assert.Equal(0, await app.Count("accreditation_Certificate", "CauseId IN (SELECT Id FROM training_Booking WHERE SessionId = @Session) AND CauseId <> @Id", new { held.Session, Id = held.Bookings[0] }));
        Assert.Equal(1, await app.Count("platform_Message", "Kind = 'evaluation' AND CauseId = @Id", new { Id = held.Bookings[0] }));

        // Who answered and was corrected needs not answer again.
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0].PersonId, Attendance.Part, 30)], null, false));
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0].PersonId, Attendance.Attended, null)], null, false));
        await app.DrainOutbox();
        Assert.NotNull(await app.CertificateNumber(held.Bookings[0]));
    }

    [Fact]
    public async Task CertificateRule_TakenBack_ServesWhoeverWaits() {
        var held = await Session(2, absent: 1, waits: true);
        Assert.Null((await Answer(held, 0)).Refusal);
        await app.DrainOutbox();
        var number = await app.CertificateNumber(held.Bookings[0]);
        var page = await (await app.Browser(held.Officer)).Get($"/sessions/{held.Session}/evaluation");
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("AfterEvaluation", "false")])).Status);
        await app.DrainOutbox();
        Assert.NotNull(await app.CertificateNumber(held.Bookings[1]));
        Assert.Null(await app.CertificateNumber(held.Bookings[2]));
        Assert.Equal(number, await app.CertificateNumber(held.Bookings[0]));
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("AfterEvaluation", "true")])).Status);
    }

    [Fact]
    public async Task CertificateRule_IsTheOfficersAndIsCopied() {
        var trainer = await app.Given.Holder(Role.Trainer, OrganisationKind.None, Guid.Empty);
        var held = await Session(1, trainer: trainer.PersonId, waits: true);
        foreach (var who in (Actor[])[trainer, held.People[0], await app.Given.Officer(await app.Given.Authority("Bradford"))])
            Assert.IsType<NotFound>((await app.Ask(who, new SetCertificateRule.Command(held.Session, false))).Refusal);
        Assert.DoesNotContain("without waiting", (await (await app.Browser(trainer)).Get($"/sessions/{held.Session}/evaluation")).Words, StringComparison.Ordinal);
        using (var sent = await (await app.Api(held.Officer)).PutAsJsonAsync($"/api/v1/sessions/{held.Session}/certificate-rule", new { afterEvaluation = true })) Assert.Equal(HttpStatusCode.Conflict, sent.StatusCode);
        var copy = await app.Send(held.Officer, new CopySession.Command(held.Session, London.Today(app.Clock).AddDays(30)));
        Assert.Equal(1, await app.Count("training_Session", "Id = @copy AND CertificateAfterEvaluation = 1", new { copy }));
        var page = await (await app.Browser(held.Officer)).Get($"/sessions/{held.Session}/evaluation");
        Assert.Contains("stays open for those who have not", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impact_ThreeMonthsLater_IsAskedAndBecomesAReflection() {
        var held = await Session(2, absent: 1, title: "Songs of change");
        string Impact(int person) => $"/impact/{app.Services.GetRequiredService<ImpactToken>().For(held.Bookings[person], app.Now.AddYears(1))}";
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get("/impact/nonsense")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get($"/impact/{app.Services.GetRequiredService<EvaluationToken>().For(held.Bookings[0], app.Now.AddYears(1))}")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Impact(2))).Status);
        var early = await (await app.Browser().Get(Impact(0))).Post([("Changed", "false")]);
        Assert.Equal(HttpStatusCode.Conflict, early.Status);
        Assert.StartsWith("You can say what has changed from", early.Errors.Single(), StringComparison.Ordinal);

        var day = London.Today(app.Clock).AddMonths(3);
        // On the first working day from then on.
        var sent = 0;
        for (var i = 0; sent == 0 && i < 10; i++) {
            app.Clock.Set(new DateTimeOffset(London.ToUtc(day.AddDays(i), new TimeOnly(10, 0))));
            sent = (await app.DrainMail()).Count(m => m.Contains("What has changed? Songs of change", StringComparison.Ordinal));
        }
        Assert.Equal(2, sent);
        var page = await app.Browser().Get(Impact(0));
        Assert.Equal(["Select whether something has changed"], (await page.Post([])).Errors);
        Assert.Equal(["Write what has changed"], (await page.Post([("Changed", "true")])).Errors);
        Assert.Equal(["What has changed must be 2,000 characters or fewer"], (await page.Post([("Changed", "true"), ("Words", new string('x', 2001))])).Errors);
        Assert.Equal(HttpStatusCode.Redirect, (await page.Post([("Changed", "true"), ("Words", "We sing every morning.")])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post([("Changed", "false")])).Status);
        Assert.Equal("You have answered", (await app.Browser().Get(Impact(0))).Heading);
        await app.DrainOutbox();
        await app.TellAgain();

        var browser = await app.Browser(held.People[0]);
        var entry = await app.Database(db => db.One<Guid>("SELECT Id FROM accreditation_Entry WHERE CauseId = @Id", new { Id = held.Bookings[0] }, default));
        var record = await browser.Get($"/my-cpd/{entry}");
        Assert.Contains("We sing every morning.", record.Words, StringComparison.Ordinal);
        // What the person writes themselves stands beside it, and a correction of the register leaves both.
        Assert.Equal(HttpStatusCode.Redirect, (await record.Post([("Reflection", "And in the garden.")])).Status);
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0].PersonId, Attendance.Part, 30)], null, false));
        await app.DrainOutbox();
        Assert.Equal(1, await app.Count("accreditation_Entry", "Id = @entry AND Impact = 'We sing every morning.' AND Reflection = 'And in the garden.'", new { entry }));
        using (var other = await (await app.Api(held.People[1])).PostAsJsonAsync($"/api/v1/bookings/{held.Bookings[0]}/impact", new { changed = false })) Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using (var own = await (await app.Api(held.People[1])).PostAsJsonAsync($"/api/v1/bookings/{held.Bookings[1]}/impact", new { changed = false })) Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        await app.DrainOutbox();
        Assert.Equal(1, await app.Count("accreditation_Entry", "CauseId = @Id AND Impact = 'Nothing has changed.'", new { Id = held.Bookings[1] }));
    }

    [Fact]
    public async Task Impact_Results_AreAPercentageOfFiveOrMore() {
        var held = await Session(6);
        await AnswerAll(held, 6);
        app.Clock.Set(app.Clock.GetUtcNow().AddMonths(4));
        for (var i = 0; i < 4; i++) Assert.Null((await app.Ask(held.People[i], new AnswerImpact.Command(held.Bookings[i], i > 0, "It has"))).Refusal);
        Assert.Equal(new Impact(4, null), (await Results(held)).Impact);
        Assert.Null((await app.Ask(held.People[4], new AnswerImpact.Command(held.Bookings[4], true, "It has"))).Refusal);
        Assert.Equal(new Impact(5, 80), (await Results(held)).Impact);
        Assert.Contains("80% of 5 people say that they have changed something", (await (await app.Browser(held.Officer)).Get($"/sessions/{held.Session}/evaluation")).Words, StringComparison.Ordinal);
        Assert.Contains("80% of 5 people say that they have changed something", (await (await app.Browser(held.Officer)).Get($"/courses/{held.Course}/evaluation")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impact_AuthorityAsksAfterItsOwnMonthsOrNotAtAll() {
        var officer = await app.Given.Officer(await app.Given.Authority("Essex"));
        var authority = officer.Grants[0].OrganisationId;
        SetEvaluationRules.Asked[] asked = [new(null, QuestionKind.YesNo, "Good?", "say good")];
        await app.Send(officer, new SetEvaluationRules.Command(authority, 0, 14, 6, asked));
        var held = await Session(1, officer);
        Assert.Equal(1, await app.Count("platform_Message", "Kind = 'training.impact' AND CauseId = @Id AND PlannedFor = @At", new { Id = held.Bookings[0], At = London.ToUtc(London.Today(app.Clock).AddMonths(6), new TimeOnly(10, 0)) }));
        await app.Send(held.Officer, new SaveRegister.Command(held.Session, [new(held.People[0].PersonId, Attendance.DidNotAttend, null)], null, false));
        await app.DrainOutbox();
        Assert.Equal(1, await app.Count("platform_Message", "Kind = 'training.impact' AND CauseId = @Id AND State = 'Cancelled'", new { Id = held.Bookings[0] }));
        await app.Send(officer, new SetEvaluationRules.Command(authority, 1, 14, 0, asked));
        var without = await Session(1, officer);
        Assert.Equal(0, await app.Count("platform_Message", "Kind = 'training.impact' AND CauseId = @Id", new { Id = without.Bookings[0] }));
        Assert.IsType<Conflict>((await app.Ask(without.People[0], new AnswerImpact.Command(without.Bookings[0], false, null))).Refusal);
    }

    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(1, 400, 1)]
    [InlineData(399, 400, 99)]
    [InlineData(400, 400, 100)]
    [InlineData(97, 100, 97)]
    [InlineData(1, 8, 13)]
    public void Percent_IsAllOnlyForAllAndNoneOnlyForNone(int part, int all, int expected) => Assert.Equal(expected, EvaluationTally.Percent(part, all));
}
