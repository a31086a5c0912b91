using Cpd.Forums.Lists;
using Cpd.Forums.Meetings;
using Cpd.Forums.Members;
using Cpd.Forums.Reminders;
using Cpd.Forums.Replies;
using Cpd.Forums.Series;
using Cpd.Platform;
using Cpd.Platform.Calendars;
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
        services.AddScoped<ListAbsent.Finder>();
        services.AddSingleton<ReplyToken>();
    }

    public void MapApi(IEndpointRouteBuilder api) {
        ListSeries.Map(api);
        OpenSeries.Map(api);
        SetAuthorities.Map(api);
        ListMembers.Map(api);
        AddMember.Map(api);
        RemoveMember.Map(api);
        KeepMembership.Map(api);
        KeepWalkIn.Map(api);
        ProposeYear.Map(api);
        PublishYear.Map(api);
        PublishDrafts.Map(api);
        OpenMeeting.Map(api);
        EditMeeting.Map(api);
        CancelMeeting.Map(api);
        ReplyToMeeting.Map(api);
        ListMyForums.Map(api);
        CountAttendance.Map(api);
        ListAbsent.Map(api);
        InviteAbsent.Map(api);
    }

    public IEnumerable<NavLink> Navigation => [new("Forums", ForumsLinks.List, null, "See when practitioners meet, and set the meetings of your forums.")];

    public IEnumerable<string> Permissions => ForumsPermissions.All;

    public IEnumerable<LetterKind> Letters => MeetingLetters.All;

    public Task FillDemo(DemoBook book, CancellationToken ct) => ForumsDemo.Fill(book, ct);
}
