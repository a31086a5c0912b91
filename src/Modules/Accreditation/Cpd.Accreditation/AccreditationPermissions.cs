namespace Cpd.Accreditation;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class AccreditationPermissions {
    internal const string KeepOwnRecord = "accreditation.keep-own-record";
    internal const string SeeRecords = "accreditation.see-records";
    internal const string SeeCertificates = "accreditation.see-certificates";
    internal const string ManageSchemes = "accreditation.manage-schemes";
    internal const string UseExports = "accreditation.use-exports";
    internal const string ExportSettingRecords = "accreditation.export-setting-records";
    internal const string ExportAccreditationRecords = "accreditation.export-accreditation-records";

    internal static readonly IReadOnlyList<string> All = [KeepOwnRecord, SeeRecords, SeeCertificates, ManageSchemes, UseExports, ExportSettingRecords, ExportAccreditationRecords];
}
