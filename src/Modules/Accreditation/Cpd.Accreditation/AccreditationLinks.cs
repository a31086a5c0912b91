using System.Globalization;

namespace Cpd.Accreditation;

/// <summary>The addresses of this module.</summary>
internal static class AccreditationLinks {
    internal const string MyCpd = "/my-cpd";
    internal const string AddEntry = "/my-cpd/add";
    internal const string Check = "/check";
    internal const string Schemes = "/schemes";
    internal const string AddScheme = "/schemes/add";
    internal const string StaffRecords = "/staff-records";
    internal const string Exports = "/exports";
    /// <summary>Another module's pages: where courses are found, and one of them with its dates.</summary>
    internal const string Catalogue = "/courses";
    internal static string Course(Guid id) => $"/courses/{id}";
    internal static string Entry(Guid id) => $"/my-cpd/{id}";
    internal static string ChangeEntry(Guid id) => $"/my-cpd/{id}/change";
    internal static string DeleteEntry(Guid id) => $"/my-cpd/{id}/delete";
    internal static string Certificate(string number) => $"/certificates/{number}";
    internal static string CheckNumber(string number) => $"/check/{number}";
    internal static string Scheme(Guid id) => $"/schemes/{id}";
    internal static string ChangeScheme(Guid id) => $"/schemes/{id}/change";
    internal static string AccreditCourse(Guid schemeId) => $"/schemes/{schemeId}/courses/add";
    internal static string EndAccreditation(Guid schemeId, Guid id) => $"/schemes/{schemeId}/courses/{id}/end";
    internal static string StaffRecord(Guid personId) => $"/staff-records/{personId}";
    internal static string StaffRecord(Guid personId, DateOnly from, DateOnly to) => $"/staff-records/{personId}?from={Iso(from)}&to={Iso(to)}";

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
