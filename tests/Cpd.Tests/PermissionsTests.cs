using Cpd.People.Contracts;
using Cpd.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Cpd.Tests;

/// <summary>The platform knows roles and kinds of organisation as text; here the text is held against People's vocabulary.</summary>
public sealed class PermissionsTests(CpdApp app) : IClassFixture<CpdApp> {
    [Fact]
    public void Matrix_Columns_AreTheRoles() => Assert.Equal(Enum.GetNames<Role>(), app.Services.GetRequiredService<Matrix>().Roles);

    [Fact]
    public void Reach_Kinds_AreTheOrganisations() {
        var me = new CurrentUser(Matrix.Parse("| Permission | Any |\n|---|---|\n| `a.see` | own |"));
        var ids = Enum.GetValues<OrganisationKind>().ToDictionary(kind => kind, kind => Guid.Parse($"00000000-0000-7000-8000-{(int)kind:000000000000}"));
        me.Become(Guid.Empty, "", [.. ids.Select(kind => new Grant("Any", kind.Key.ToString(), kind.Value))]);
        var reach = me.Reach("a.see");
        Assert.Equal([ids[OrganisationKind.Authority]], reach.Authorities);
        Assert.Equal([ids[OrganisationKind.Setting]], reach.Settings);
        Assert.Equal([ids[OrganisationKind.TrainingProvider]], reach.TrainingProviders);
        Assert.Equal([ids[OrganisationKind.Accreditor]], reach.Accreditors);
        Assert.Equal([ids[OrganisationKind.PlacementHost]], reach.PlacementHosts);
        Assert.Equal([ids[OrganisationKind.Institution]], reach.Institutions);
    }
}
