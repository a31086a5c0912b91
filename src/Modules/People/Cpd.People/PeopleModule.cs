using Cpd.People.Access;
using Cpd.People.Accounts;
using Cpd.People.Authorities;
using Cpd.People.Persons;
using Cpd.Platform;
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
        services.AddSingleton<Site>();
        services.AddScoped<AccountLink>();
        services.AddScoped<Accounts.Accounts>();
        services.AddScoped<Grants>();
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

    public Task FillDemo(DemoBook book, CancellationToken ct) => PeopleDemo.Fill(book, ct);

    public IEnumerable<CliCommand> Commands => [CreateAdmin.Cli];
}
