using Cpd.Platform.Data;
using Cpd.Platform.Web;

namespace Cpd.People.Newsletters;

/// <summary>
/// To whom a newsletter goes: the staff of the authority's settings of today who have one of its job roles, at settings of its types where it names some; and those who hold one of its
/// roles at the authority, at its settings or at an organisation that it works with. Each person once, however often they fit.
/// </summary>
internal sealed class Audience(Db db, TimeProvider clock) {
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

    internal sealed record Size {
        public int People { get; init; }
        public int WithAddress { get; init; }
    }

    internal async Task<Size> Count(Newsletter newsletter, CancellationToken ct) => (await db.One<Size>(CountAll, Of(newsletter), ct))!;

    internal Task<IReadOnlyList<Guid>> Members(Newsletter newsletter, CancellationToken ct) => db.List<Guid>(SelectIds, Of(newsletter), ct);

    object Of(Newsletter newsletter) => new { newsletter.Id, newsletter.AuthorityId, Today = London.Today(clock) };
}
