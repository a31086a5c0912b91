namespace Cpd.Placements;

/// <summary>The addresses of this module.</summary>
internal static class PlacementsLinks {
    internal const string List = "/placements";
    internal const string AddProgramme = "/placements/add";
    internal const string MyPlacement = "/my-placement";
    internal const string ToSign = "/placement-hours";
    internal const string Year = "/placements/totals";
    internal const string Export = "/placements/export";
    internal static string Programme(Guid id) => $"/placements/{id}";
    internal static string EditProgramme(Guid id) => $"/placements/{id}/edit";
    internal static string Alternative(Guid id) => $"/placements/{id}/alternative";
    internal static string Totals(Guid id) => $"/placements/{id}/totals";
    internal static string Coming(Guid programmeId) => $"/placements/{programmeId}/coming";
    internal static string AddHost(Guid programmeId) => $"/placements/{programmeId}/hosts/add";
    internal static string Project(Guid id) => $"/placements/projects/{id}";
    internal static string Supervisors(Guid programmeId) => $"/placements/{programmeId}/supervisors";
    internal static string AddSupervisor(Guid programmeId) => $"/placements/{programmeId}/supervisors/add";
    internal static string Supervisor(Guid id) => $"/placements/supervisors/{id}";
    internal static string Duty(Guid id) => $"/placements/supervisors/{id}/duty";
    internal static string HandOver(Guid id) => $"/placements/supervisors/{id}/hand-over";
    internal static string AddCohort(Guid programmeId) => $"/placements/{programmeId}/cohorts/add";
    internal static string Cohort(Guid id) => $"/placements/cohorts/{id}";
    internal static string ChangeCohort(Guid id) => $"/placements/cohorts/{id}/edit";
    internal static string AddStudent(Guid cohortId) => $"/placements/cohorts/{cohortId}/students/add";
    internal static string ImportStudents(Guid cohortId) => $"/placements/cohorts/{cohortId}/import";
    internal static string Checks(Guid cohortId) => $"/placements/cohorts/{cohortId}/checks";
    internal static string Timetable(Guid cohortId) => $"/placements/cohorts/{cohortId}/timetable";
    internal static string PrintTimetable(Guid cohortId) => $"/placements/cohorts/{cohortId}/timetable/print";
    internal static string EditTimetable(Guid cohortId, Guid studentId) => $"/placements/cohorts/{cohortId}/timetable/{studentId}";
    internal static string Student(Guid id) => $"/placements/students/{id}";
    internal static string ChangeStudent(Guid id) => $"/placements/students/{id}/edit";
    internal static string Withdraw(Guid studentId) => $"/placements/students/{studentId}/withdraw";
    internal static string AddSlot(Guid studentId) => $"/placements/students/{studentId}/slots/add";
    internal static string Feedback(Guid studentId) => $"/placements/students/{studentId}/feedback";
    internal static string LogHours(Guid slotId) => $"/my-placement/{slotId}";
    internal static string Slot(Guid id) => $"/placement-hours/{id}";
    internal static string Reschedule(Guid slotId) => $"/placement-hours/{slotId}/again";
    /// <summary>Training's page of a course.</summary>
    internal static string Course(Guid id) => $"/courses/{id}";
}
