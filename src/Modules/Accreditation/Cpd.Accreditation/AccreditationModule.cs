using Cpd.Accreditation.Certificates;
using Cpd.Accreditation.Ledger;
using Cpd.Platform;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation;

/// <summary>Schemes, accredited courses, the CPD ledger, certificates and exports.</summary>
public sealed class AccreditationModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) {
        ListCpd.Map(api);
        OpenCertificate.Map(api);
    }

    public IEnumerable<string> Permissions => AccreditationPermissions.All;

    public IEnumerable<NavLink> Navigation => [
        new("My CPD", AccreditationLinks.MyCpd, AccreditationPermissions.KeepOwnRecord, "What you have learned, hour by hour, with your certificates and reflections."),
    ];
}
