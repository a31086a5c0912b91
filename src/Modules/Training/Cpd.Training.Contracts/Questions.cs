using MediatR;

namespace Cpd.Training.Contracts;

/// <summary>Courses by id, in no promised order; unknown ids are left out.</summary>
public sealed record FindCourses(IReadOnlyCollection<Guid> Ids) : IRequest<IReadOnlyList<CourseCard>>;

/// <summary>Published courses whose title holds a word that begins with the text, by title; at most 50.</summary>
public sealed record SearchCourses(string Text) : IRequest<IReadOnlyList<CourseCard>>;

public sealed record CourseCard(Guid Id, string Title, Guid AuthorityId, Guid? TrainingProviderId, int Minutes);
