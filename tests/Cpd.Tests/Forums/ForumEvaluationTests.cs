using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cpd.Forums;
using Cpd.Forums.MeetingEvaluations;
using Cpd.Forums.MeetingRegisters;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Forums;

/// <summary>What people say of a meeting: asked when the register is closed, once each, kept without names, and broken down from five answers on.</summary>
public sealed class ForumEvaluationTests(CpdApp app) : IClassFixture<CpdApp>, IDisposable {
    readonly MeetingsGiven given = new(app);

    public void Dispose() => app.Clock.Set(CpdApp.Start);

    string Link(MeetingsGiven.Made forum, int member) => ForumsLinks.EvaluationByLink(app.Services.GetRequiredService<EvaluationToken>().For(forum.Meeting, forum.Members[member].PersonId, app.Now.AddYears(1)));

    static (string, string?)[] Answers(int choice, string? words = null) => [("Answers[0].Choice", $"{choice}"), ("Answers[1].Choice", "1"), ("Answers[2].Choice", "2"), ("Answers[3].Words", words)];

    [Fact]
    public async Task Close_AsksWhoeverWasThere_AndTheirAnswersAreCountedWithoutNames() {
        var forum = await given.Forum("Evaluated forum", members: 7);
        app.Clock.Set(MeetingsGiven.Starts);
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [.. forum.Members.Take(6).Select(m => new MarkAttendance.Made(Ids.New(app.Clock), MarkKind.Came, m.PersonId))]));
        app.Clock.Set(MeetingsGiven.Starts.AddMinutes(95));
        await app.Send(forum.Officer, new CloseRegister.Command(forum.Meeting));
        const string subject = "What did you think? Evaluated forum";
        Assert.Equal(6, (await given.Mails(subject)).Count);
        Assert.Empty(await given.Mails(subject, forum.Members[6]));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Link(forum, 6))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(ForumsLinks.EvaluationByLink("nonsense"))).Status);
        var form = await app.Browser().Get(Link(forum, 0));
        Assert.Equal(["Select an answer: Was the meeting worth your time?", "Select an answer: Could you say what you wanted to say?", "Select an answer: Will you change something in your practice because of it?"], (await form.Post([])).Errors);
        Assert.Equal(["Your answer must be 2,000 characters or fewer"], (await form.Post(Answers(1, new string('x', 2001)))).Errors);
        await form.Post(Answers(1, "Sleep"));
        Assert.Equal("You have answered", (await app.Browser().Get(Link(forum, 0))).Heading);
        Assert.Equal(HttpStatusCode.Conflict, (await form.Post(Answers(2))).Status);
        for (var i = 1; i < 4; i++) await (await app.Browser().Get(Link(forum, i))).Post(Answers(1));
        var officer = await app.Browser(forum.Officer);
        var few = await officer.Get(ForumsLinks.Evaluation(forum.Meeting));
        Assert.Contains("4 of 6 people who were there have answered.", few.Words, StringComparison.Ordinal);
        Assert.Contains("Not enough answers yet", few.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Sleep", few.Words, StringComparison.Ordinal);
        await (await app.Browser().Get(Link(forum, 4))).Post(Answers(2));
        var results = await officer.Get(ForumsLinks.Evaluation(forum.Meeting));
        Assert.Contains("80%say it was worth their time", results.Words, StringComparison.Ordinal);
        Assert.Contains("Yes: 80% (4) No: 20% (1)", results.Words, StringComparison.Ordinal);
        Assert.Contains("Sleep", results.Words, StringComparison.Ordinal);
        using var api = await app.Api(forum.Officer);
        Assert.Equal(100, (await api.GetFromJsonAsync<JsonElement>($"/api/v1/meetings/{forum.Meeting}/evaluation")).GetProperty("results")[1].GetProperty("percent").GetInt32());
        // Nothing that was answered says whose it is.
        Assert.Equal(0, await app.Count("forums_EvaluationAnswer a JOIN people_Person p ON p.Id = a.ResponseId"));

        // Who turns out not to have been there may not answer; who turns out to have been is asked, once.
        await app.Send(forum.Officer, new MarkAttendance.Command(forum.Meeting, [new(Ids.New(app.Clock), MarkKind.Absent, forum.Members[5].PersonId), new(Ids.New(app.Clock), MarkKind.Times, forum.Members[6].PersonId, MeetingsGiven.Starts)]));
        Assert.Equal(HttpStatusCode.Gone, (await app.Browser().Get(Link(forum, 5))).Status);
        Assert.Equal("What did you think?", (await app.Browser().Get(Link(forum, 6))).Heading);
        Assert.Single(await given.Mails(subject, forum.Members[6]));
        Assert.Equal(7, (await given.Mails(subject)).Count);
        app.Clock.Set(MeetingsGiven.Starts.AddDays(16));
        Assert.Equal("The time to answer is over", (await app.Browser().Get(Link(forum, 6))).Heading);
        Assert.IsType<Conflict>((await app.Ask(forum.Officer, new AnswerEvaluation.Command(Link(forum, 6).Split('/')[^1], [.. EvaluationRequests.Questions.Take(3).Select(q => new GivenAnswer(q.Id, 1, null))]))).Refusal);
    }
}
