using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Sessions;

namespace Cpd.Tests.Training;

/// <summary>A session with people of one setting or several, to begin a test of places with.</summary>
sealed record Scene(CpdApp App, Guid Authority, Guid Setting, Actor Officer, Actor Manager, Guid CourseId, Guid Session) {
    internal static async Task<Scene> Set(CpdApp app, int places, string authority = "Thurrock", int inDays = 10, Func<AddSession.Command, AddSession.Command>? with = null) {
        var id = await app.Given.Authority(authority);
        var setting = await app.Given.Setting(id);
        var officer = await app.Given.Officer(id);
        var (course, session) = await app.Session(officer, places, inDays: inDays, with: with);
        return new(app, id, setting, officer, await app.Given.Manager(setting), course, session);
    }

    internal async Task<IReadOnlyList<BookPlaces.Answer>> Book(int people, bool together = false) {
        var staff = new List<Guid>();
        for (var i = 0; i < people; i++) staff.Add(await App.Given.Staff(Setting));
        return await App.Send(Manager, new BookPlaces.Command(Session, staff, together));
    }

    /// <summary>The same session, with the manager of another setting.</summary>
    internal async Task<Scene> Elsewhere(string? authority = null) {
        var setting = await App.Given.Setting(authority is null ? Authority : await App.Given.Authority(authority));
        return this with { Setting = setting, Manager = await App.Given.Manager(setting) };
    }

    internal Task Cancel(Guid? booking) => App.Send(Officer, new CancelBooking.Command(booking!.Value, "Ill"));

    /// <summary>To another date, with two places at the same venue.</summary>
    internal async Task Move(DateOnly to, int from = 10) => await App.Send(Officer, new EditSession.Command {
        Id = Session, Version = await App.Database(db => db.One<int>("SELECT Version FROM training_Session WHERE Id = @Session", new { Session }, default)),
        Dates = [TrainingGiven.Date(to, from, from + 2)], Places = 2, VenueName = "Civic Hall", VenueAddress = "New Road, Grays RM17 6SL",
    });

    internal Task<int> Is(Guid? booking, string state) => App.Count("training_Booking", "Id = @booking AND State = @state", new { booking, state });

    internal async Task<HoldKind?> Hold(Guid? booking) =>
        Enum.TryParse<HoldKind>(await App.Database(db => db.One<string>("SELECT Kind FROM training_Hold WHERE BookingId = @booking AND EndedAt IS NULL", new { booking }, default)), out var kind) ? kind : null;

    /// <summary>What must always hold; every test of places ends with it.</summary>
    internal async Task Check() => Assert.Empty((await App.Ask(Officer, new CheckPlaces.Query([Session]))).Select(f => f.Sentence));

    /// <summary>Lets time pass, and what is due by then happen.</summary>
    internal async Task Wait(TimeSpan time) {
        App.Clock.Advance(time);
        await App.Ask(Officer, new SettlePlaces.DueCommand());
    }

    /// <summary>The address in the newest message to this person that has one of this kind.</summary>
    internal async Task<string> Link(string reference, string kind) {
        var mail = (await App.DrainMail()).Last(m => m.Contains(reference, StringComparison.Ordinal) && m.Contains($"/{kind}/", StringComparison.Ordinal));
        var text = mail.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=\n", "", StringComparison.Ordinal);
        var from = text.IndexOf($"/{kind}/", StringComparison.Ordinal);
        var to = text.IndexOfAny(['\r', '\n', ' '], from);
        return text[from..(to < 0 ? text.Length : to)];
    }
}

static class PlacesGiven {
    internal static void Advance(this MovableClock clock, TimeSpan time) => clock.Set(clock.GetUtcNow() + time);

    /// <summary>Changes how an officer's authority gives out places.</summary>
    internal static async Task Rules(this CpdApp app, Actor officer, Func<SetBookingRules.Command, SetBookingRules.Command> with) {
        var now = await app.Send(officer, new SeeBookingRules.Query(officer.Grants[0].OrganisationId));
        await app.Send(officer, with(new() {
            AuthorityId = now.AuthorityId, Version = now.Version, Offers = now.Rules.Offers, OfferHours = now.Rules.OfferHours, LastHours = now.Rules.LastHours, DayStarts = new TimeOnly(now.Rules.DayStarts / 60, 0),
            DayEnds = new TimeOnly(now.Rules.DayEnds / 60, 0), PassLimit = now.Rules.PassLimit, AsksApproval = now.Rules.AsksApproval, ApprovalHours = now.Rules.ApprovalHours,
        }));
    }

    /// <summary>Free places become bookings without an offer.</summary>
    internal static Task GiveAtOnce(this CpdApp app, Actor officer) => app.Rules(officer, r => r with { Offers = false });
}
