using Cpd.Tests.Training;
using Cpd.Training.Changes;

namespace Cpd.Tests.Calendars;

/// <summary>What calendars are told when a colleague takes a place over and when a booking moves.</summary>
public sealed class ChangesCalendarTests : IClassFixture<CpdApp> {
    readonly CpdApp app;

    public ChangesCalendarTests(CpdApp app) {
        this.app = app;
        app.Clock.Set(CpdApp.Start);
    }

    [Fact]
    public async Task Substitute_LeavesTheCalendarOfTheOneAndComesIntoTheOthers() {
        var scene = await Scene.Set(app, places: 3);
        var booked = (await scene.Book(1)).Single();
        var colleague = await app.Given.Staff(scene.Setting);
        await app.MailTo(booked.PersonId);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Send(scene.Manager, new SubstitutePerson.Command(booked.BookingId!.Value, colleague, booked.PersonId));
        var off = (await app.MailTo(booked.PersonId))[^1];
        var on = Assert.Single(await app.MailTo(colleague));
        Assert.Equal(("CANCEL", "REQUEST"), (off.Method, on.Method));
        var (gone, came) = (await off.Event(), await on.Event());
        Assert.Equal((gone.Uid, "CANCELLED"), (came.Uid, gone.Status));
        Assert.True(came.Sequence > gone.Sequence && gone.Sequence > 1);
        Assert.Equal("mailto:" + await app.Email(colleague), Assert.Single(came.Attendees).Value);
        // Whose it was can't open it any more.
        Assert.DoesNotContain($"/bookings/{booked.BookingId}", off.Calendar!.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_OldDateIsCalledOffAndTheNewOneComes() {
        var scene = await Scene.Set(app, places: 3);
        var booked = (await scene.Book(1)).Single();
        var other = await scene.OtherDate(places: 3);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var moved = await app.Send(scene.Manager, new MoveBooking.Command(booked.BookingId!.Value, other.Session));
        var mails = await app.MailTo(booked.PersonId);
        Assert.Equal(3, mails.Count);
        var events = new Dictionary<string, ICalEvent>();
        foreach (var mail in mails.Skip(1)) events[mail.Method!] = await mail.Event();
        Assert.Equal(($"{booked.BookingId:N}-1@cpd", "CANCELLED"), (events["CANCEL"].Uid, events["CANCEL"].Status));
        Assert.Equal(($"{moved.BookingId:N}-1@cpd", "CONFIRMED"), (events["REQUEST"].Uid, events["REQUEST"].Status));
        Assert.True(events["REQUEST"].Start.At > events["CANCEL"].Start.At);
    }
}
