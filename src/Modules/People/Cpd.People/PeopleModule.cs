using Cpd.People.Access;
using Cpd.People.Accounts;
using Cpd.People.Authorities;
using Cpd.People.Newsletters;
using Cpd.People.Persons;
using Cpd.People.Reminders;
using Cpd.People.SettingImports;
using Cpd.Platform;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.People;

/// <summary>Organisations, people, their roles and memberships; accounts and sign-in.</summary>
public sealed class PeopleModule : IModule {
    public void AddServices(IServiceCollection services, IConfiguration configuration) {
        services.AddSingleton<Sessions>();
        services.AddSingleton<Passwords>();
        services.AddScoped<AccountLink>();
        services.AddScoped<Accounts.Accounts>();
        services.AddScoped<Grants>();
        services.AddScoped<Audience>();
        services.AddSingleton<ImportSignal>();
        services.AddSingleton<ImportChecker>();
        services.AddHostedService(p => p.GetRequiredService<ImportChecker>());
        services.AddAuthentication(o => {
            o.DefaultScheme = "ByPath";
            o.DefaultSignInScheme = o.DefaultSignOutScheme = Sessions.Scheme;
        })
            .AddPolicyScheme("ByPath", null, o => o.ForwardDefaultSelector = context => context.Request.IsApi() ? ApiKeys.Scheme : Sessions.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeys>(ApiKeys.Scheme, null)
            .AddCookie(Sessions.Scheme);
        services.AddOptions<CookieAuthenticationOptions>(Sessions.Scheme).Configure<Sessions>((o, sessions) => {
            o.Cookie.Name = "__Host-session";
            o.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            o.SessionStore = sessions;
            o.LoginPath = PeopleLinks.SignIn;
            o.ReturnUrlParameter = "returnUrl";
        });
    }

    public async Task Prepare(IServiceProvider services, CancellationToken ct) {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new SyncAuthorities.Command(), ct);
    }

    public void MapApi(IEndpointRouteBuilder api) { }

    public IEnumerable<string> Permissions => PeoplePermissions.All;

    public IEnumerable<NavLink> Navigation => [
        new("People", PeopleLinks.People, PeoplePermissions.SeePeople, "See who works where, add people, invite them and record that they have left.", Rank: 1),
        new("Settings", PeopleLinks.Settings, PeoplePermissions.SeeSettings, "See settings and their staff, and import the list that Ofsted publishes.", Rank: 1),
        new("Organisations", PeopleLinks.Organisations, PeoplePermissions.AddOrganisations, "See and add training providers, accreditors and placement hosts.", Rank: 1),
        new("Calendar", PeopleLinks.Calendar, PeoplePermissions.ChangeCalendar, "Set the terms of the school year and the days you are closed.", Rank: 1),
        new("Messages", PeopleLinks.Letters, PeoplePermissions.WordLetters, "See every email that people get, add your own words and logo, and send yourself a test.", Rank: 1),
        new("Newsletters", PeopleLinks.Newsletters, PeoplePermissions.SendNewsletters, "Write to the staff of your settings and to the people you work with.", Rank: 1),
        new("Your account", PeopleLinks.Account, PeoplePermissions.UseKeys, "Change your password, and make API keys for programs.", Rank: 2),
    ];

    public IEnumerable<LetterKind> Letters => [.. AccountLetters.All, TellTheWeek.AsLetter, Newsletter.Kind];

    public IEnumerable<Schedule> Schedules => [.. CleanUp.Schedules, PlanWeeks.Schedule];

    public Task FillDemo(DemoBook book, CancellationToken ct) => PeopleDemo.Fill(book, ct);

    public IEnumerable<CliCommand> Commands => [CreateAdmin.Cli];
}
