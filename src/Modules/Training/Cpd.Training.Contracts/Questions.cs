using MediatR;

namespace Cpd.Training.Contracts;

/// <summary>Courses by id, in no promised order; unknown ids are left out.</summary>
public sealed record FindCourses(IReadOnlyCollection<Guid> Ids) : IRequest<IReadOnlyList<CourseCard>>;

/// <summary>Published courses whose title holds a word that begins with the text, by title; at most 50.</summary>
public sealed record SearchCourses(string Text) : IRequest<IReadOnlyList<CourseCard>>;

/// <summary>
/// Published courses of these authorities on themes, by title, at most 50: a theme is a topic of the course, or its words stand in the title (of the first five themes).
/// Each course once, with the first of the themes that it is on.
/// </summary>
public sealed record FindCoursesOn(IReadOnlyList<string> Themes, IReadOnlyCollection<Guid> AuthorityIds) : IRequest<IReadOnlyList<CourseOn>>;

public sealed record CourseOn(string Theme, CourseCard Course);

public sealed record CourseCard(Guid Id, string Title, Guid AuthorityId, Guid? TrainingProviderId, int Minutes);

/// <summary>Sessions ahead of these courses that have free places and are open for booking at this moment, by their beginning; at most 200.</summary>
public sealed record FindBookableSessions(IReadOnlyCollection<Guid> CourseIds) : IRequest<IReadOnlyList<BookableSession>>;

/// <param name="StartsAt">UTC.</param>
/// <param name="VenueName">Empty where there is none.</param>
public sealed record BookableSession(Guid Id, Guid CourseId, Guid AuthorityId, DateTime StartsAt, string VenueName);

/// <summary>By how many minutes an authority lets people come late or leave early, at each end of a date, before minutes are taken off.</summary>
public sealed record FindTolerance(Guid AuthorityId) : IRequest<int>;

/// <summary>Those of these bookings whose certificate waits until the person has answered the session's evaluation, in no promised order.</summary>
public sealed record FindWaitingCertificates(IReadOnlyCollection<Guid> BookingIds) : IRequest<IReadOnlyList<Guid>>;
