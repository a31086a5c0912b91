using Cpd.Platform.Messaging;
using MediatR;

namespace Cpd.People.Contracts;

/// <summary>The terms of an authority that touch the days from one to another (both included), in order: three a school year, or six, or as it has them.</summary>
public sealed record ListTerms(Guid AuthorityId, DateOnly From, DateOnly To) : IRequest<IReadOnlyList<TermCard>>;

/// <param name="SchoolYear">The calendar year in which it begins.</param>
/// <param name="Label">"Autumn term".</param>
public sealed record TermCard(int SchoolYear, string Label, DateOnly StartsOn, DateOnly EndsOn);

/// <summary>
/// What these authorities hold for many, from one moment (included) to another (not), that everyone may know: asked of everyone, and each module answers of what it
/// holds. Times are UTC; the order is not promised.
/// </summary>
public sealed record FindEvents(IReadOnlyCollection<Guid> AuthorityIds, DateTime From, DateTime To) : IAskEveryone<EventOn>;

/// <param name="What">"Schemas at play".</param>
/// <param name="CauseId">The session or meeting, so that the asker can leave out the one they ask for.</param>
public sealed record EventOn(Guid AuthorityId, string What, DateTime StartsAt, DateTime EndsAt, Guid CauseId);

/// <summary>The groups of people of an authority to whom one may write, besides those whom People itself knows: asked of everyone.</summary>
public sealed record ListGroups(Guid AuthorityId) : IAskEveryone<GroupCard>;

/// <param name="Name">"Members of Birth to three forum".</param>
public sealed record GroupCard(Guid Id, string Name);

/// <summary>Who is in these groups of an authority at this moment; groups that are not the authority's are left out. Asked of everyone; a person may come more than once.</summary>
public sealed record FindGroupMembers(Guid AuthorityId, IReadOnlyCollection<Guid> GroupIds) : IAskEveryone<Guid>;
