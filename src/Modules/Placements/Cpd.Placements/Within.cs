using Cpd.Platform.Data;
using Cpd.Platform.Security;

namespace Cpd.Placements;

/// <summary>
/// The rows of this module that a user reaches, as conditions for its statements: <c>placements_Programme p</c>, <c>placements_ProgrammeHost h</c> (a project),
/// <c>placements_Cohort c</c>. Their parameters come from <see cref="In"/>, and so from the user's roles.
/// </summary>
internal static class Within {
    internal const string Programmes = "(@All = 1 OR p.AuthorityId IN @Authorities)";
    internal const string Projects = "(@All = 1 OR p.AuthorityId IN @Authorities OR h.OrganisationId IN @Hosts)";
    internal const string Cohorts = "(@All = 1 OR p.AuthorityId IN @Authorities OR c.OrganisationId IN @Institutions)";

    /// <summary>Of programmes that others may look into: those of the authority, of hosts that were asked, and of institutions that send students.</summary>
    internal const string Seen = """
        (@All = 1 OR p.AuthorityId IN @Authorities
          OR EXISTS (SELECT 1 FROM placements_ProgrammeHost wh WHERE wh.ProgrammeId = p.Id AND wh.OrganisationId IN @Hosts)
          OR EXISTS (SELECT 1 FROM placements_Cohort wc WHERE wc.ProgrammeId = p.Id AND wc.OrganisationId IN @Institutions))
        """;

    /// <summary>
    /// Slots that the user supervises, for a host for which they act at this moment: <c>placements_Supervisor v</c>. Whoever no longer does sees nothing of its students. With
    /// <see cref="Supervising"/>.
    /// </summary>
    internal const string Supervised = "(v.PersonId = @Me AND v.OrganisationId IN @ActsFor)";

    /// <summary>The statement's own arguments with those of <see cref="Supervised"/>.</summary>
    internal static object Supervising(this Db db, CurrentUser me, params IEnumerable<object?> args) => Db.Args([.. args, new {
        Me = me.Reach(PlacementsPermissions.SignHours).Self ?? Guid.Empty, ActsFor = db.Ids(me.Reach(PlacementsPermissions.AnswerForHost).PlacementHosts),
    }]);

    /// <summary>The statement's own arguments with those of the conditions.</summary>
    internal static object In(this Db db, Reach reach, params IEnumerable<object?> args) => Db.Args([.. args, new {
        reach.All, Authorities = db.Ids(reach.Authorities), Hosts = db.Ids(reach.PlacementHosts), Institutions = db.Ids(reach.Institutions), Me = reach.Self ?? Guid.Empty,
    }]);
}
