using Cpd.People.Contracts;
using Cpd.People.Feeds;
using Cpd.Placements.Slots;
using Cpd.Placements;
using Cpd.Platform.Messaging;
using Cpd.Platform.Security;
using Cpd.Platform.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests.Placements;

/// <summary>What students and supervisors hear by email, when, and what their calendar holds.</summary>
public sealed class PlacementReminderTests(CpdApp app) : IClassFixture<CpdApp> {
    static readonly DateOnly Tuesday = new(2026, 11, 10);

    [Fact]
    public async Task Published_Slots_AreToldWithACalendarPart() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        var slot = await world.Slot(students[0], Tuesday);
        var told = await To(students[0].Email, "Your placement timetable");
        var mail = Assert.Single(told);
        Assert.Contains("method=PUBLISH", mail, StringComparison.Ordinal);
        Assert.Single(await To($"{Mail(world.Host.PersonId)}", "Your placement timetable"));
        // A second one says what is new only, and a call-off takes it out of the calendar with a higher number.
        await app.Send(world.Host, new ChangeSlot.Command(slot, 1, ChangeSlot.Change.Cancelled, "Closed for a day"));
        Assert.Single(await To(students[0].Email, "Your placement timetable has changed"));
        Assert.Equal(2, await app.Database(db => db.One<int>("SELECT Sequence FROM platform_Appointment WHERE Id = @slot", new { slot }, default)));
    }

    [Fact]
    public async Task Tomorrow_IsSaidOnceForTheDayToStudentAndSupervisor() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], Tuesday);
        await world.Slot(students[0], Tuesday, 1);
        At(2026, 11, 9, 9, 1);
        await app.DrainMail();
        var mail = Assert.Single(await To(students[0].Email, "Placement on Tuesday 10 November 2026"));
        Assert.Contains("9am to midday", mail, StringComparison.Ordinal);
        Assert.Contains("1pm to 4pm", mail, StringComparison.Ordinal);
        Assert.Single(await To(Mail(world.Host.PersonId), "Placement on Tuesday 10 November 2026"));
        At(2026, 11, 9, 12);
        Assert.Single(await To(students[0].Email, "Placement on Tuesday 10 November 2026"));
    }

    [Fact]
    public async Task Tomorrow_SlotIsCalledOffOrMovedBefore_SaysWhatIsTrueThen() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        var gone = await world.Slot(students[0], Tuesday);
        var moved = await world.Slot(students[1], Tuesday);
        await app.Send(world.Host, new ChangeSlot.Command(gone, 1, ChangeSlot.Change.Cancelled, "Closed"));
        await app.Send(world.Host, new ChangeSlot.Command(moved, 1, ChangeSlot.Change.Cancelled, "Another day"));
        await world.Slot(students[1], Tuesday.AddDays(1));
        At(2026, 11, 9, 9, 1);
        await app.DrainMail();
        Assert.Empty(await To(students[0].Email, "Placement on"));
        Assert.Empty(await To(students[1].Email, "Placement on"));
        At(2026, 11, 10, 9, 1);
        Assert.Single(await To(students[1].Email, "Placement on Wednesday 11 November 2026"));
    }

    [Fact]
    public async Task HoursToLog_AreRemindedOnMondayUnlessLogged() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        var done = await world.Slot(students[0], Tuesday, kind: SlotKind.Induction);
        await world.Slot(students[1], Tuesday, kind: SlotKind.Induction);
        At(2026, 11, 11, 9);
        await app.Send(PlacementWorld.Student(students[0]), new LogHours.Command(done, 1, 180, "Logged."));
        At(2026, 11, 16, 9, 1);
        Assert.Empty(await To(students[0].Email, "Log your hours"));
        Assert.Single(await To(students[1].Email, "Log your hours: 1 slot"));
        At(2026, 11, 17, 9, 1);
        Assert.Single(await To(students[1].Email, "Log your hours: 1 slot"));
    }

    [Fact]
    public async Task HoursToSign_AreRemindedTwoDaysAfterOnceForAll_AndReturnedOnesGoBack() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(2);
        var slots = new List<Guid>();
        foreach (var student in students) slots.Add(await world.Slot(student, Tuesday, kind: SlotKind.Induction));
        At(2026, 11, 10, 17);
        foreach (var (student, slot) in students.Zip(slots)) await app.Send(PlacementWorld.Student(student), new LogHours.Command(slot, 1, 180, "Logged."));
        At(2026, 11, 12, 9, 1);
        Assert.Single(await To(Mail(world.Host.PersonId), "2 slots to sign"));
        await app.Send(world.Host, new SignHours.Command([new(slots[0], 2)]));
        await app.Send(world.Host, new ChangeSlot.Command(slots[1], 2, ChangeSlot.Change.Returned, "Say more"));
        At(2026, 11, 13, 9, 1);
        Assert.Single(await To(students[1].Email, "Log your hours: 1 slot"));
        Assert.Empty(await To(students[0].Email, "Log your hours"));
    }

    [Fact]
    public async Task Feed_AndCommitments_HoldTheSlots() {
        At(2026, 11, 2, 9);
        var world = await PlacementWorld.Make(app);
        var (_, students) = await world.Cohort(1);
        await world.Slot(students[0], Tuesday);
        var secret = await app.Send(PlacementWorld.Student(students[0]), new MakeFeed.Command());
        var feed = await app.CreateClient().GetStringAsync(new Uri($"/calendar/{secret.Split('/')[^1]}", UriKind.RelativeOrAbsolute));
        Assert.Contains("DTSTART;TZID=Europe/London:20261110T090000", feed, StringComparison.Ordinal);
        var asked = new FindCommitments([students[0].PersonId!.Value, world.Host.PersonId], new DateTime(2026, 11, 10, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 11, 0, 0, 0, DateTimeKind.Utc));
        var own = await Ask(world.Officer, asked);
        Assert.Equal(2, own.Count);
        Assert.All(own, c => Assert.Equal($"placement, Baby Steps {world.Name}", c.What));
        // Who has nothing to do with the programme reads only that there is something.
        Assert.All(await Ask(await app.Given.Officer(await app.Given.Authority()), asked), c => Assert.Equal("a placement", c.What));
        var week = await Week(world.Officer, new([world.Officer.Grants[0].OrganisationId], [], new DateTime(2026, 11, 9, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 16, 0, 0, 0, DateTimeKind.Utc)));
        Assert.Contains(week, w => w.Heading == "Placements this week" && w.Lines.Contains($"{world.Name}: 1 student in 1 slot"));
    }

    async Task<IReadOnlyList<Commitment>> Ask(Actor who, FindCommitments question) => await Everyone<FindCommitments, Commitment>(who, question);
    async Task<IReadOnlyList<WeekPart>> Week(Actor who, FindWeek question) => await Everyone<FindWeek, WeekPart>(who, question);

    async Task<IReadOnlyList<TPart>> Everyone<TQuestion, TPart>(Actor who, TQuestion question) where TQuestion : IAskEveryone<TPart> {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(who.PersonId, who.Name, who.Grants);
        return await scope.ServiceProvider.GetRequiredService<Everyone>().Ask<TQuestion, TPart>(question, default);
    }

    void At(int year, int month, int day, int hour, int minute = 0) => app.Clock.Set(new(year, month, day, hour, minute, 0, TimeSpan.Zero));

    string Mail(Guid person) => app.Database(db => db.One<string>("SELECT Email FROM people_Person WHERE Id = @person", new { person }, default)).GetAwaiter().GetResult()!;

    async Task<IReadOnlyList<string>> To(string email, string subject) => [.. (await app.DrainMail()).Where(m => m.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase) && m.Contains($"Subject: {subject}", StringComparison.Ordinal))];
}
