using Cpd.Accreditation.Certificates;
using Cpd.Accreditation.Exports;
using Cpd.Accreditation.Ledger;
using Cpd.Accreditation.Reminders;
using Cpd.Platform;
using Cpd.Platform.Jobs;
using Cpd.Platform.Messages;
using Cpd.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Cpd.Accreditation;

/// <summary>Schemes, accredited courses, the CPD ledger, certificates and exports.</summary>
public sealed class AccreditationModule : IModule {
    public void MapApi(IEndpointRouteBuilder api) {
        ListCpd.Map(api);
        OpenCertificate.Map(api);
        ExportSettingRecords.Map(api);
        ExportAccreditationRecords.Map(api);
    }

    public IEnumerable<LetterKind> Letters => [RemindOfExpiry.AsLetter];

    public IEnumerable<Schedule> Schedules => [CheckExpiries.Schedule];

    public IEnumerable<string> Permissions => AccreditationPermissions.All;

    public IEnumerable<NavLink> Navigation => [
        new("My CPD", AccreditationLinks.MyCpd, AccreditationPermissions.KeepOwnRecord, "What you have learned, hour by hour, with your certificates and reflections."),
        new("Staff records", AccreditationLinks.StaffRecords, AccreditationPermissions.SeeRecords, "The courses and certificates of everyone who works in your setting."),
        new("Schemes", AccreditationLinks.Schemes, AccreditationPermissions.ManageSchemes, "Accreditation schemes and the courses they accredit."),
        new("Exports", AccreditationLinks.Exports, AccreditationPermissions.UseExports, "Download records for an inspection or for another system."),
    ];

    public Task FillDemo(DemoBook book, CancellationToken ct) => AccreditationDemo.Fill(book, ct);
}
