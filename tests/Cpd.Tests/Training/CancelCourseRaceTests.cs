using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Cpd.Training.Courses;
using Cpd.Training.Sessions;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Training;

/// <summary>
/// A course that has been cancelled has no session ahead, whatever else is done to its sessions at the same moment. SQLite's one writer
/// settles that by itself; on a server it takes the course's row, so the order of the statements is looked at too.
/// </summary>
public sealed class CancelCourseRaceTests : IClassFixture<QueriesPerPageTests.CountedApp> {
    readonly QueriesPerPageTests.CountedApp app;

    public CancelCourseRaceTests(QueriesPerPageTests.CountedApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    /// <summary>What brings a session of a course ahead.</summary>
    public static TheoryData<string> Ways => ["add", "copy", "publish", "edit"];

    /// <summary>A published course with a draft ahead, and a published session that has begun.</summary>
    sealed record Planned(Actor Officer, Guid Course, Guid Draft, Guid Begun, int BegunVersion);

    async Task<Planned> Plan() {
        var officer = await app.Given.Officer(await app.Given.Authority());
        app.Clock.Set(CpdApp.Start);
        var (course, begun) = await app.Session(officer, inDays: 1);
        var draft = await app.Send(officer, Session(course));
        app.Clock.Set(CpdApp.Start.AddDays(2));
        return new(officer, course, draft, begun, await app.Database(db => db.One<int>("SELECT Version FROM training_Session WHERE Id = @begun", new { begun }, default)));
    }

    static AddSession.Command Session(Guid course) => new() { CourseId = course, Dates = [Ahead], Places = 5, VenueName = "Civic Hall" };
    static TypedDate Ahead => TrainingGiven.Date(new DateOnly(2026, 11, 20));

    static async Task<Refusal?> Send(IMediator mediator, string way, Planned planned) => way switch {
        "add" => (await mediator.Send(Session(planned.Course))).Refusal,
        "copy" => (await mediator.Send(new CopySession.Command(planned.Begun, new DateOnly(2026, 11, 20)))).Refusal,
        "publish" => (await mediator.Send(new PublishSession.Command(planned.Draft))).Refusal,
        "edit" => (await mediator.Send(new EditSession.Command { Id = planned.Begun, Version = planned.BegunVersion, Dates = [Ahead], Places = 5, VenueName = "Civic Hall" })).Refusal,
        _ => (await mediator.Send(new CancelCourse.Command(planned.Course, "Replaced"))).Refusal,
    };

    /// <summary>Does it in a transaction of its own, which stays open after it has been done until it may end.</summary>
    async Task<Refusal?> Do(string way, Planned planned, Action? done = null, Task? until = null) {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(planned.Officer.PersonId, planned.Officer.Name, planned.Officer.Grants);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        return await scope.ServiceProvider.GetRequiredService<Db>().Write(async () => {
            var refusal = await Send(mediator, way, planned);
            done?.Invoke();
            if (until is not null) await until;
            return refusal;
        }, refusal => refusal is null, default);
    }

    /// <summary>Does one thing, begins the other before the first has ended, and gives what became of both.</summary>
    async Task<(Refusal? First, Refusal? Second)> Meanwhile(string first, string second, Planned planned) {
        var (done, end) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var one = Do(first, planned, () => done.TrySetResult(), end.Task);
        await Task.WhenAny(done.Task, one);
        var other = Do(second, planned);
        await Task.WhenAny(other, Task.Delay(300));
        Assert.False(other.IsCompleted, $"To {second} did not wait for: {first}.");
        end.SetResult();
        return (await one, await other);
    }

    Task<int> LiveAhead(Planned planned) => app.Count("training_Session", "CourseId = @Course AND State <> 'Cancelled' AND StartsAt > @Now", new { planned.Course, app.Now });

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Send_CourseIsBeingCancelled_WaitsAndIsRefused(string way) {
        var planned = await Plan();
        var (cancelled, refused) = await Meanwhile("cancel", way, planned);
        Assert.Null(cancelled);
        Assert.IsType<Conflict>(refused);
        Assert.Equal(0, await LiveAhead(planned));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Cancel_SessionIsBeingBroughtAhead_WaitsAndCancelsItToo(string way) {
        var planned = await Plan();
        Assert.Equal((null, null), await Meanwhile(way, "cancel", planned));
        Assert.Equal(0, await LiveAhead(planned));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [SqliteOnly("The statements are heard by the embedded engine itself.")]
    public async Task Send_AnyWay_TakesTheCoursesRowBeforeItLooks(string way) {
        var planned = await Plan();
        var statements = (await app.Counting(() => Do(way, planned))).Where(s => s.Contains("training_", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("UPDATE training_Course SET Version = Version", statements[0], StringComparison.Ordinal);
        Assert.True(await LiveAhead(planned) > 0);
    }

    [Theory]
    [InlineData("add", "The course has been cancelled, so it can't have new sessions.")]
    [InlineData("copy", "The course has been cancelled, so it can't have new sessions.")]
    [InlineData("publish", "The session has been cancelled. Copy it to a new date instead.")]
    [InlineData("edit", "The course has been cancelled, so its sessions can't be moved to a date ahead.")]
    public async Task Send_CourseIsCancelled_SaysSo(string way, string sentence) {
        var planned = await Plan();
        Assert.Null(await Do("cancel", planned));
        Assert.Equal(new Conflict(sentence), await Do(way, planned));
    }

    [Fact]
    public async Task Post_SessionOfCancelledCourseHasBegun_CanBePutRightButNotMovedAhead() {
        var planned = await Plan();
        Assert.Null(await Do("cancel", planned));
        var browser = await app.Browser(planned.Officer);
        var page = await browser.Get($"/manage/sessions/{planned.Begun}/edit");
        var ahead = await page.Post([("Dates[0].On.Month", "11")]);
        Assert.Equal(["The course has been cancelled, so its sessions can't be moved to a date ahead."], ahead.Errors);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await page.Post([("VenueName", "Library")])).Status);
        Assert.Equal(1, await app.Count("training_Session", "Id = @Begun AND VenueName = 'Library'", new { planned.Begun }));
    }

    [Fact]
    public async Task Send_DraftOfCancelledCourseHasNotBeenPublishedInTime_IsRefused() {
        var planned = await Plan();
        app.Clock.Set(CpdApp.Start.AddDays(60));
        Assert.Null(await Do("cancel", planned));
        Assert.Equal(new Conflict("The course has been cancelled, so its sessions can't be published."), await Do("publish", planned));
    }
}
