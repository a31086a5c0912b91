using Cpd.Placements.Cohorts;
using Cpd.Placements.Hosts;
using Cpd.Placements.Hours;
using Cpd.Placements.Programmes;
using Cpd.Placements.Reminders;
using Cpd.Placements.Slots;
using Cpd.Placements.Supervisors;
using Cpd.Placements.Timetables;
using Cpd.Platform;
using Cpd.Platform.Calendars;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Placements;

/// <summary>Placement programmes: hosts and their projects, cohorts of students, and the hours that both trust.</summary>
public sealed class PlacementsModule : IModule {
    public void AddServices(IServiceCollection services, IConfiguration configuration) {
        services.AddScoped<SlotNews>();
        services.AddScoped<HourReminders>();
        services.AddScoped<PlacementReminder>();
        services.AddScoped<Ledger>();
        services.AddScoped<ICalendarSource, SlotCalendarSource>();
    }

    public void MapApi(IEndpointRouteBuilder api) {
        ListProgrammes.Map(api);
        OpenProgramme.Map(api);
        SeeSetUp.Map(api);
        AddProgramme.Map(api);
        EditProgramme.Map(api);
        SetAlternative.Map(api);
        AddHost.Map(api);
        OpenProject.Map(api);
        AnswerForProject.Map(api);
        ListComing.Map(api);
        ListSupervisors.Map(api);
        OpenSupervisor.Map(api);
        AddSupervisor.Map(api);
        ChangeSupervisor.Map(api);
        SetDuty.Map(api);
        HandOver.Map(api);
        AddCohort.Map(api);
        ChangeCohort.Map(api);
        OpenCohort.Map(api);
        AddStudent.Map(api);
        ImportStudents.Map(api);
        ChangeStudent.Map(api);
        WithdrawStudent.Map(api);
        GiveFeedback.Map(api);
        SeeChecks.Map(api);
        ConfirmChecks.Map(api);
        AddSlot.Map(api);
        SeeTimetable.Map(api);
        SeePlan.Map(api);
        ProposeTimetable.Map(api);
        KeepTimetable.Map(api);
        DiscardDraft.Map(api);
        PublishTimetable.Map(api);
        ListMySlots.Map(api);
        LogHours.Map(api);
        ListToSign.Map(api);
        SignHours.Map(api);
        OpenSlot.Map(api);
        ChangeSlot.Map(api);
        FindFree.Map(api);
        RescheduleSlot.Map(api);
        SeeStudent.Map(api);
        SumHours.Map(api);
        SumYear.Map(api);
        ExportHours.Map(api);
    }

    public IEnumerable<string> Permissions => PlacementsPermissions.All;

    public IEnumerable<LetterKind> Letters => PlacementLetters.All;

    public IEnumerable<NavLink> Navigation => [
        new("Placements", PlacementsLinks.List, PlacementsPermissions.SeePlacements, "See placement programmes, the hosts that take part and the students who are sent."),
        new("My placement", PlacementsLinks.MyPlacement, PlacementsPermissions.LogHours, "See where you are placed, and log your hours."),
        new("Hours to sign", PlacementsLinks.ToSign, PlacementsPermissions.SignHours, "Sign the hours of students whom you supervise.", Rank: 1),
        new("Placement hours", PlacementsLinks.Year, PlacementsPermissions.SendStudents, "Add up placement hours by programme and institution, and download them.", Rank: 1),
    ];

    public Task FillDemo(DemoBook book, CancellationToken ct) => PlacementsDemo.Fill(book, ct);
}
