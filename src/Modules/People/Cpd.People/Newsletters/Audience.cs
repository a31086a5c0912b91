using Cpd.People.Contracts;
using Cpd.Platform.Data;
using Cpd.Platform.Messaging;
using Cpd.Platform.Web;

namespace Cpd.People.Newsletters;

/// <summary>
/// To whom a newsletter goes: the staff of the authority's settings of today who have one of its job roles, at settings of its types where it names some; and those who hold one of its
/// roles at the authority, at its settings or at an organisation that it works with; and the groups that other modules know, such as the members of a forum. Each person once, however often they fit.
/// </summary>
internal sealed class Audience(Db db, Everyone everyone, TimeProvider clock) {
    const string Those = """
        FROM people_Person p
        WHERE p.Id IN (
            SELECT m.PersonId
            FROM people_Membership m
            JOIN people_Setting s ON s.Id = m.SettingId
            JOIN people_NewsletterAudience a ON a.NewsletterId = @Id AND a.Kind = 'JobRole' AND a.Value = m.JobRole
            WHERE s.AuthorityId = @AuthorityId AND m.JoinedOn <= @Today AND (m.LeftOn IS NULL OR m.LeftOn >= @Today)
                AND (NOT EXISTS (SELECT 1 FROM people_NewsletterAudience t WHERE t.NewsletterId = @Id AND t.Kind = 'SettingType')
                    OR s.ProviderType IN (SELECT t.Value FROM people_NewsletterAudience t WHERE t.NewsletterId = @Id AND t.Kind = 'SettingType'))
            UNION
            SELECT g.PersonId
            FROM people_Grant g
            JOIN people_NewsletterAudience a ON a.NewsletterId = @Id AND a.Kind = 'Role' AND a.Value = g.Role
            WHERE g.EndedAt IS NULL AND (g.OrganisationId = @AuthorityId
                OR g.OrganisationId IN (SELECT o.Id FROM people_Organisation o WHERE o.AuthorityId = @AuthorityId)
                OR g.Kind NOT IN ('Authority', 'Setting') AND g.PersonId IN (SELECT c.PersonId FROM people_Contact c WHERE c.AuthorityId = @AuthorityId)
                OR g.OrganisationId IN (
                    SELECT s.Id FROM people_Setting s
                    WHERE s.AuthorityId = @AuthorityId
                        AND (NOT EXISTS (SELECT 1 FROM people_NewsletterAudience t WHERE t.NewsletterId = @Id AND t.Kind = 'SettingType')
                            OR s.ProviderType IN (SELECT t.Value FROM people_NewsletterAudience t WHERE t.NewsletterId = @Id AND t.Kind = 'SettingType')))))
        """;
    const string CountAll = "SELECT COUNT(*) AS People, COUNT(p.Email) AS WithAddress " + Those;
    const string SelectIds = "SELECT p.Id " + Those + " AND p.Email IS NOT NULL";

    const string SelectAll = "SELECT p.Id " + Those;
    const string SelectGroups = "SELECT Value FROM people_NewsletterAudience WHERE NewsletterId = @Id AND Kind = 'Group'";
    const string SelectWithAddress = "SELECT Id FROM people_Person WHERE Id IN @Ids AND Email IS NOT NULL";

    internal sealed record Size {
        public int People { get; init; }
        public int WithAddress { get; init; }
    }

    internal async Task<Size> Count(Newsletter newsletter, CancellationToken ct) {
        var others = await InGroups(newsletter, ct);
        if (others.Count == 0) return (await db.One<Size>(CountAll, Of(newsletter), ct))!;
        others.UnionWith(await db.List<Guid>(SelectAll, Of(newsletter), ct));
        return new() { People = others.Count, WithAddress = (await WithAddress(others, ct)).Count };
    }

    internal async Task<IReadOnlyList<Guid>> Members(Newsletter newsletter, CancellationToken ct) {
        var others = await InGroups(newsletter, ct);
        var own = await db.List<Guid>(SelectIds, Of(newsletter), ct);
        return others.Count == 0 ? own : [.. own.Union(await WithAddress(others, ct))];
    }

    async Task<HashSet<Guid>> InGroups(Newsletter newsletter, CancellationToken ct) {
        var groups = (await db.List<string>(SelectGroups, new { newsletter.Id }, ct)).Select(Guid.Parse).ToList();
        return groups.Count == 0 ? [] : [.. await everyone.Ask<FindGroupMembers, Guid>(new(newsletter.AuthorityId, groups), ct)];
    }

    async Task<List<Guid>> WithAddress(IEnumerable<Guid> people, CancellationToken ct) {
        var found = new List<Guid>();
        foreach (var batch in people.Chunk(1000)) found.AddRange(await db.List<Guid>(SelectWithAddress, new { Ids = db.Ids(batch) }, ct));
        return found;
    }

    object Of(Newsletter newsletter) => new { newsletter.Id, newsletter.AuthorityId, Today = London.Today(clock) };
}
