using Cpd.Platform.Messaging;

namespace Cpd.Placements.Contracts;

/// <summary>An institution has sent a student to a programme: whoever knows people says who that is (or makes them), lets them be a student, and tells.</summary>
/// <param name="StudentId">The row of this student in this cohort.</param>
/// <param name="AuthorityId">The programme's.</param>
/// <param name="InstitutionName">In whose name they are invited.</param>
/// <param name="Email">As it was written; it identifies them.</param>
public sealed record StudentSent(Guid StudentId, Guid AuthorityId, string InstitutionName, string Name, string Email) : IEvent;
