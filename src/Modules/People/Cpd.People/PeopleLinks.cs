namespace Cpd.People;

/// <summary>The addresses of this module.</summary>
internal static class PeopleLinks {
    internal const string Home = "/";
    internal const string SignIn = "/sign-in";
    internal const string SignOut = "/sign-out";
    internal const string ForgotPassword = "/forgot-password";
    internal const string Account = "/account";
    internal const string Texts = "/account/texts";
    internal static string SetPassword(string secret) => $"/set-password/{secret}";

    internal const string People = "/people";
    internal const string AddPerson = "/people/add";
    internal const string UploadStaff = "/people/import";
    internal static string StaffImport(Guid id) => $"/people/imports/{id}";
    internal static string StaffRefused(Guid id) => $"/people/imports/{id}/refused.csv";
    internal static string Person(Guid id) => $"/people/{id}";

    internal const string Settings = "/settings";
    internal const string AddSetting = "/settings/add";
    internal static string Setting(Guid id) => $"/settings/{id}";

    internal const string UploadSettings = "/settings/import";
    internal static string Import(Guid id) => $"/settings/imports/{id}";
    internal static string ImportRefused(Guid id) => $"/settings/imports/{id}/refused.csv";

    internal const string Organisations = "/organisations";
    internal const string AddOrganisation = "/organisations/add";

    internal const string Letters = "/manage/messages";
    internal static string LettersOf(Guid authorityId) => $"{Letters}?authorityId={authorityId}";
    internal static string Letter(string kind, Guid authorityId) => $"{Letters}/{kind}?authorityId={authorityId}";
    internal static string LetterPage(string kind, Guid authorityId) => $"{Letters}/{kind}/page?authorityId={authorityId}";
    internal static string Logo(Guid authorityId) => $"/logos/{authorityId}";

    internal const string Newsletters = "/newsletters";
    internal static string Newsletter(Guid id) => $"/newsletters/{id}";
    internal static string NewsletterHtml(Guid id) => $"/newsletters/{id}/html";
    internal static string SendNewsletter(Guid id) => $"/newsletters/{id}/send";

    internal const string Keys = "/api-keys";
    internal const string Calendar = "/calendar";
    internal const string YourCalendar = "/your-calendar";
    internal const string YourMessages = "/your-messages";
    /// <summary>The platform's page of messages that could not be sent.</summary>
    internal const string UnsentMessages = "/operations/messages";
    internal static string Feed(string secret) => $"/calendar/{secret}.ics";
}
