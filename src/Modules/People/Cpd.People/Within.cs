using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.People;

/// <summary>
/// The rows of this module that a user reaches, as conditions for its statements: <c>people_Person p</c>, <c>people_Setting s</c>, a grant
/// <c>g</c>. Their parameters come from <see cref="In"/>, and so from the user's roles.
/// </summary>
internal static class Within {
    /// <summary>Staff of settings in reach, now or once; holders of roles there; and those whom the authority knows otherwise.</summary>
    internal const string People = """
        (@All = 1 OR p.Id IN (
            SELECT wm.PersonId FROM people_Membership wm JOIN people_Setting ws ON ws.Id = wm.SettingId WHERE wm.SettingId IN @Settings OR ws.AuthorityId IN @Authorities
            UNION SELECT wg.PersonId FROM people_Grant wg WHERE wg.EndedAt IS NULL AND (wg.OrganisationId IN @Settings OR wg.OrganisationId IN @Authorities
                OR wg.OrganisationId IN (SELECT ws.Id FROM people_Setting ws WHERE ws.AuthorityId IN @Authorities)
                OR wg.OrganisationId IN (SELECT wo.Id FROM people_Organisation wo WHERE wo.AuthorityId IN @Authorities))
            UNION SELECT wc.PersonId FROM people_Contact wc WHERE wc.AuthorityId IN @Authorities))
        """;

    internal const string Settings = "(@All = 1 OR s.Id IN @Settings OR s.AuthorityId IN @Authorities)";

    /// <summary>Roles held nowhere in particular are part of the person; others belong to where they are held.</summary>
    internal const string Grants = """
        (@All = 1 OR g.Kind = 'None' OR g.OrganisationId IN @Settings OR g.OrganisationId IN @Authorities
            OR g.OrganisationId IN (SELECT ws.Id FROM people_Setting ws WHERE ws.AuthorityId IN @Authorities)
            OR g.OrganisationId IN (SELECT wo.Id FROM people_Organisation wo WHERE wo.AuthorityId IN @Authorities))
        """;

    /// <summary>The statement's own arguments with those of the conditions.</summary>
    internal static object In(this Db db, Reach reach, object? args = null) =>
        Db.Args(args, new { reach.All, Authorities = db.Ids(reach.Authorities), Settings = db.Ids(reach.Settings) });
}
