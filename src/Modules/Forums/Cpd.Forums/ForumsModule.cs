using Cpd.Forums.Actions;
using Cpd.Forums.Agenda;
using Cpd.Forums.Lists;
using Cpd.Forums.MeetingEvaluations;
using Cpd.Forums.MeetingNeeds;
using Cpd.Forums.MeetingRegisters;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Minutes;
using Cpd.Forums.Notices;
using Cpd.Forums.Papers;
using Cpd.Forums.Polls;
using Cpd.Forums.Reminders;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.Platform;
using Cpd.Platform.Calendars;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Forums;

/// <summary>Termly meetings of practitioners: series, their members and their meetings.</summary>
public sealed class ForumsModule : IModule {
    public void AddServices(IServiceCollection services, IConfiguration configuration) {
        services.AddScoped<ICalendarSource, MeetingCalendarSource>();
        services.AddScoped<MeetingMails>();
        services.AddScoped<MeetingRounds>();
        services.AddScoped<MeetingReminder>();
        services.AddScoped<Publishing>();
        services.AddScoped<ForumScope>();
        services.AddScoped<Joining>();
        services.AddScoped<Invitations>();
        services.AddScoped<WaitingList>();
        services.AddScoped<ListAbsent.Finder>();
        services.AddSingleton<ReplyToken>();
        services.AddScoped<Register>();
        services.AddScoped<EvaluationRequests>();
        services.AddScoped<ActionReminders>();
        services.AddSingleton<PapersToken>();
        services.AddSingleton<EvaluationToken>();
    }

    public void MapApi(IEndpointRouteBuilder api) {
        ListSeries.Map(api);
        OpenSeries.Map(api);
        AddSeries.Map(api);
        SetAuthorities.Map(api);
        EndSeries.Map(api);
        ReopenSeries.Map(api);
        ListMembers.Map(api);
        AddMember.Map(api);
        RemoveMember.Map(api);
        KeepMembership.Map(api);
        KeepWalkIn.Map(api);
        ProposeYear.Map(api);
        PublishYear.Map(api);
        PublishDrafts.Map(api);
        OpenMeeting.Map(api);
        AddMeeting.Map(api);
        EditMeeting.Map(api);
        CancelMeeting.Map(api);
        RemoveDraft.Map(api);
        ReplyToMeeting.Map(api);
        ListNeeds.Map(api);
        ListMyForums.Map(api);
        SetChair.Map(api);
        SeeAgenda.Map(api);
        AddItem.Map(api);
        ProposeItem.Map(api);
        ChangeItem.Map(api);
        AddPaper.Map(api);
        SendPapers.Map(api);
        SeePolls.Map(api);
        AddPoll.Map(api);
        ChangePoll.Map(api);
        Vote.Map(api);
        OpenRegister.Map(api);
        MarkAttendance.Map(api);
        CloseRegister.Map(api);
        SetQuorum.Map(api);
        SeeMinutes.Map(api);
        WriteMinutes.Map(api);
        SettleMinutes.Map(api);
        ListActions.Map(api);
        AddAction.Map(api);
        ChangeAction.Map(api);
        SeeNotices.Map(api);
        PostNotice.Map(api);
        ModerateNotice.Map(api);
        SeeEvaluation.Map(api);
        CountAttendance.Map(api);
        ListAbsent.Map(api);
        InviteAbsent.Map(api);
    }

    public IEnumerable<NavLink> Navigation => [new("Forums", ForumsLinks.List, null, "See when practitioners meet, and set the meetings of your forums.")];

    public IEnumerable<string> Permissions => ForumsPermissions.All;

    public IEnumerable<LetterKind> Letters => [.. MeetingLetters.All, TellOfPapers.AsLetter, EvaluationRequests.AsLetter, RemindOfAction.AsLetter, SendDigest.AsLetter];

    public IEnumerable<Schedule> Schedules => [CheckReminders.Schedule, ForgetNeeds.Schedule];

    public Task FillDemo(DemoBook book, CancellationToken ct) => ForumsDemo.Fill(book, ct);
}
