using Cpd.Platform;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation;

/// <summary>Schemes, accredited courses, the CPD ledger, certificates and exports.</summary>
public sealed class AccreditationModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) { }

    public IEnumerable<string> Permissions => AccreditationPermissions.All;
}
