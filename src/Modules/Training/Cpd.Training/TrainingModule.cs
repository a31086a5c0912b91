using Cpd.Platform;
using Cpd.Platform.Calendars;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Cpd.Training.Bookings;
using Cpd.Training.Catalogue;
using Cpd.Training.Changes;
using Cpd.Training.Charges;
using Cpd.Training.Evaluations;
using Cpd.Training.Materials;
using Cpd.Training.Needs;
using Cpd.Training.Registers;
using Cpd.Training.Reminders;
using Cpd.Training.Sessions;
using Cpd.Training.Venues;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Training;

/// <summary>Courses, sessions, bookings, waiting lists and registers.</summary>
public sealed class TrainingModule : IModule {
    public void AddServices(IServiceCollection services, IConfiguration configuration) {
        services.AddScoped<BookingMails>();
        services.AddScoped<BookingLog>();
        services.AddScoped<Bookable>();
        services.AddScoped<ICalendarSource, BookingCalendarSource>();
        services.AddSingleton<AnswerToken>();
        services.AddSingleton<InsteadToken>();
        services.AddSingleton<CancelToken>();
        services.AddSingleton<CalendarToken>();
        services.AddSingleton<JoinToken>();
        services.AddSingleton<PlaceLinks>();
        services.AddSingleton<EvaluationToken>();
        services.AddSingleton<ImpactToken>();
        services.AddScoped<Retelling>();
        services.AddScoped<WaitingList>();
        services.AddScoped<Allotment>();
        services.AddScoped<Tariff>();
        services.AddScoped<Register>();
        services.AddScoped<SessionRounds>();
        services.AddScoped<PlaceReminder>();
    }

    public void MapApi(IEndpointRouteBuilder api) {
        SearchCatalogue.Map(api);
        OpenCourse.Map(api);
        OpenSession.Map(api);
        ListSessionBookings.Map(api);
        BookPlaces.Map(api);
        ListBookings.Map(api);
        OpenBooking.Map(api);
        CancelBooking.Map(api);
        AnswerOffer.Map(api);
        ApproveBooking.Map(api);
        ListApprovals.Map(api);
        CancelSession.Map(api);
        SetPlaces.Map(api);
        SetSessionRules.Map(api);
        ListDecisions.Map(api);
        SeeBookingRules.Map(api);
        SetBookingRules.Map(api);
        AddBand.Map(api);
        ChangeBand.Map(api);
        AskForApproval.Map(api);
        SeeEvaluationForm.Map(api);
        AnswerEvaluation.Map(api);
        SeeSessionEvaluation.Map(api);
        SeeCourseEvaluation.Map(api);
        SeeEvaluationRules.Map(api);
        SetEvaluationRules.Map(api);
        SetCertificateRule.Map(api);
        AnswerImpact.Map(api);
        SaveRegister.Map(api);
        SubstitutePerson.Map(api);
        MoveBooking.Map(api);
        SeeChangeRules.Map(api);
        SetChangeRules.Map(api);
        AddChargeTable.Map(api);
        PreviewCancellation.Map(api);
        ListCharges.Map(api);
        WaiveCharge.Map(api);
        CountCancellations.Map(api);
        FindWarnings.Map(api);
        SetReleaseShare.Map(api);
        SetSessionQuestions.Map(api);
        AnswerQuestions.Map(api);
        KeepMyNeeds.Map(api);
        ListNeeds.Map(api);
        OpenRegister.Map(api);
        ListOwnSessions.Map(api);
        OpenOwnSession.Map(api);
        ListMaterials.Map(api);
        AddMaterial.Map(api);
        RemoveMaterial.Map(api);
        MarkAttendance.Map(api);
        SeeRegisterRules.Map(api);
        SetRegisterRules.Map(api);
        ListVenues.Map(api);
        OpenVenue.Map(api);
        AddVenue.Map(api);
        EditVenue.Map(api);
    }

    public IEnumerable<LetterKind> Letters => [
        .. BookingLetters.All, RemindAWeekBefore.AsLetter, RemindTheDayBefore.AsLetter, RemindByText.AsLetter, Evaluations.WhenAttendanceRecorded.AsLetter, AskForImpact.AsLetter, RemindToCloseRegister.AsLetter, WarnLowNumbers.AsLetter,
    ];

    public IEnumerable<Schedule> Schedules => [SettlePlaces.Schedule, ReleaseMoved.Schedule, ForgetAnswers.Schedule, CheckPlaces.Schedule, CheckReminders.Schedule];

    public IEnumerable<string> Permissions => TrainingPermissions.All;

    public Task FillDemo(DemoBook book, CancellationToken ct) => TrainingDemo.Fill(book, ct);

    public IEnumerable<NavLink> Navigation => [
        new("Courses", TrainingLinks.Catalogue, null, "Find a course and book a place on one of its sessions."),
        new("Bookings", TrainingLinks.Bookings, TrainingPermissions.Book, "See what is booked, add it to a calendar, or cancel."),
        new("My sessions", TrainingLinks.OwnSessions, TrainingPermissions.SeeOwnSessions, "See the sessions that you give, with who comes and what goes with them."),
        new("Registers", TrainingLinks.Registers, TrainingPermissions.KeepRegister, "Record who attended the sessions that have taken place."),
        new("Approvals", TrainingLinks.Approvals, TrainingPermissions.ApproveBookings, "Approve what your staff have asked for."),
        new("Manage courses", TrainingLinks.ManagedCourses, TrainingPermissions.ManageCourses, "Write and publish courses and sessions, and see who is booked."),
        new("Venues", TrainingLinks.Venues, TrainingPermissions.ManageCourses, "Keep the places where you hold sessions, with rooms, maps and access notes.", Rank: 1),
        new("Booking rules", TrainingLinks.BookingRules, TrainingPermissions.ChangeBookingRules, "Set how free places are offered, and who comes first on waiting lists.", Rank: 1),
        new("Changes and charges", TrainingLinks.ChangeRules, TrainingPermissions.ChangeBookingRules, "Say how bookings are changed, and what cancelling late costs.", Rank: 1),
        new("What I need", TrainingLinks.MyNeeds, TrainingPermissions.Book, "Let organisers know what you need at sessions, and erase it again.", Rank: 2),
        new("Charges", TrainingLinks.Charges, TrainingPermissions.SeeCharges, "See what late cancellations and missed sessions cost, and how often they happen.", Rank: 1),
        new("Evaluation questions", TrainingLinks.EvaluationRules, TrainingPermissions.ChangeEvaluation, "Say what people are asked after your sessions.", Rank: 1),
    ];
}
