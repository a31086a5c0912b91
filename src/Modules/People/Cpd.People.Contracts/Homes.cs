using MediatR;

namespace Cpd.People.Contracts;

/// <summary>
/// Where these people belong on a day: a row for each membership of a setting that is alive on it, for each authority that works with them otherwise, and for each
/// at which they hold a role. Those of settings first.
/// </summary>
public sealed record FindHomes(IReadOnlyCollection<Guid> PersonIds, DateOnly On) : IRequest<IReadOnlyList<Home>>;

/// <summary>Those who belong to these authorities and whose name or email address begins with the text, as <see cref="FindHomes"/> tells; at most 20 rows, by name.</summary>
/// <param name="ByAddress">Authorities whose people are found by their whole email address only: those of others, whom whoever asks may not look through.</param>
public sealed record SearchHomes(IReadOnlyCollection<Guid> AuthorityIds, string Text, DateOnly On, IReadOnlyCollection<Guid>? ByAddress = null) : IRequest<IReadOnlyList<Home>>;

/// <param name="SettingId">Null for whoever belongs to the authority itself.</param>
/// <param name="JobRole">At the setting; null without one.</param>
public sealed record Home(Guid PersonId, string Name, Guid AuthorityId, Guid? SettingId, string SettingName, JobRole? JobRole, AgeRanges AgeRanges);

/// <summary>The settings of an authority that are open on a day, by name.</summary>
public sealed record ListOpenSettings(Guid AuthorityId, DateOnly On) : IRequest<IReadOnlyList<SettingCard>>;
