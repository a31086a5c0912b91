using MediatR;

namespace Cpd.Accreditation.Contracts;

/// <summary>The accreditations of these courses that are valid on a day, in no promised order; courses without one are left out.</summary>
public sealed record FindAccreditations(IReadOnlyCollection<Guid> CourseIds, DateOnly On) : IRequest<IReadOnlyList<AccreditationCard>>;

/// <param name="Reference">The accreditor's own reference for the course.</param>
public sealed record AccreditationCard(Guid CourseId, string AccreditorName, string SchemeName, string Reference, DateOnly ValidFrom, DateOnly ValidTo);
