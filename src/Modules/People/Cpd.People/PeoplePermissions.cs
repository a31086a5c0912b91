namespace Cpd.People;

/// <summary>What the pages and endpoints of this module ask for. Who holds it stands in the host's Permissions.md.</summary>
internal static class PeoplePermissions {
    internal const string SeeSettings = "people.see-settings";
    internal const string ChangeSettings = "people.change-settings";
    internal const string SeePeople = "people.see-people";
    internal const string ChangePeople = "people.change-people";
    internal const string GrantRoles = "people.grant-roles";
    internal const string AddOrganisations = "people.add-organisations";
    internal const string ChangeCalendar = "people.change-calendar";
    internal const string WordLetters = "people.word-letters";
    internal const string SendNewsletters = "people.send-newsletters";
    internal const string UseKeys = "people.use-keys";

    internal static readonly IReadOnlyList<string> All = [SeeSettings, ChangeSettings, SeePeople, ChangePeople, GrantRoles, AddOrganisations, ChangeCalendar, WordLetters, SendNewsletters, UseKeys];
}
